from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocrchat.document.model import Box, Cell, TableBlock
from ocrchat.export.tables import Grid, column_shares, grid_from_table
from tests import factories
from tests.factories import line_at, table_of


def _cell(row: int, column: int, text: str = "", *, row_span: int = 1, column_span: int = 1) -> Cell:
    box = Box(column * 10, row * 10, column * 10 + 9, row * 10 + 9)
    lines = (line_at(text, box),) if text else ()
    return Cell(row=row, column=column, box=box, lines=lines, row_span=row_span, column_span=column_span)


def _grid(*cells: Cell) -> Grid:
    return grid_from_table(TableBlock(box=Box(0, 0, 1, 1), cells=cells))


def _texts(grid: Grid) -> list[list[str]]:
    return [[" ".join(line.text for line in one.cell.lines) if one else "" for one in row] for row in grid.by_row()]


def test_grid_when_the_table_is_plain_is_its_rows() -> None:
    grid = grid_from_table(table_of(factories.ENGLISH_ROWS))
    assert _texts(grid) == [list(row) for row in factories.ENGLISH_ROWS]
    assert (grid.rtl, grid.has_spans, grid.header_rows) == (False, False, 1)


def test_grid_when_the_table_runs_from_the_right_begins_with_the_rightmost_column() -> None:
    table = table_of(factories.ARABIC_ROWS, rtl=True)
    assert table.cells[0].column == 2
    grid = grid_from_table(table)
    assert grid.rtl
    assert _texts(grid) == [list(row) for row in factories.ARABIC_ROWS]


def test_grid_when_columns_are_already_numbered_from_the_right_keeps_them() -> None:
    cells = [
        Cell(
            row=0,
            column=column,
            box=Box(100 - 50 * column, 0, 140 - 50 * column, 9),
            lines=(line_at(text, (0, 0, 9, 9), rtl=True),),
        )
        for column, text in enumerate(["ראשון", "שני", "שלישי"])
    ]
    assert _texts(_grid(*cells)) == [["ראשון", "שני", "שלישי"]]


def test_grid_when_a_mirrored_table_has_spans_mirrors_them_too() -> None:
    wide = Cell(row=0, column=0, column_span=2, box=Box(0, 0, 20, 9), lines=(line_at("רחב", (0, 0, 9, 9), rtl=True),))
    right = Cell(row=0, column=2, box=Box(20, 0, 30, 9), lines=(line_at("ימין", (0, 0, 9, 9), rtl=True),))
    grid = _grid(wide, right)
    assert [(one.column, one.column_span) for one in grid.cells] == [(0, 1), (1, 2)]


def test_grid_when_two_cells_claim_a_place_joins_them() -> None:
    grid = _grid(_cell(0, 0, "a", column_span=2), _cell(0, 1, "b"), _cell(0, 0, "c"), _cell(1, 0, "d"))
    assert _texts(grid) == [["a c b", ""], ["d", ""]]


def test_grid_when_spans_reach_too_far_are_cut() -> None:
    grid = _grid(_cell(0, 0, "a", row_span=9, column_span=0), _cell(0, 1, "b"), _cell(1, 1, "c"))
    assert [(one.row_span, one.column_span) for one in grid.cells] == [(2, 1), (1, 1), (1, 1)]


def test_grid_when_numbers_are_absurd_leaves_the_cell_out() -> None:
    assert _grid(_cell(-1, 0, "a"), _cell(0, 10**9, "b")).cells == ()
    assert (_grid().rows, _grid().columns, _grid().header_rows) == (0, 0, 0)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.builds(
            _cell,
            st.integers(0, 4),
            st.integers(0, 4),
            st.just("x"),
            row_span=st.integers(-1, 4),
            column_span=st.integers(-1, 4),
        ),
        max_size=12,
    )
)
def test_grid_when_cells_are_any_never_overlaps_and_loses_nothing(cells: list[Cell]) -> None:
    grid = _grid(*cells)
    places = [
        (one.row + down, one.column + across)
        for one in grid.cells
        for down in range(one.row_span)
        for across in range(one.column_span)
    ]
    assert len(places) == len(set(places))
    assert all(row < grid.rows and column < grid.columns for row, column in places)
    assert sum(len(one.cell.lines) for one in grid.cells) == len(cells)


def _wide(column: int, left: float, right: float, *, span: int = 1, row: int = 0) -> Cell:
    return Cell(row=row, column=column, box=Box(left, 0, right, 9), column_span=span)


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        ([_wide(0, 0, 58), _wide(1, 62, 100)], [0.6, 0.4]),
        ([_wide(0, 0, 20), _wide(1, 20, 100), _wide(0, 0, 100, span=2, row=1)], [0.2, 0.8]),
        ([_wide(0, 0, 40, span=2), _wide(2, 40, 80)], [0.25, 0.25, 0.5]),
        ([_wide(0, 0, 1), _wide(1, 1, 100)], [0.1316, 0.8684]),
        ([_wide(0, 5, 5), _wide(1, 5, 5)], [0.5, 0.5]),
        ([_wide(0, 60, 100), _wide(1, 0, 50)], [0.5, 0.5]),
        ([_wide(1, 0, 9), _wide(2, 9, 18)], [1 / 3, 1 / 3, 1 / 3]),
    ],
)
def test_column_shares_when_cells_have_places_are_those_of_the_page(cells: list[Cell], shares: list[float]) -> None:
    assert column_shares(_grid(*cells)) == pytest.approx(shares, abs=0.001)


def test_column_shares_when_the_table_runs_from_the_right_begin_there() -> None:
    lines = (line_at("שלום", (60, 0, 100, 9), rtl=True),)
    cells = (Cell(row=0, column=1, box=Box(60, 0, 100, 9), lines=lines), _wide(0, 0, 60))
    assert column_shares(_grid(*cells)) == pytest.approx([0.4, 0.6])
