"""The pictures on a PDF page: where they are, how fine they are, whether they hide text."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from ocrchat.document.geometry import clip
from ocrchat.document.model import Box
from ocrchat.intake.page_geometry import POINTS_PER_INCH, PageGeometry
from ocrchat.intake.read_layer import Picture
from ocrchat.intake.text_layer import LAYER_DPI

_MOST_OBJECTS = 20_000
"""A map can have a million paths; pictures come early or not at all."""

_DEEPEST_FORM = 4


def find_pictures(page: Any, geometry: PageGeometry) -> list[Picture]:
    wide, high = (side * LAYER_DPI / POINTS_PER_INCH for side in geometry.size_points)
    found: list[tuple[int, Box, float]] = []
    last_text = first_text = -1
    for place, (handle, kind, transform) in enumerate(_objects(page)):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            first_text = place if first_text < 0 else first_text
            last_text = place
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            corners = _corners(handle, transform)
            if corners is None:
                continue
            left, bottom, right, top = corners
            pixels = geometry.to_pixels(np.array([[left, bottom, right, top]]), LAYER_DPI)[0].tolist()
            box = clip(Box(*pixels), width=wide, height=high)
            if box.width > 0 and box.height > 0:
                found.append((place, box, _dpi(handle, transform)))
    return [Picture(box=box, over_text=0 <= first_text <= last_text < place, dpi=dpi) for place, box, dpi in found]


_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _objects(page: Any) -> Iterator[tuple[Any, int, _Matrix]]:
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


def _form_objects(form: Any, outer: _Matrix, depth: int) -> Iterator[tuple[Any, int, _Matrix]]:
    transform = _multiplied(_matrix(form), outer)
    for index in range(pdfium.FPDFFormObj_CountObjects(form)):
        handle = pdfium.FPDFFormObj_GetObject(form, index)
        if not handle:
            continue
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield handle, kind, transform
        elif depth > 0:
            yield from _form_objects(handle, transform, depth - 1)


def _matrix(handle: Any) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, matrix):
        return _IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _multiplied(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _corners(handle: Any, transform: _Matrix) -> tuple[float, float, float, float] | None:
    """A picture is the unit square under its matrix."""
    a, b, c, d, e, f = _multiplied(_matrix(handle), transform)
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    corners = (min(xs), min(ys), max(xs), max(ys))
    return corners if all(map(math.isfinite, corners)) else None


def _dpi(handle: Any, transform: _Matrix) -> float:
    """The finer of its two directions; 0 where it does not say."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(handle, width, height):
        return 0.0
    a, b, c, d, _, _ = _multiplied(_matrix(handle), transform)
    across, along = math.hypot(a, b), math.hypot(c, d)
    if across <= 0 or along <= 0:
        return 0.0
    return max(width.value / across, height.value / along) * POINTS_PER_INCH
