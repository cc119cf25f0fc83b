"""The tables of a page: the seam between reading lines and making blocks of them.

First the rules: what they close in is a table by itself. Then words that stand in columns: their build is told by the
table network where there is a picture to look at, and by the white between them where there is none or the network
cannot tell. What neither can tell stays text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

from ocrchat.document import columns
from ocrchat.document.geometry import area, intersection_area, union
from ocrchat.document.image import PageImage
from ocrchat.document.model import Box, Line, TableBlock
from ocrchat.document.rules import Rules
from ocrchat.engines.spec import TableReader
from ocrchat.pipeline.tables.aligned import aligned_grid
from ocrchat.pipeline.tables.cells import table_from_grid
from ocrchat.pipeline.tables.grid import Grid, Piece, em_of, lines_of_pieces, pieces_of
from ocrchat.pipeline.tables.missed import ReadBoxes, with_missed
from ocrchat.pipeline.tables.picture import Picture
from ocrchat.pipeline.tables.regions import Region, may_have_regions, regions_of
from ocrchat.pipeline.tables.rows import rows_of
from ocrchat.pipeline.tables.ruled import ruled_grids
from ocrchat.pipeline.tables.seen import grid_from_seen

TABLE_MODEL = "SLANet-1M"

_SURE = 0.3
"""Of the network's least sure decision. Tables it was never shown the like of come out below."""

_FITS = 0.88
"""Share of the words that must stand where the network saw their cells."""

_LEAST_CONFIDENCE = 0.75
_UNSURE, _MOST_UNSURE = 0.6, 0.25
"""Of the lines of a table that rules do not close in: in the mean, and the share that may be less sure than that."""

_LEAST_OF_RULED = 0.5
"""The mean that is asked of one they do: a form filled in by hand is read no better."""

_MOST_DRAWN = 0.3
"""Share of a table that pictures may cover."""

_APART = 1.6
"""In ems: white within a cell that only justified prose has, and a cell that is two."""

_LEAST_FILLED = 0.35
"""Share of the cells that must hold words."""

_MANY_ROWS = 4
_MOST_SPLIT = 0.06
"""Share of the cells that may be so."""

