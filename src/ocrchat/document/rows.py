"""Lines into rows and stacks: what stands side by side in one row of one text, and which rows follow one another. Pure.

Boxes are in the reading frame: writing runs from left to right, rows from top to bottom, whatever the page's direction
(order.reading_frame brings them there). A row is what a person would read as one line: a finder may give it in pieces
(a list's mark, a wide space). A stack is rows of one column, one under the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocrchat.document.geometry import union
from ocrchat.document.model import Box

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

_SAME_ROW = 0.5
"""Of the lower one's height that two pieces of a row share."""

_ALIKE = 2.0
"""Pieces of a row may differ that much in height: a mark has no ascender, a bracket has."""

_WORD_GAP = 0.5
"""In heights: less is a space between words, whatever stands above and below."""

_WIDE_SPACE = 3.0
"""In heights: the widest gap within a justified or typed line, where the lines above and below go across it."""

_ONE_SIDED = 1.0
"""In heights: the same where only one of them does (the first and last line of a paragraph)."""

_MARK_WIDTH = 4.0
_MARK_GAP = 5.0
"""In heights: a mark (of a list, of a speaker) is this narrow at most, and stands this near to its text."""

_MARK_REACH = 12.0
"""In heights: how far up or down a line across the gap shows that marks and texts are one column."""

_NEXT = 2.2
"""In heights, from middle to middle: a neighbour above or below."""

_SAME_SIZE = 1.3
"""Line boxes of one font differ by up to a quarter, as some lines have no descender."""

_LEADING = 0.75
"""White between two rows of a paragraph, in heights: printed ones are set with .1 to .5, typed ones with up to 1."""

_WIDEST_LEADING = 1.15
_MANY = 8
"""Rows that tell what is usual in a column."""

_OVERLAP = 0.3
"""Of the narrower row's width that two rows of a column share."""

MARK = re.compile(r"(?:[•●○◦▪▫■□‣⁃∙·*►▶➢✓❖–—-]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\]|[①-⑳])")
"""What a list item begins with."""


@dataclass(frozen=True, slots=True)
class Row:
    pieces: tuple[int, ...]
    """Indices of lines, as read."""
    box: Box
    size: float
    """Height of its letters: of its widest piece."""


def rows_of(boxes: Sequence[Box], texts: Sequence[str]) -> list[Row]:
    """Every line in one row, top to bottom."""
    if not boxes:
        return []
    place = np.array(boxes, dtype=np.float64)
    after = _right_neighbours(place)
    joined = {
        left: right for left, right in after.items() if _is_one_row(place, left, right, texts[left], texts[right])
    }
    starts = set(range(len(boxes))) - set(joined.values())
    rows = []
    for start in starts:
        pieces = [start]
        while pieces[-1] in joined:
            pieces.append(joined[pieces[-1]])
        widest = max(pieces, key=lambda index: boxes[index].width)
        rows.append(Row(tuple(pieces), union(boxes[index] for index in pieces), max(1.0, boxes[widest].height)))
    return sorted(rows, key=lambda row: (row.box.top, row.box.left, row.pieces))


def _right_neighbours(place: Numbers) -> dict[int, int]:
    """For each line the next one to the right in its row; a line is the neighbour of one other at most."""
    left, top, right, bottom = place.T
    height = bottom - top
    shared = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    lower = np.minimum(height[:, None], height)
    higher = np.maximum(height[:, None], height)
    same_row = (shared > _SAME_ROW * lower) & (higher < _ALIKE * np.maximum(lower, 1e-9))
    gap = left - right[:, None]
    beside = same_row & (gap > -lower) & (left > left[:, None])
    gaps = np.where(beside, gap, np.inf)
    nearest, nearest_back = gaps.argmin(axis=1), gaps.argmin(axis=0)
    return {
        index: other
        for index, other in enumerate(nearest.tolist())
        if beside[index, other] and nearest_back[other] == index
    }


