"""Arithmetic on boxes, outlines and 3×3 transforms. Pure; pixels, origin top left, y downwards."""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot

from ocrchat.document.model import IDENTITY, Box, Outline, Transform

Point = tuple[float, float]


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all; ValueError for none, as there is no such box."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def area(box: Box) -> float:
    return max(0.0, box.width) * max(0.0, box.height)


def intersection_area(a: Box, b: Box) -> float:
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return width * height if width > 0 and height > 0 else 0.0


def horizontal_overlap(a: Box, b: Box) -> float:
    """The shared width as a share of the narrower box: 0 for apart, 1 for one above the other's whole width."""
    shared = min(a.right, b.right) - max(a.left, b.left)
    return max(0.0, shared) / max(1e-9, min(a.width, b.width))


def vertical_overlap(a: Box, b: Box) -> float:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return max(0.0, shared) / max(1e-9, min(a.height, b.height))


def contains(outer: Box, inner: Box, *, slack: float = 0.0) -> bool:
    return (
        inner.left >= outer.left - slack
        and inner.top >= outer.top - slack
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def clip(box: Box, *, width: float, height: float) -> Box:
    """The part of a box that lies on the page; a box beside the page becomes an empty one on its edge."""

    def inside(value: float, limit: float) -> float:
        return min(max(value, 0.0), limit)

    return Box(inside(box.left, width), inside(box.top, height), inside(box.right, width), inside(box.bottom, height))


def scale(box: Box, factor: float) -> Box:
    return Box(box.left * factor, box.top * factor, box.right * factor, box.bottom * factor)


def corners(box: Box) -> Outline:
    """Clockwise from the top left."""
    return ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))


def box_of_outline(outline: Iterable[Point]) -> Box:
    return union(Box(x, y, x, y) for x, y in outline)


# --- transforms ------------------------------------------------------------------------------------------------------


def compose(first: Transform, then: Transform) -> Transform:
    """The transform that does `first` and `then` after it."""
    a, b, c, d, e, f, g, h, i = then
    columns = ((first[0], first[3], first[6]), (first[1], first[4], first[7]), (first[2], first[5], first[8]))
    top = [a * x + b * y + c * z for x, y, z in columns]
    middle = [d * x + e * y + f * z for x, y, z in columns]
    bottom = [g * x + h * y + i * z for x, y, z in columns]
    return (*top, *middle, *bottom)  # type: ignore[return-value]  # three lists of three are a nine-tuple


def invert(transform: Transform) -> Transform:
    """ValueError where the transform squashes the page flat and there is no way back."""
    a, b, c, d, e, f, g, h, i = transform
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if abs(determinant) < 1e-12:
        raise ValueError("a transform without inverse")
    k = 1.0 / determinant
    return (
        (e * i - f * h) * k,
        (c * h - b * i) * k,
        (b * f - c * e) * k,
        (f * g - d * i) * k,
        (a * i - c * g) * k,
        (c * d - a * f) * k,
        (d * h - e * g) * k,
        (b * g - a * h) * k,
        (a * e - b * d) * k,
    )


def transform_point(transform: Transform, point: Point) -> Point:
    a, b, c, d, e, f, g, h, i = transform
    x, y = point
    w = g * x + h * y + i
    return ((a * x + b * y + c) / w, (d * x + e * y + f) / w)


def transform_outline(transform: Transform, outline: Outline) -> Outline:
    return tuple(transform_point(transform, point) for point in outline)


def transform_box(transform: Transform, box: Box) -> Box:
    """The upright box around the transformed one."""
    return box_of_outline(transform_outline(transform, corners(box)))


def scaling(factor_x: float, factor_y: float | None = None) -> Transform:
    return (factor_x, 0.0, 0.0, 0.0, factor_x if factor_y is None else factor_y, 0.0, 0.0, 0.0, 1.0)


def turning(degrees: int, *, width: float, height: float) -> Transform:
    """Takes a width × height page to the same page turned clockwise by a multiple of 90 degrees, its new corner at the
    origin."""
    match degrees % 360:
        case 0:
            return IDENTITY
        case 90:
            return (0.0, -1.0, height, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
        case 180:
            return (-1.0, 0.0, width, 0.0, -1.0, height, 0.0, 0.0, 1.0)
        case 270:
            return (0.0, 1.0, 0.0, -1.0, 0.0, width, 0.0, 0.0, 1.0)
        case _:
            raise ValueError("only quarter turns")


def length(a: Point, b: Point) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])
