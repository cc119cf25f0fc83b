"""The page cut where columns part: regions in reading order, each of one column. Pure.

Columns part at a gutter: a tall strip without ink that has text on both sides. The gaps between the columns of a table
are such strips too, but there the rows on both sides stand level; beside a gutter they do so by chance only, or both
sides are prose. The page is cut at its tallest gutter: what stands above it is read first, then left, right, below; and
each of these is looked at again. Boxes are in the reading frame (order.reading_frame).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from ocrchat.document.gutters import FEWEST, INTO, SHORTEST, Gutter, between_text, is_same, strips_of
from ocrchat.document.model import Box
from ocrchat.document.rows import Flags, Indices, Numbers
from ocrchat.document.tabular import is_figure

_REACHED, _REACHED_PROSE = 0.05, 0.3
"""Share of a gutter's height that insets may take, and between two columns of prose."""

_FEWEST_LABELS = 8
"""The same where neither side is prose: the boxes of a drawing stand beside each other too."""

_LONG, _FEWEST_LONG = 20.0, 4
"""Heights, and lines as wide, that make running text of a column beside figures."""

_LEVEL = 0.25
"""In heights: middles that differ by less stand level."""

_TABLE_LIKE = 0.75
"""Share of rows that stand level from which on the gap is taken for a table's; by chance it is less than half."""

_PROSE_WIDTH = 8.0
"""In heights; figures, marks and labels are narrower, as a rule."""

_COUNTED = 5
"""Numbers of lines from which on they are taken for such."""

_STEPS = (1.0, 2.0, 5.0, 10.0)

_TRIES = 8
"""Gutters looked at before the region is taken for one column."""

_EDGE = 0.085
"""Share of the page's height in which running heads and feet stand."""

_EDGE_GAP, _EDGE_GAP_OF_NUMBERS = 0.9, 0.4
"""In heights: white between these and the text; and where one of them is a number."""


@dataclass(frozen=True, slots=True)
class _Page:
    place: Numbers
    """A row for each box."""
    wide: Flags
    """Whether it may be a line of prose."""
    figures: Flags
    numbers: Indices
    """The whole number that is all its text; -1 for any other text."""
    size: float


_Judge = Callable[[_Page, Indices, Gutter], bool]


def regions_of(boxes: Sequence[Box], texts: Sequence[str], *, beside_figures: bool = False) -> list[list[int]]:
    """Each box in one region. A box without text (a table, a figure) has an empty one in `texts`. `beside_figures`: cut
    only where a column of running text stands beside figures that it has nothing to do with, which is what a finder of
    tables must know before it looks for columns."""
    if not boxes:
        return []
    parts = _parts_text_from_figures if beside_figures else _parts_columns
    place = np.array(boxes, dtype=np.float64)
    is_text = np.array([bool(text) for text in texts])
    heights = (place[:, 3] - place[:, 1])[is_text]
    size = max(1.0, float(median(heights.tolist()))) if len(heights) else 1.0
    figures = np.array([is_figure(text) for text in texts])
    wide = is_text & ~figures & (place[:, 2] - place[:, 0] >= _PROSE_WIDTH * size)
    numbers = np.array([int(text) if text.strip().isdecimal() and len(text) < 6 else -1 for text in texts])
    page = _Page(place, wide, figures, numbers, size)
    whole = np.arange(len(boxes))
    # The first row of a table is no running head.
    head, body, foot = (whole[:0], whole, whole[:0]) if beside_figures else _without_edges(page, whole)
    return [part.tolist() for part in (head, *_cut(page, body, parts), foot) if len(part)]


def _without_edges(page: _Page, members: Indices) -> tuple[Indices, Indices, Indices]:
    """Running heads and feet: what stands in the outermost part of the page with white between it and the rest. They
    would otherwise fall to the columns below and above them."""
    top, bottom = page.place[members, 1], page.place[members, 3]
    first, last = float(top.min()), float(bottom.max())
    reach = _EDGE * (last - first)
    head_end, foot_start = first, last
    gaps = _gaps(top, bottom)
    for number, (low, high) in enumerate(gaps):
        if low - first > reach:
            break
        if high - low >= _least_white(page, members[bottom <= low], outermost=number == 0):
            head_end = (low + high) / 2
    for number, (low, high) in enumerate(reversed(gaps)):
        if last - high > reach:
            break
        if high - low >= _least_white(page, members[top >= high], outermost=number == 0):
            foot_start = (low + high) / 2
    middle = (top + bottom) / 2
    is_head, is_foot = middle < head_end, middle > foot_start
    body = ~is_head & ~is_foot
    if body.sum() < 2 * FEWEST:
        return members[:0], members, members[:0]
    return members[is_head], members[body], members[is_foot]


