"""The pictures on a PDF page: where they are, how fine they are, whether they hide text."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from ocrchat.document.geometry import area, clip
from ocrchat.document.model import Box
from ocrchat.intake.page_geometry import POINTS_PER_INCH, PageGeometry
from ocrchat.intake.text_layer import LAYER_DPI

_MOST_OBJECTS = 20_000
"""A map can have a million paths; pictures come early or not at all."""

_DEEPEST_FORM = 4

_PAGE_SHARE = 0.5
"""Of the page: a picture of so much is one of the page itself. Some scanners cut it in two or more."""

_SAMPLED_TEXTS = 6

_Sides = tuple[float, float, float, float]
"""Left, bottom, right, top in user space."""

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    box: Box
    """Pixels of the layer, inside the page."""
    dpi: float
    """Its own resolution; 0 where it is not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pictures:
    found: tuple[Picture, ...] = ()
    paths: tuple[tuple[Any, Matrix], ...] = ()
    """What the page draws, each with the transform of the form it is in; valid while the page is open."""
    hide_text: bool = False
    """The page's text lies under a picture of the page, or over it in glyphs that draw nothing: what is seen is the
    picture, and the text is somebody's reading of it."""


def find_pictures(document: Any, page: Any, geometry: PageGeometry) -> Pictures:
    wide, high = (side * LAYER_DPI / POINTS_PER_INCH for side in geometry.size_points)
    found: list[Picture] = []
    texts: list[tuple[Any, Matrix]] = []
    paths: list[tuple[Any, Matrix]] = []
    covers: tuple[_Sides, int] | None = None
    for handle, kind, transform in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            texts.append((handle, transform))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths.append((handle, transform))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            sides = _sides(handle, transform)
            if sides is None:
                continue
            box = clip(Box(*geometry.to_pixels(np.array([sides]), LAYER_DPI)[0].tolist()), width=wide, height=high)
            if box.width <= 0 or box.height <= 0:
                continue
            found.append(Picture(box=box, dpi=_dpi(handle, transform)))
            if area(box) > _PAGE_SHARE * wide * high:
                covers = (sides, len(texts))
    hide = covers is not None and _is_text_hidden(document, page, texts, *covers)
    return Pictures(found=tuple(found), paths=tuple(paths), hide_text=hide)


def _is_text_hidden(
    document: Any, page: Any, texts: Sequence[tuple[Any, Matrix]], picture: _Sides, drawn_before: int
) -> bool:
    inside = [index for index, (text, transform) in enumerate(texts) if _stands_on(text, transform, picture)]
    if len(inside) <= len(texts) / 2:
        return False
    under = sum(index < drawn_before for index in inside)
    return 2 * under > len(inside) or _draw_nothing(document, page, [texts[index][0] for index in inside])


def _stands_on(text: Any, transform: Matrix, picture: _Sides) -> bool:
    numbers = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(text, *numbers):
        return False
    left, bottom, right, top = (number.value for number in numbers)
    a, b, c, d, e, f = transform
    x, y = (left + right) / 2, (bottom + top) / 2
    x, y = a * x + c * y + e, b * x + d * y + f
    return picture[0] <= x <= picture[2] and picture[1] <= y <= picture[3]


def _draw_nothing(document: Any, page: Any, texts: Sequence[Any]) -> bool:
    sampled = texts[:: max(1, len(texts) // _SAMPLED_TEXTS)][:_SAMPLED_TEXTS]
    return sum(_is_empty(document, page, text) for text in sampled) > len(sampled) / 2


def _is_empty(document: Any, page: Any, text: Any) -> bool:
    bitmap = pdfium.FPDFTextObj_GetRenderedBitmap(document, page, text, 1.0)
    if not bitmap:
        return True
    try:
        size = pdfium.FPDFBitmap_GetStride(bitmap) * pdfium.FPDFBitmap_GetHeight(bitmap)
        return not any(ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), size))
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)


def _objects(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    budget = _MOST_OBJECTS
    for index in range(min(pdfium.FPDFPage_CountObjects(page), budget)):
        handle = pdfium.FPDFPage_GetObject(page, index)
        if not handle:
            continue
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield handle, kind, _IDENTITY
        elif budget > 0:
            for item in _form_objects(handle, _IDENTITY, _DEEPEST_FORM):
                budget -= 1
                if budget <= 0:
                    return
                yield item


def _form_objects(form: Any, outer: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    transform = multiplied(object_matrix(form), outer)
    for index in range(pdfium.FPDFFormObj_CountObjects(form)):
        handle = pdfium.FPDFFormObj_GetObject(form, index)
        if not handle:
            continue
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield handle, kind, transform
        elif depth > 0:
            yield from _form_objects(handle, transform, depth - 1)


def object_matrix(handle: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, matrix):
        return _IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def multiplied(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _sides(handle: Any, transform: Matrix) -> _Sides | None:
    """A picture is the unit square under its matrix."""
    a, b, c, d, e, f = multiplied(object_matrix(handle), transform)
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    sides = (min(xs), min(ys), max(xs), max(ys))
    return sides if all(map(math.isfinite, sides)) else None


def _dpi(handle: Any, transform: Matrix) -> float:
    """The finer of its two directions; 0 where it does not say."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(handle, width, height):
        return 0.0
    a, b, c, d, _, _ = multiplied(object_matrix(handle), transform)
    across, along = math.hypot(a, b), math.hypot(c, d)
    if across <= 0 or along <= 0:
        return 0.0
    return max(width.value / across, height.value / along) * POINTS_PER_INCH
