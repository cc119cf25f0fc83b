"""Gutters: tall strips of a region without ink, with text on both sides, between which columns may part. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocrchat.document.rows import Numbers

INTO = 0.5
"""Of a line's height: how far a line may reach into a gutter. A finder's boxes are wider than their ink."""

_NARROWEST = 0.9
"""Of a line's height, between lines cut by that on both sides: columns of newspapers all but touch."""

SHORTEST = 3.5
"""In heights: three rows beside three rows."""

FEWEST = 2
"""Boxes on either side."""

_CELLS = 600
"""Of the grid on either side at most."""


@dataclass(frozen=True, slots=True)
class Gutter:
    middle: float
    top: float
    bottom: float
    width: float


def strips_of(place: Numbers, size: float) -> list[Gutter]:
    """Strips without ink that are wide and tall enough, tallest first."""
    left, top, right, bottom = place.T
    x0, y0 = float(left.min()), float(top.min())
    wide, high = float(right.max()) - x0, float(bottom.max()) - y0
    step_x, step_y = max(size / 8, wide / _CELLS), max(size / 4, high / _CELLS)
    columns, rows = int(wide / step_x) + 1, int(high / step_y) + 1
    ink = np.zeros((rows, columns), np.int32)
    # What is no wider than what is cut off keeps its middle.
    cut = np.minimum(INTO * size, 0.4 * (right - left))
    left, right = left + cut, right - cut
    shrink = 0.1 * size
    for x, y, to_x, to_y in zip(
        ((left - x0) / step_x).astype(int).tolist(), ((top + shrink - y0) / step_y).astype(int).tolist(),
        ((right - x0) / step_x).astype(int).tolist(), ((bottom - shrink - y0) / step_y).astype(int).tolist(),
        strict=True,
    ):  # fmt: skip
        ink[y : to_y + 1, x : to_x + 1] = 1
    width = max(1, round(_NARROWEST * size / step_x))
    sums = np.zeros((rows, columns + 1), np.int32)
    np.cumsum(ink, axis=1, out=sums[:, 1:])
    empty = np.zeros((rows + 2, max(0, columns - width + 1)), np.int8)
    empty[1:-1] = sums[:, width:] == sums[:, :-width]
    turns = np.diff(empty, axis=0)
    start_column, start = np.nonzero(turns.T == 1)
    _, end = np.nonzero(turns.T == -1)
    tall = (end - start) * step_y >= SHORTEST * size
    found: dict[tuple[int, int], list[int]] = {}
    for column, low, to in zip(start_column[tall].tolist(), start[tall].tolist(), end[tall].tolist(), strict=True):
        found.setdefault((low, to), []).append(column)
    strips = []
    for (low, to), at in found.items():
        for first, last in _runs(at):
            start_x, end_x = x0 + first * step_x, x0 + (last + width) * step_x
            strips.append(Gutter((start_x + end_x) / 2, y0 + low * step_y, y0 + to * step_y, end_x - start_x))
    return sorted(strips, key=lambda strip: (strip.top - strip.bottom, -strip.width, strip.middle))


def between_text(strips: Sequence[Gutter], place: Numbers) -> list[Gutter]:
    """Those with boxes enough on both sides: most strips lie at the ragged ends of rows."""
    if not strips:
        return []
    facts = np.array([(strip.middle, strip.top, strip.bottom) for strip in strips])
    x, y = (place[:, 0] + place[:, 2]) / 2, (place[:, 1] + place[:, 3]) / 2
    beside = (y > facts[:, 1, None]) & (y < facts[:, 2, None])
    before = (beside & (x < facts[:, 0, None])).sum(axis=1)
    after = beside.sum(axis=1) - before
    enough = (np.minimum(before, after) >= FEWEST) & (before + after >= 3 * FEWEST)
    return [strip for strip, is_enough in zip(strips, enough.tolist(), strict=True) if is_enough]


def is_same(one: Gutter, other: Gutter) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    near = abs(one.middle - other.middle) <= max(one.width, other.width)
    return near and shared > 0.8 * min(one.bottom - one.top, other.bottom - other.top)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
