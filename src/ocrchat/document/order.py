"""Reading order over boxes: columns, headings across them, right-to-left pages, vertical writing. Pure.

A box comes before another when it stands above it in the same column, or when it stands in an earlier column and no
box between the two bridges both columns (a heading over two columns ends what is above it). These pairs make a
partial order; the order returned is one that breaks none of them and stays as near to top-to-bottom as it can.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from ocrchat.document.model import Box

PageDirection = Literal["ltr", "rtl", "ttb"]

_SAME_COLUMN = 0.1
"""Boxes that share more than this part of the narrower one's width stand in one column: less is ragged edges."""

_SAME_ROW = 0.5
"""Boxes that share more than this part of the lower one's height stand in one row."""

_Matrix = npt.NDArray[np.bool_]
_Numbers = npt.NDArray[np.float64]


def order_boxes(boxes: Sequence[Box], direction: PageDirection = "ltr") -> list[int]:
    """Indices in reading order. The order in which boxes are given does not matter, but for boxes that are equal."""
    if len(boxes) < 2:
        return list(range(len(boxes)))
    turned = [reading_frame(box, direction) for box in boxes]
    by_place = sorted(range(len(boxes)), key=lambda index: (turned[index].top, turned[index].left, turned[index]))
    before = _before(np.array([turned[index] for index in by_place], dtype=np.float64))
    return [by_place[place] for place in _earliest_first(before)]


def reading_frame(box: Box, direction: PageDirection) -> Box:
    """The same page mirrored or turned, so that writing runs from left to right and rows from top to bottom: one rule
    serves all three ways of writing."""
    match direction:
        case "rtl":
            return Box(-box.right, box.top, -box.left, box.bottom)
        case "ttb":  # columns run from right to left: a quarter turn makes them rows from top to bottom
            return Box(box.top, -box.right, box.bottom, -box.left)
        case _:
            return box


def _before(boxes: _Numbers) -> _Matrix:
    """before[a, b]: a must be read before b. Never both ways round."""
    left, top, right, bottom = boxes.T
    shared_width = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    narrower = np.minimum((right - left)[:, None], right - left)
    same_column = shared_width > _SAME_COLUMN * np.maximum(narrower, 1e-9)
    same_column = _with_lone_rows(same_column, top, bottom)
    shared_height = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    lower = np.minimum((bottom - top)[:, None], bottom - top)
    same_row = shared_height > _SAME_ROW * np.maximum(lower, 1e-9)

    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    is_above = (middle_y[:, None] < middle_y) & ~same_row
    is_left = middle_x[:, None] < middle_x
    above = same_column & is_above
    beside = ~same_column & is_left & ~_bridged(same_column, middle_y)
    # Within one row of one column (a drop capital, a superscript): from left to right.
    within = same_column & same_row & is_left
    wanted = above | beside | within
    np.fill_diagonal(wanted, False)
    before: _Matrix = wanted & ~wanted.T
    return before


def _with_lone_rows(same_column: _Matrix, top: _Numbers, bottom: _Numbers) -> _Matrix:
    """A box that has its height of the page to itself, and stands under or over nothing but boxes that go across
    columns (a page number below the gap between two columns), goes across the page."""
    if same_column.all():
        return same_column
    shares_height = (np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)) > 0
    alone = shares_height.sum(axis=0) == 1
    if not alone.any():
        return same_column
    reach = same_column.astype(np.float32)
    across = ((reach @ (1 - reach)) * reach).sum(axis=1) > 0  # shares columns with two that share none
    lone = alone & ~across & ~(same_column & ~across[:, None] & ~np.eye(len(top), dtype=np.bool_)).any(axis=0)
    widened: _Matrix = same_column | lone | lone[:, None]
    return widened


def _bridged(same_column: _Matrix, middle_y: _Numbers) -> _Matrix:
    """bridged[a, b]: a box between the two in height shares columns with both."""
    result = np.zeros_like(same_column)
    if same_column.all():  # one column: nothing stands beside anything
        return result
    low = np.minimum(middle_y[:, None], middle_y)
    high = np.maximum(middle_y[:, None], middle_y)
    for reach, middle in zip(same_column, middle_y, strict=True):
        result |= reach[:, None] & reach & (low < middle) & (middle < high)
    return result


def _earliest_first(before: _Matrix) -> list[int]:
    """A topological order that takes the box highest on the page whenever several may come next. A circle (boxes that
    overlap in odd ways) is cut where the fewest demands are broken."""
    count = len(before)
    waits_for = before.sum(axis=0).tolist()
    ready = [index for index in range(count) if waits_for[index] == 0]
    heapq.heapify(ready)
    left = set(range(count))
    order: list[int] = []
    while left:
        if not ready:
            ready = [min(left, key=lambda index: (waits_for[index], index))]
        taken = heapq.heappop(ready)
        left.remove(taken)
        order.append(taken)
        for follower in np.flatnonzero(before[taken]).tolist():
            waits_for[follower] -= 1
            if waits_for[follower] == 0 and follower in left:
                heapq.heappush(ready, follower)
    return order