def _is_one_row(place: Numbers, left: int, right: int, text: str, _next_text: str) -> bool:
    low, high = place[left, 2], place[right, 0]
    size = max(1.0, min(place[left, 3] - place[left, 1], place[right, 3] - place[right, 1]))
    gap = (high - low) / size
    if gap <= _WORD_GAP:
        return True
    narrow = (place[left, 2] - place[left, 0]) <= _MARK_WIDTH * size
    if narrow and gap <= _MARK_GAP and MARK.fullmatch(text.strip()):
        return True
    if gap > max(_WIDE_SPACE, _MARK_GAP if narrow else 0.0):
        return False
    reach = _MARK_REACH if narrow else _NEXT
    above, below = _across(place, low - 0.5 * size, high + 0.5 * size, left, reach * size)
    if narrow and (above or below):
        return True
    return (above and below and gap <= _WIDE_SPACE) or ((above or below) and gap <= _ONE_SIDED)


def _across(place: Numbers, low: float, high: float, at: int, reach: float) -> tuple[bool, bool]:
    """Whether within reach above and below a line goes across the gap from `low` to `high`."""
    middle = (place[:, 1] + place[:, 3]) / 2
    distance = middle - middle[at]
    covers = (place[:, 0] < low) & (place[:, 2] > high) & (np.abs(distance) <= reach)
    size = place[at, 3] - place[at, 1]
    return bool((covers & (distance < -0.5 * size)).any()), bool((covers & (distance > 0.5 * size)).any())


# --- stacks ----------------------------------------------------------------------------------------------------------


def stacks_of(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one column that follow each other closely and are of one size, top to bottom."""
    below = _next_below(rows)
    starts = [index for index in range(len(rows)) if index not in set(below.values())]
    stacks = []
    for start in starts:
        chain = [start]
        while chain[-1] in below:
            chain.append(below[chain[-1]])
        stacks.append([rows[index] for index in chain])
    return stacks


def _leading(gaps: Numbers, nearest: npt.NDArray[np.intp], under: Flags) -> float:
    """Typed pages and drafts are set wider than print: there the rows themselves say how far apart they stand."""
    at = np.arange(len(gaps))
    usual = gaps[at, nearest][under[at, nearest]]
    return _LEADING if len(usual) < _MANY else float(np.clip(1.2 * np.median(usual), _LEADING, _WIDEST_LEADING))


def _next_below(rows: Sequence[Row]) -> dict[int, int]:
    if len(rows) < 2:
        return {}
    place = np.array([row.box for row in rows], dtype=np.float64)
    size = np.array([row.size for row in rows])
    left, top, right, bottom = place.T
    small, large = np.minimum(size[:, None], size), np.maximum(size[:, None], size)
    shared = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    narrower = np.minimum((right - left)[:, None], right - left)
    middle = (top + bottom) / 2
    under = (shared > 0) & (middle > middle[:, None] + 0.4 * small)
    gap = top - bottom[:, None]
    distance = np.where(under, middle - middle[:, None], np.inf)
    nearest, nearest_back = distance.argmin(axis=1), distance.argmin(axis=0)
    fits = (
        under
        & (large <= _SAME_SIZE * small)
        & (gap <= _leading(gap / small, nearest, under) * small)
        & (gap >= -0.6 * small)
    )
    fits &= shared > _OVERLAP * np.maximum(narrower, 1e-9)
    # A row over two that stand side by side (a heading over columns) belongs to neither, nor does one under two.
    level = np.abs(middle[:, None] - middle) < 0.6 * small
    apart = (np.minimum(right[:, None], right) - np.maximum(left[:, None], left)) <= 0
    beside = level & apart
    close = under & (gap <= 1.5 * small)
    found = {}
    for index, other in enumerate(nearest.tolist()):
        if not fits[index, other] or nearest_back[other] != index:
            continue
        if (close[index] & beside[other]).any() or (close[:, other] & beside[index]).any():
            continue
        found[index] = other
    return found
