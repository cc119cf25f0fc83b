"""Groups of cells that are read across."""

from __future__ import annotations

import pytest

from ocrchat.document.model import Box
from ocrchat.document.rows import Row
from ocrchat.document.tabular import is_figure, tabular_groups


def _cells(*rows: tuple[str, ...]) -> tuple[list[list[Row]], list[str]]:
    """Two columns as stacks, sixteen apart."""
    texts = [text for row in rows for text in row]
    stacks: list[list[Row]] = [[] for _ in rows[0]]
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            left, top = 100.0 * column, 16.0 * number
            box = Box(left, top, left + 7 * len(text), top + 11)
            stacks[column].append(Row(pieces=(number * len(row) + column,), box=box, size=11))
    return stacks, texts


def test_labels_and_their_figures_are_read_across() -> None:
    stacks, texts = _cells(("Rope", "12.50"), ("Tar", "3.20"), ("Nails", "0.75"))
    (group,) = tabular_groups(stacks, texts)
    assert [[texts[cell.pieces[0]] for cell in row] for row in group] == [
        ["Rope", "12.50"],
        ["Tar", "3.20"],
        ["Nails", "0.75"],
    ]


def test_words_beside_words_are_read_down() -> None:
    assert tabular_groups(*_cells(("Rope", "hemp"), ("Tar", "pine"), ("Nails", "iron"))) == []


def test_one_column_has_no_groups() -> None:
    assert tabular_groups(*_cells(("12.50",), ("3.20",))) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("1,284.50", True), ("—", True), ("12 March 2024", True), ("Tar", False)]
)
def test_a_figure_has_more_digits_than_letters(text: str, expected: bool) -> None:
    assert is_figure(text) == expected


def test_a_sentence_about_numbers_is_no_figure() -> None:
    assert not is_figure("12345 " * 8)