_MARGIN = 0.6
"""In ems, around what the network is shown: it was trained on cuts with a little paper around."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tables:
    blocks: tuple[TableBlock, ...] = ()
    lines: tuple[Line, ...] = ()
    """Those that no table holds, in their order; of a line that reaches out of a table, what stands outside."""
    looked: bool = False
    """The network was asked."""
    across: tuple[Box, ...] = ()
    """Where lines are to be read row by row: tables whose build nothing could tell."""


def tables_in(
    lines: Sequence[Line],
    rules: Callable[[], Rules],
    *,
    image: PageImage | None = None,
    reader: TableReader | None = None,
    read: ReadBoxes | None = None,
    drawn: Sequence[Box] = (),
) -> Tables:
    """Every word of `lines` is in exactly one cell or in `lines` of the answer. `rules` is asked only where words stand
    beside each other: a page of prose costs a glance at its lines. Tables come in no order; each has two rows and two
    columns at least, and cells that do not overlap. `image` is the picture that the lines' boxes refer to; `read` is
    asked for ink in cells that is in no line; `drawn` are pictures and charts."""
    upright = [line for line in lines if line.text.strip() and line.direction != "ttb"]
    if not may_have_regions(upright):
        return Tables(lines=tuple(lines))
    em = em_of(upright)
    pieces = pieces_of(lines)
    found = rules()
    picture = Picture(image, lines, found) if image is not None else None

    def is_drawn(box: Box) -> bool:
        return _is_among(box, drawn) or (picture is not None and picture.is_drawn(box))

    grids = [
        grid for grid in ruled_grids(found, pieces, em) if not _is_guesswork(grid, lines) and not is_drawn(grid.box)
    ]
    looked = False
    across: list[Box] = []
    for part in _free_parts(lines, pieces, _taken(grids)):
        for region in regions_of(lines, part, found, em):
            if is_drawn(region.box) or _is_read_badly(region, lines):
                continue
            looked = looked or (image is not None and reader is not None)
            grid = _grid_of(region, em, image, reader)
            if is_doubtful(grid, em, ruled=region.ruled):
                across.append(region.box)
            else:
                grids.append(grid)
    if not grids:
        return Tables(lines=tuple(lines), looked=looked, across=tuple(across))
    left = _lines_left(lines, pieces, _taken(grids))
    every = list(lines)
    if image is not None and read is not None:
        grids, every = with_missed(grids, lines, image, em, read)
    blocks = tuple(table_from_grid(grid, every) for grid in grids)
    return Tables(blocks=blocks, lines=left, looked=looked, across=tuple(across))


def _taken(grids: Sequence[Grid]) -> set[tuple[int, int]]:
    """The words that stand in them, each by its line and its place there."""
    return {(piece.line, piece.word) for grid in grids for words in grid.words.values() for piece in words}


def _free_parts(
    lines: Sequence[Line], pieces: Sequence[Piece], taken: Set[tuple[int, int]]
) -> Iterable[Sequence[Piece]]:
    """What no table holds, parted where a column of running text stands beside figures."""
    parts = columns.regions_of([line.box for line in lines], [line.text for line in lines], beside_figures=True)
    part_of = {at: number for number, part in enumerate(parts) for at in part}
    free: dict[int, list[Piece]] = {}
    for piece in pieces:
        if (piece.line, piece.word) not in taken:
            free.setdefault(part_of.get(piece.line, 0), []).append(piece)
    return free.values()


def _lines_left(lines: Sequence[Line], pieces: Sequence[Piece], taken: Set[tuple[int, int]]) -> tuple[Line, ...]:
    touched = {line for line, _ in taken}
    left: list[Line] = []
    for at, line in enumerate(lines):
        if at not in touched:
            left.append(line)
        else:
            rest = [piece for piece in pieces if piece.line == at and (at, piece.word) not in taken]
            left.extend(lines_of_pieces(rest, lines))
    return tuple(left)


def is_doubtful(grid: Grid, em: float, *, ruled: bool) -> bool:
    """Whether words that stand well apart in one row came into one cell, or without any rule many rows into one, in
    more than a few cells: then columns or rows were missed, and words stand where they do not belong."""
    split = crowded = 0
    for at, words in grid.words.items():
        rows = rows_of(words, em, gap=_APART)
        split += any(len(row.runs) > 1 for row in rows)
        crowded += len(rows) >= _MANY_ROWS
        if len(rows) > _MANY_ROWS and grid.slots[at].row in grid.heads:
            return True
    if grid.filled < _LEAST_FILLED * len(grid.slots):
        return True
    return split > _MOST_SPLIT * max(1, grid.filled) or (not ruled and crowded > _MOST_SPLIT * max(1, grid.filled))


def _is_read_badly(region: Region, lines: Sequence[Line]) -> bool:
    """Labels set upright, or drawings taken for letters: there is no making a table of them."""
    own = {piece.line for row in region.rows for run in row.runs for piece in run.pieces}
    sure = [confidence for at in own if (confidence := lines[at].confidence) is not None]
    unsure = sum(confidence < _UNSURE for confidence in sure)
    return bool(sure) and (sum(sure) < _LEAST_CONFIDENCE * len(sure) or unsure > _MOST_UNSURE * len(sure))


def _is_among(box: Box, drawn: Sequence[Box]) -> bool:
    """The scale of a chart and the numbers at its bars stand in rows and columns too."""
    return sum(intersection_area(box, picture) for picture in drawn) > _MOST_DRAWN * area(box)


def _is_guesswork(grid: Grid, lines: Sequence[Line]) -> bool:
    """Bars and curves of a chart, taken for letters between the lines of its scale."""
    sure = [
        confidence
        for at in {piece.line for words in grid.words.values() for piece in words}
        if (confidence := lines[at].confidence) is not None
    ]
    return bool(sure) and sum(sure) < _LEAST_OF_RULED * len(sure)


def _grid_of(region: Region, em: float, image: PageImage | None, reader: TableReader | None) -> Grid:
    if image is not None and reader is not None:
        seen = reader.read_structure(image, _area(region, em))
        pieces = [piece for row in region.rows for run in row.runs for piece in run.pieces]
        made = grid_from_seen(seen, pieces, em) if seen is not None and seen.confidence >= _SURE else None
        if made is not None and made[1] >= _FITS:
            return made[0]
    return aligned_grid(region.rows, region.columns, region.rules, em)


def _area(region: Region, em: float) -> Box:
    """With the rules at its edges."""
    box = union([region.box, *region.rules.across])
    return Box(box.left - _MARGIN * em, box.top - _MARGIN * em, box.right + _MARGIN * em, box.bottom + _MARGIN * em)
