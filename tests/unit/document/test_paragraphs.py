"""A stack of rows cut into paragraphs."""

from __future__ import annotations

from dataclasses import replace

from ocrchat.document.model import Box, Line, Style, Word
from ocrchat.document.paragraphs import is_bold, paragraphs_of
from ocrchat.document.rows import Row


def _stack(
    *rows: tuple[str, float, float], size: float = 12, bold: tuple[int, ...] = ()
) -> tuple[list[Row], list[Line]]:
    """Each row: its text, where it begins and ends."""
    lines, found = [], []
    for index, (text, left, right) in enumerate(rows):
        box = Box(left, 16.0 * index, right, 16.0 * index + size)
        words = tuple(Word(text=word, box=box, style=Style(bold=index in bold)) for word in text.split())
        lines.append(Line(text=text, box=box, words=words))
        found.append(Row(pieces=(index,), box=box, size=size))
    return found, lines


def _counts(*rows: tuple[str, float, float], bold: tuple[int, ...] = ()) -> list[int]:
    return [len(paragraph) for paragraph in paragraphs_of(*_stack(*rows, bold=bold))]


_FULL = ("words that go on to the end", 0, 400)


def test_a_lone_row_is_one() -> None:
    assert _counts(_FULL) == [1]


def test_bold_rows_part_from_what_is_not() -> None:
    assert _counts(_FULL, _FULL, _FULL, bold=(0,)) == [1, 2]


def test_a_bold_row_in_the_middle_of_mixed_ones_parts_nothing() -> None:
    assert _counts(_FULL, _FULL, _FULL, _FULL, bold=(1,)) == [1, 1, 2]


def test_rows_with_one_middle_belong_together() -> None:
    assert _counts(("To the memory", 100, 300), ("of all who built", 80, 320), ("the mill", 150, 250)) == [3]


def test_a_mark_within_prose_begins_nothing() -> None:
    assert _counts(_FULL, ("- as it were - to the end", 0, 400), _FULL) == [3]


def test_a_mark_after_a_full_stop_begins_an_item() -> None:
    assert _counts(("and so it ends here now.", 0, 400), ("- as it were to the end", 0, 400)) == [1, 1]


def test_a_mark_set_in_begins_an_item() -> None:
    assert _counts(_FULL, ("- as it were to the end", 20, 400)) == [1, 1]


def test_rows_without_text_end_nothing() -> None:
    assert _counts(_FULL, ("", 0, 400), _FULL) == [3]


def test_a_row_of_signs_alone_is_bold_where_every_word_of_it_is() -> None:
    rows, lines = _stack(("— —", 0, 100), ("", 0, 100))
    assert is_bold(rows[0], lines)
    assert not is_bold(rows[1], lines)


def test_rows_whose_sizes_a_file_states_part_where_these_differ() -> None:
    rows, lines = _stack(("Set a little larger than", 0, 400), ("what is said below it here", 0, 400))
    rows[0] = replace(rows[0], size=14)
    assert len(paragraphs_of(rows, lines)) == 1
    stated = [replace(line, reader="text-layer") for line in lines]
    assert len(paragraphs_of(rows, stated)) == 2


def test_rows_with_more_white_between_them_than_is_usual_part() -> None:
    rows, lines = _stack(_FULL, _FULL, _FULL, _FULL)
    rows[3] = replace(rows[3], box=Box(0, 60, 400, 72))
    assert [len(paragraph) for paragraph in paragraphs_of(rows, lines)] == [3, 1]
