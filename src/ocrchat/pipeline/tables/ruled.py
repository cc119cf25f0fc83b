"""Tables from their rules: where rules cross are rows and columns, where one is missing a cell spans."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import product

from ocrchat.document.geometry import union
from ocrchat.document.model import Box
from ocrchat.document.rules import Rules, joined_rules
from ocrchat.pipeline.tables.grid import Grid, Piece, Slot
from ocrchat.pipeline.tables.unruled import missing_rules

_ASIDE = 0.2
_GAP = 0.5
"""In ems: how far pieces of one rule lie beside each other, and how far apart along it."""

_TOUCH = 0.35
"""In ems: a rule that ends so near another one meets it."""

_EDGE = 0.65
"""Share of a cell's side that must be ruled to be its edge."""

_LEAST_FILLED = 0.3
"""Share of a table's cells with words in them. A chart's grid has fewer; a form's is of one column, mostly."""

_LEAST_WHOLE = 0.4
"""Share of a table's cells that span nothing: the bars of a chart make cells of all heights."""

_LOWEST_ROW = 0.55
"""In ems: a band between two rules that is lower holds no text: the two are one rule, drawn double."""


def ruled_grids(rules: Rules, pieces: Sequence[Piece], em: float) -> list[Grid]:
    joined = joined_rules(rules, aside=_ASIDE * em, gap=_GAP * em)
    across = [box for box in joined.across if box.width > 1.5 * em]
    down = [box for box in joined.down if box.height > 0.8 * em]
    grids = []
    for own_across, own_down in _meeting(across, down, _TOUCH * em):
        grid = _grid(own_across, own_down, pieces, em)
        if grid is not None:
            grids.append(grid)
    return grids


def _meeting(across: Sequence[Box], down: Sequence[Box], touch: float) -> list[tuple[list[Box], list[Box]]]:
    """Groups of rules that meet, each with some of either kind."""
    owner = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while owner[at] != at:
            owner[at] = owner[owner[at]]
            at = owner[at]
        return at

    for a, one in enumerate(across):
        y = (one.top + one.bottom) / 2
        for d, other in enumerate(down):
            x = (other.left + other.right) / 2
            if one.left - touch <= x <= one.right + touch and other.top - touch <= y <= other.bottom + touch:
                owner[root(a)] = root(len(across) + d)
    groups: dict[int, tuple[list[Box], list[Box]]] = {}
    for at in range(len(owner)):
        own = groups.setdefault(root(at), ([], []))
        if at < len(across):
            own[0].append(across[at])
        else:
            own[1].append(down[at - len(across)])
    return [(a, d) for a, d in groups.values() if len(a) >= 2 and d]


def _grid(across: Sequence[Box], down: Sequence[Box], pieces: Sequence[Piece], em: float) -> Grid | None:
    touch = _TOUCH * em
    xs = _places([(box.left + box.right) / 2 for box in down], [(box.left, box.right) for box in across], touch)
    ys = _places([(box.top + box.bottom) / 2 for box in across], [(box.top, box.bottom) for box in down], touch)
    if len(xs) < 2 or len(ys) < 2:
        return None
    around = Box(xs[0], ys[0], xs[-1], ys[-1])
    inside = [p for p in pieces if around.left < p.x < around.right and around.top < p.y < around.bottom]
    xs = _with_room(xs, [piece.x for piece in inside], _LOWEST_ROW * em)
    ys = _with_room(ys, [piece.y for piece in inside], _LOWEST_ROW * em)
    if len(ys) < 2 or len(xs) < 2:
        return None
    grid = _filled(xs, ys, across, down, inside, touch)
    more = missing_rules(grid, em)
    if more.across or more.down:
        across, down = [*across, *more.across], [*down, *more.down]
        ys = sorted([*ys, *{rule.top for rule in more.across}])
        xs = sorted({*xs, *(rule.left for rule in more.down)})
        grid = _filled(xs, ys, across, down, inside, touch)
    return grid if _is_table(grid) else None