def _least_white(page: _Page, edge: Indices, *, outermost: bool) -> float:
    """A page number in the outermost row says that it is no heading; figures below it, that it is a column's first."""
    numbers = edge[page.figures[edge]]
    if not outermost or not len(numbers):
        return _EDGE_GAP * page.size
    one, others = page.place[numbers], page.place[np.setdiff1d(np.flatnonzero(page.figures), edge)]
    in_line = np.minimum(one[:, None, 2], others[:, 2]) > np.maximum(one[:, None, 0], others[:, 0])
    near = np.abs(one[:, None, 1] - others[:, 1]) < 4 * page.size
    return (_EDGE_GAP if (in_line & near).any() else _EDGE_GAP_OF_NUMBERS) * page.size


def _gaps(top: Numbers, bottom: Numbers) -> list[tuple[float, float]]:
    """White across the whole width, from top to bottom."""
    gaps: list[tuple[float, float]] = []
    end: float | None = None
    for low, high in sorted(zip(top.tolist(), bottom.tolist(), strict=True)):
        if end is not None and low > end:
            gaps.append((end, low))
        end = high if end is None else max(end, high)
    return gaps


def _cut(page: _Page, members: Indices, parts_columns: _Judge) -> list[Indices]:
    if len(members) < 2 * FEWEST:
        return [members] if len(members) else []
    gutter = _gutter(page, members, parts_columns)
    if gutter is None:
        return [members]
    left, top, right, bottom = page.place[members].T
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    above, below = middle_y < gutter.top, middle_y > gutter.bottom
    beside = ~above & ~below
    before = middle_x < gutter.middle
    parts = (above, beside & before, beside & ~before, below)
    return [region for part in parts for region in _cut(page, members[part], parts_columns)]


def _gutter(page: _Page, members: Indices, parts_columns: _Judge) -> Gutter | None:
    place = page.place[members]
    if not _stand_beside(place):
        return None
    tried: list[Gutter] = []
    for gutter in between_text(strips_of(place, page.size), place):
        if any(is_same(gutter, other) for other in tried):
            continue
        whole = _between_bridges(page, members, gutter)
        if whole is not None and parts_columns(page, members, whole):
            return whole
        tried.append(gutter)
        if len(tried) >= _TRIES:
            break
    return None


def _stand_beside(place: Numbers) -> bool:
    """Whether there is anything beside anything: a quick no for the usual page of one column."""
    left, top, right, bottom = place.T
    level = np.minimum(bottom[:, None], bottom) > np.maximum(top[:, None], top)
    return int((level & (left > right[:, None])).sum()) > FEWEST


def _between_bridges(page: _Page, members: Indices, gutter: Gutter) -> Gutter | None:
    """The gutter up to what bridges the columns above and below it (a heading, a table). What merely reaches into it
    (an inset, a line that two columns share by mistake) does not end it."""
    sides = _sides(page, members, gutter)
    if any(not len(side) for side in sides):
        return None
    place = page.place[members]
    left, right = np.median(page.place[sides[0], 0]), np.median(page.place[sides[1], 2])
    x = gutter.middle
    reach = INTO * page.size
    crosses = (place[:, 0] < x - reach) & (place[:, 2] > x + reach)
    bridges = (place[:, 0] < (x + left) / 2) & (place[:, 2] > (x + right) / 2) & crosses
    middle = (place[:, 1] + place[:, 3]) / 2
    above = bridges & (middle < (gutter.top + gutter.bottom) / 2)
    top = float(place[above, 3].max()) if above.any() else float(place[:, 1].min())
    bottom = float(place[bridges & ~above, 1].min()) if (bridges & ~above).any() else float(place[:, 3].max())
    reaching = crosses & ~bridges & (middle > top) & (middle < bottom)
    high = float((place[reaching, 3] - place[reaching, 1]).sum())
    prose = all(_is_prose(page, side) for side in sides)
    if high > (_REACHED_PROSE if prose else _REACHED) * (bottom - top):
        return None
    # By middles: boxes of neighbouring rows overlap a little.
    return Gutter(x, top - 0.3 * page.size, bottom + 0.3 * page.size, gutter.width)


