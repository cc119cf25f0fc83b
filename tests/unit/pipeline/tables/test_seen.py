"""What a network saw, and the words that stand where it saw it, nearly."""

from __future__ import annotations

from ocrchat.document.model import Box
from ocrchat.engines.spec import SeenCell, SeenTable
from ocrchat.pipeline.tables.cells import table_from_grid
from ocrchat.pipeline.tables.grid import pieces_of
from ocrchat.pipeline.tables.seen import grid_from_seen
from tests.printed import rows, texts_of

TEXTS = (
    ("Variable", "Male", ""),
    ("", "%", "CI"),
    ("Sensitivity of", "39.1", "31 to 47"),
    ("Specificity", "93.9", "92 to 95"),
)
LEFTS = (100.0, 300.0, 450.0)


def seen_at(row: int, column: int, left: float, width: float, **more: int | bool) -> SeenCell:
    top = 100 + 30 * row
    return SeenCell(row=row, column=column, box=Box(left, top + 4, left + width, top + 17), **more)  # type: ignore[arg-type]


CELLS = (
    seen_at(0, 0, 103, 75, row_span=2, header=True),
    seen_at(0, 1, 304, 260, column_span=2, header=True),
    *(seen_at(1, column, LEFTS[column] + 4, 30, header=True) for column in (1, 2)),
    *(seen_at(row, column, LEFTS[column] - 5, 90) for row in (2, 3) for column in range(3)),
)


def test_words_when_cells_were_seen_a_little_beside_them_then_each_finds_its_own() -> None:
    lines = rows(TEXTS, LEFTS)
    made = grid_from_seen(SeenTable(cells=CELLS, confidence=0.9), pieces_of(lines), 20.0)
    assert made is not None
    grid, fits = made
    assert fits > 0.9
    table = table_from_grid(grid, lines)
    assert texts_of(table)[2, 0] == "Sensitivity of"
    assert texts_of(table)[3, 2] == "92 to 95"
    assert texts_of(table)[0, 1] == "Male"
    assert {cell.row for cell in table.cells if cell.header} == {0, 1}


def test_words_when_they_stand_elsewhere_then_the_fit_says_so() -> None:
    lines = rows(TEXTS, [left + 900 for left in LEFTS])
    made = grid_from_seen(SeenTable(cells=CELLS, confidence=0.9), pieces_of(lines), 20.0)
    assert made is None or made[1] < 0.5


def test_rows_when_they_were_seen_in_no_order_then_there_is_no_grid() -> None:
    upside_down = tuple(
        SeenCell(row=3 - cell.row, column=cell.column, box=cell.box) for cell in CELLS if cell.row >= 2
    ) + tuple(seen_at(row, column, LEFTS[column], 40) for row in (2, 3) for column in range(3))
    pieces = pieces_of(rows(TEXTS, LEFTS))
    assert grid_from_seen(SeenTable(cells=upside_down, confidence=0.9), pieces, 20.0) is None


def test_table_when_it_has_one_column_then_there_is_no_grid() -> None:
    one = tuple(seen_at(row, 0, 100, 40) for row in range(3))
    assert grid_from_seen(SeenTable(cells=one, confidence=0.9), pieces_of(rows(TEXTS, LEFTS)), 20.0) is None