def _filled(
    xs: Sequence[float], ys: Sequence[float], across: Sequence[Box], down: Sequence[Box], inside: Sequence[Piece],
    touch: float,
) -> Grid:  # fmt: skip
    rows, columns = len(ys) - 1, len(xs) - 1
    slots = _slots(xs, ys, across, down, touch)
    by_place = {
        (row, column): at
        for at, slot in enumerate(slots)
        for row in range(slot.row, slot.row + slot.row_span)
        for column in range(slot.column, slot.column + slot.column_span)
    }
    words: dict[int, list[Piece]] = {}
    for piece in inside:
        place = (min(rows, bisect_right(ys, piece.y)) - 1, min(columns, bisect_right(xs, piece.x)) - 1)
        words.setdefault(by_place[max(0, place[0]), max(0, place[1])], []).append(piece)
    around = Box(xs[0], ys[0], xs[-1], ys[-1])
    return Grid(box=around, rows=rows, columns=columns, slots=tuple(slots), words=words)


def _is_table(grid: Grid) -> bool:
    whole = sum(slot.row_span == slot.column_span == 1 for slot in grid.slots)
    if whole < _LEAST_WHOLE * len(grid.slots):
        return False
    starts: dict[int, set[int]] = {}
    for at, slot in enumerate(grid.slots):
        if grid.words.get(at):
            starts.setdefault(slot.row, set()).add(slot.column)
    several = sum(len(columns) >= 2 for columns in starts.values())
    return several >= 2 and grid.filled >= _LEAST_FILLED * len(grid.slots)


def _places(middles: Iterable[float], ends: Sequence[tuple[float, float]], touch: float) -> list[float]:
    """Where the rules of one direction stand, and the common ends of those across them: a table may be open at its
    sides."""
    result = _clustered(middles, touch)
    for side, pick in ((0, min), (1, max)):
        reach = sorted(end[side] for end in ends)
        often = [place for place in reach if sum(abs(place - other) <= touch for other in reach) >= 2]
        if often:
            outer = pick(often)
            if not result or (outer < result[0] - 2 * touch if side == 0 else outer > result[-1] + 2 * touch):
                result = sorted([*result, outer])
    return result


def _clustered(values: Iterable[float], touch: float) -> list[float]:
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= touch:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _with_room(places: list[float], words: Sequence[float], least: float) -> list[float]:
    """Without bands too narrow for text that hold none."""
    result = places[:1]
    for place in places[1:]:
        narrow = place - result[-1] < least and not any(result[-1] < word < place for word in words)
        if narrow and len(result) > 1:
            continue
        if narrow:
            result[-1] = place
        else:
            result.append(place)
    return result


def _slots(
    xs: Sequence[float], ys: Sequence[float], across: Sequence[Box], down: Sequence[Box], touch: float
) -> list[Slot]:
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = {place: place for place in product(range(rows), range(columns))}

    def root(place: tuple[int, int]) -> tuple[int, int]:
        while owner[place] != place:
            place = owner[place]
        return place

    beside = [[box for box in down if abs((box.left + box.right) / 2 - x) <= touch] for x in xs]
    above = [[box for box in across if abs((box.top + box.bottom) / 2 - y) <= touch] for y in ys]
    for row, column in owner:
        if column + 1 < columns:
            edge = _ruled([(box.top, box.bottom) for box in beside[column + 1]], ys[row], ys[row + 1])
            if edge < _EDGE:
                owner[root((row, column + 1))] = root((row, column))
        if row + 1 < rows:
            edge = _ruled([(box.left, box.right) for box in above[row + 1]], xs[column], xs[column + 1])
            if edge < _EDGE:
                owner[root((row + 1, column))] = root((row, column))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in owner:
        groups.setdefault(root(place), []).append(place)
    slots = [slot for group in groups.values() for slot in _rectangles(group, xs, ys)]
    return sorted(slots)


def _ruled(spans: Sequence[tuple[float, float]], start: float, end: float) -> float:
    covered = sum(max(0.0, min(end, high) - max(start, low)) for low, high in spans)
    return covered / max(1e-6, end - start)


def _rectangles(group: Sequence[tuple[int, int]], xs: Sequence[float], ys: Sequence[float]) -> list[Slot]:
    """One cell, where its places make a rectangle; else as few as they can be cut into, row by row."""
    left = set(group)
    result = []
    while left:
        row, column = min(left)
        across = 1
        while (row, column + across) in left:
            across += 1
        tall = 1
        while all((row + tall, column + offset) in left for offset in range(across)):
            tall += 1
        left -= {(row + i, column + j) for i in range(tall) for j in range(across)}
        box = union([Box(xs[column], ys[row], xs[column + across], ys[row + tall])])
        result.append(Slot(row, column, tall, across, box))
    return result
