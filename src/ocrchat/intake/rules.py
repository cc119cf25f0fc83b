"""The rules that a PDF page draws: thin fills, strokes along an axis, the sides of stroked boxes."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from ocrchat.document.model import Box
from ocrchat.document.rules import Rules
from ocrchat.intake.page_geometry import PageGeometry
from ocrchat.intake.page_objects import Matrix, multiplied, object_matrix
from ocrchat.intake.text_layer import LAYER_DPI

_MOST_PATHS = 4000
"""A page with more is a map or a drawing, whose lines are no table's."""

_THICKEST = 3.5
"""Points: above it a fill is a field, not a rule."""

_SHORTEST = 5.0
"""Points: below it a stroke is a tick, a bullet or part of a letter."""

_MOST_SEGMENTS = 200
_STRAIGHT = 0.5
"""Points by which an end of a stroke may lie beside its other end."""

_Sides = tuple[float, float, float, float]


def find_rules(paths: Sequence[tuple[Any, Matrix]], geometry: PageGeometry) -> Rules:
    """In pixels of the layer. `paths` are the page's path objects, each with the transform of the form it is in."""
    if not paths or len(paths) > _MOST_PATHS:
        return Rules()
    sides = [found for path, transform in paths for found in _rules_of(path, transform)]
    if not sides:
        return Rules()
    wide, high = (side * LAYER_DPI / 72.0 for side in geometry.size_points)
    across: list[Box] = []
    down: list[Box] = []
    for left, top, right, bottom in geometry.to_pixels(np.array(sides), LAYER_DPI).tolist():
        if right < 0 or left > wide or bottom < 0 or top > high:
            continue
        (across if right - left >= bottom - top else down).append(Box(left, top, right, bottom))
    return Rules(tuple(across), tuple(down))


def _rules_of(path: Any, transform: Matrix) -> Iterator[_Sides]:
    numbers = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(path, *numbers):
        return
    bounds = _through(transform, [number.value for number in numbers])
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    if max(width, height) < _SHORTEST or not all(map(np.isfinite, bounds)):
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
        return
    if min(width, height) <= _THICKEST:
        yield bounds
    elif stroke.value:
        yield from _strokes(path, transform)


def _through(transform: Matrix, sides: Sequence[float]) -> _Sides:
    a, b, c, d, e, f = transform
    xs = [a * x + c * y + e for x in sides[::2] for y in sides[1::2]]
    ys = [b * x + d * y + f for x in sides[::2] for y in sides[1::2]]
    return min(xs), min(ys), max(xs), max(ys)


def _strokes(path: Any, transform: Matrix) -> Iterator[_Sides]:
    """The sides of boxes and the straight pieces of longer paths."""
    if pdfium.FPDFPath_CountSegments(path) > _MOST_SEGMENTS:
        return
    a, b, c, d, e, f = multiplied(object_matrix(path), transform)
    for (x, y), (v, w) in _lines(path):
        start, end = (a * x + c * y + e, b * x + d * y + f), (a * v + c * w + e, b * v + d * w + f)
        wide, high = abs(start[0] - end[0]), abs(start[1] - end[1])
        if max(wide, high) >= _SHORTEST and min(wide, high) <= _STRAIGHT:
            yield min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


_Point = tuple[float, float]


def _lines(path: Any) -> Iterable[tuple[_Point, _Point]]:
    """Straight segments only: a curve is no rule."""
    parts: list[list[_Point]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = (x.value, y.value)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO and parts:
            parts[-1].append(point)
        else:
            parts.append([point])
        if pdfium.FPDFPathSegment_GetClose(segment) and parts:
            parts[-1].append(parts[-1][0])
    return [pair for part in parts for pair in pairwise(part)]