def _sides(page: _Page, members: Indices, gutter: Gutter) -> tuple[Indices, Indices]:
    """What stands next to the gutter, on its left and on its right."""
    place = page.place[members]
    middle_y = (place[:, 1] + place[:, 3]) / 2
    beside = (middle_y > gutter.top) & (middle_y < gutter.bottom)
    before = (place[:, 0] + place[:, 2]) / 2 < gutter.middle
    left = _next_to(page, members[beside & before], left=True)
    return left, _next_to(page, members[beside & ~before], left=False)


def _parts_columns(page: _Page, members: Indices, gutter: Gutter) -> bool:
    sides = _sides(page, members, gutter)
    if any(len(side) < FEWEST for side in sides) or sum(map(len, sides)) < 3 * FEWEST:
        return False
    spans = [(page.place[side, 1].min(), page.place[side, 3].max()) for side in sides]
    if min(spans[0][1], spans[1][1]) - max(spans[0][0], spans[1][0]) < SHORTEST * page.size:
        return False
    if _counts_lines(page, members, *sides) or all(_is_prose(page, side) for side in sides):
        return True
    if all(float(page.figures[side].mean()) > 0.5 for side in sides):
        return False
    if not any(_is_prose(page, side) for side in sides) and min(map(len, sides)) < _FEWEST_LABELS:
        return False
    return _level_share(page, *sides) < _TABLE_LIKE


def _parts_text_from_figures(page: _Page, members: Indices, gutter: Gutter) -> bool:
    sides = _sides(page, members, gutter)
    if min(map(len, sides)) < _FEWEST_LABELS:
        return False
    width = page.place[:, 2] - page.place[:, 0]
    text, figures = sorted(sides, key=lambda side: float(page.figures[side].mean()))
    long = int((page.wide[text] & (width[text] >= _LONG * page.size)).sum())
    if float(page.figures[figures].mean()) < 0.5 or float(page.figures[text].mean()) > 0.5 or long < _FEWEST_LONG:
        return False
    return _level_share(page, text, figures) < _TABLE_LIKE


def _next_to(page: _Page, side: Indices, *, left: bool) -> Indices:
    """Of the boxes on one side those with nothing between them and the gutter."""
    place = page.place[side]
    shared = np.minimum(place[:, None, 3], place[:, 3]) - np.maximum(place[:, None, 1], place[:, 1])
    lower = np.minimum((place[:, 3] - place[:, 1])[:, None], place[:, 3] - place[:, 1])
    level = shared > 0.5 * lower
    nearer = place[:, 0] > place[:, None, 2] - 1 if left else place[:, 2] < place[:, None, 0] + 1
    alone: Indices = side[~(level & nearer).any(axis=1)]
    return alone


def _is_prose(page: _Page, side: Indices) -> bool:
    return len(side) > FEWEST and float(page.wide[side].mean()) >= 0.5


def _counts_lines(page: _Page, members: Indices, side: Indices, text: Indices) -> bool:
    """Numbers beside the lines of a text (of a transcript, a poem, a program): 1, 2, 3 or 5, 10, 15."""
    if len(side) < _COUNTED or float((page.numbers[side] >= 0).mean()) < 0.9:
        return False
    # Of a table with numbered rows most cells are narrow; of a text it is marks and last lines that are.
    beside = members[page.place[members, 0] >= page.place[text, 0].min()]
    if float(page.wide[beside].mean()) < 0.4:
        return False
    counted = page.numbers[side[np.argsort(page.place[side, 1])]]
    steps = np.diff(counted[counted >= 0])
    # Of a table's figures others stand to the left, or they rise otherwise.
    is_first = not (page.place[members, 2] < page.place[side, 0].min()).any()
    return is_first and float(np.median(steps)) in _STEPS and float((steps == np.median(steps)).mean()) >= 0.8


def _level_share(page: _Page, one: Indices, other: Indices) -> float:
    """Share of the rows on the side with fewer that stand level with one on the other."""
    few, many = sorted((one, other), key=len)
    middle = (page.place[:, 1] + page.place[:, 3]) / 2
    distance = np.abs(middle[few][:, None] - middle[many])
    return float((distance.min(axis=1) <= _LEVEL * page.size).mean())
