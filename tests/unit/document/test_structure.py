"""Paragraphs, lists, headings, captions, footnotes and formulas, from lines alone."""

from __future__ import annotations

import pytest

from ocrchat.document.blocks import blocks_from_lines
from ocrchat.document.marks import follows, mark_of
from ocrchat.document.model import Block, Box, FigureBlock, FormulaBlock, Line, Style, TextBlock, Word

_LONG = "words of running text that go on to the end of their line and"


def _line(text: str, left: float, top: float, *, right: float = 500, height: float = 12, bold: bool = False) -> Line:
    step = (right - left) / max(1, len(text))
    words = []
    at = 0
    for word in text.split():
        at = text.index(word, at)
        box = Box(left + at * step, top, left + (at + len(word)) * step, top + height)
        words.append(Word(text=word, box=box, style=Style(bold=bold)))
        at += len(word)
    return Line(text=text, box=Box(left, top, right, top + height), words=tuple(words), reader="text-layer")


def _prose(top: float, rows: int = 4, *, left: float = 40) -> list[Line]:
    return [_line(_LONG, left, top + 16 * row) for row in range(rows)]


def _told(lines: list[Line], others: tuple[Block, ...] = ()) -> list[tuple[str, int, str]]:
    return [
        (block.role, block.level, block.marker) if isinstance(block, TextBlock) else (block.kind, 0, "")
        for block in blocks_from_lines(lines, others)
    ]


def _counts(lines: list[Line]) -> list[int]:
    return [len(block.lines) for block in blocks_from_lines(lines) if isinstance(block, TextBlock)]


class TestParagraphs:
    def test_a_first_row_set_in_begins_one(self) -> None:
        lines = _prose(0, 6)
        lines[3] = _line(_LONG, 60, lines[3].box.top)
        assert _counts(lines) == [3, 3]

    def test_a_short_row_with_a_full_stop_ends_one(self) -> None:
        lines = _prose(0, 6)
        lines[2] = _line("ends here.", 40, lines[2].box.top, right=120)
        assert _counts(lines) == [3, 3]

    def test_a_ragged_row_that_had_no_room_for_the_next_word_ends_none(self) -> None:
        lines = _prose(0, 6)
        lines[2] = _line(_LONG + ".", 40, lines[2].box.top, right=490)
        assert _counts(lines) == [6]

    def test_hanging_rows_belong_to_the_one_before(self) -> None:
        lines = [_line(_LONG, 40 if row % 3 == 0 else 70, 16 * row) for row in range(9)]
        assert _counts(lines) == [3, 3, 3]

    def test_centred_rows_of_a_title_stay_together(self) -> None:
        lines = [_line("THE LONG TITLE OF A BOOK", 150, 0, right=390), _line("in two rows", 220, 16, right=320)]
        assert _counts(lines) == [2]


class TestLists:
    def test_numbered_items_lose_their_marks_to_the_block(self) -> None:
        lines = [_line(f"{n}. item that says something", 40, 16 * n, right=300) for n in (1, 2, 3)]
        blocks = blocks_from_lines(lines)
        assert [block.marker for block in blocks if isinstance(block, TextBlock)] == ["1.", "2.", "3."]
        first = blocks[0]
        assert isinstance(first, TextBlock)
        assert first.lines[0].text == "item that says something"
        assert first.lines[0].words[0].text == "item"
        assert first.lines[0].box.left > 40

    def test_items_set_in_are_nested(self) -> None:
        rows = (("• one", 40), ("– a", 60), ("– b", 60), ("• two", 40))
        lines = [_line(text, left, 16 * at, right=300) for at, (text, left) in enumerate(rows)]
        assert _told(lines) == [
            ("list_item", 0, "•"),
            ("list_item", 1, "–"),
            ("list_item", 1, "–"),
            ("list_item", 0, "•"),
        ]

    def test_rows_of_an_item_stay_with_it(self) -> None:
        lines = [
            line
            for n in (0, 1)
            for line in (
                _line(f"({'ab'[n]}) {_LONG}", 40, 32 * n),
                _line("and goes on below", 60, 32 * n + 16, right=200),
            )
        ]
        assert _counts(lines) == [2, 2]

    def test_a_mark_found_apart_is_the_marker_of_its_item(self) -> None:
        lines = [
            line
            for n in (1, 2)
            for line in (_line(f"{n})", 40, 18 * n, right=52), _line("what is to be done", 80, 18 * n, right=250))
        ]
        assert _told(lines) == [("list_item", 0, "1)"), ("list_item", 0, "2)")]

    def test_a_lone_number_or_dash_makes_no_list(self) -> None:
        assert _told([_line("3. of May it was, and", 40, 0), *_prose(16, 3)])[0][0] == "paragraph"
        assert _told([_line("- said he", 40, 0, right=120)])[0][0] == "paragraph"

    def test_numbered_sections_with_prose_between_are_headings(self) -> None:
        lines = [
            _line("1. Introduction", 40, 0, right=140),
            *_prose(30),
            _line("2. Method", 40, 120, right=110),
            *_prose(150),
        ]
        assert [role for role, _, _ in _told(lines)] == ["heading", "paragraph", "heading", "paragraph"]


class TestHeadings:
    def test_levels_follow_size(self) -> None:
        lines = [
            _line("The Title", 40, 0, right=300, height=30), *_prose(50),
            _line("A Section", 40, 140, right=200, height=18), *_prose(180),
        ]  # fmt: skip
        assert [(role, level) for role, level, _ in _told(lines) if role == "heading"] == [
            ("heading", 1),
            ("heading", 2),
        ]

    def test_a_bold_row_before_prose_is_one(self) -> None:
        assert _told([_line("A Bold Beginning", 40, 0, right=150, bold=True), *_prose(16)])[0] == ("heading", 3, "")

    def test_a_row_in_capitals_before_prose_is_one_and_a_bare_amount_is_none(self) -> None:
        assert _told([_line("CONCLUSION", 40, 0, right=120), *_prose(30)])[0][0] == "heading"
        assert _told([_line("USD 1,200.00", 40, 0, right=120), *_prose(30)])[0][0] == "paragraph"

    def test_dots_in_the_number_are_depth(self) -> None:
        assert _told([_line("2.1.3 Deep Down", 40, 0, right=160), *_prose(30)])[0][:2] == ("heading", 5)


def test_captions_when_beside_a_figure_or_punctuated_are_told_from_prose() -> None:
    figure = FigureBlock(box=Box(40, 100, 500, 300))
    beside = [_line("Fig. 3 The mill", 40, 310, right=160)]
    assert ("caption", 0, "") in _told([*_prose(0), *beside, *_prose(340)], (figure,))
    assert _told([_line("Table 2: Costs of rope", 40, 0, right=200), *_prose(40)])[0][0] == "caption"
    assert _told([_line(f"Figure 3 shows {_LONG}", 40, 0), *_prose(16)])[0][0] == "paragraph"


def test_footnotes_when_small_and_last_lose_their_marks_to_the_block() -> None:
    note = _line("1 See the chapter on rope.", 40, 400, right=220, height=9)
    assert _told([*_prose(0, 12), note, _line("17", 300, 440, right=312)])[-2] == ("footnote", 0, "1")


def test_formulas_when_set_in_are_marked_and_keep_their_lines() -> None:
    formula = _line("E = mc² + x (3)", 200, 90, right=320)
    blocks = blocks_from_lines([*_prose(0), formula, *_prose(130)])
    assert blocks[1] == FormulaBlock(box=formula.box, lines=(formula,))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("• a", "•", 0),
        ("12. a", "1.", 12),
        ("(b) a", "(a)", 2),
        ("iv) a", "i)", 4),
        ("③a", "circled", 3),
        ("C. a", "A.", 3),
    ],
)
def test_mark_of_knows_what_items_begin_with(text: str, kind: str, value: int) -> None:
    mark = mark_of(text)
    assert mark is not None
    assert (mark.kind, mark.value) == (kind, value)


@pytest.mark.parametrize("text", ["3.5 litres", "1914 was", "e.g. this", "J.Smith", "-5 degrees", "word", ""])
def test_mark_of_is_none_for_words_and_numbers(text: str) -> None:
    assert mark_of(text) is None


def test_follows_when_a_letter_may_be_a_number_knows_both() -> None:
    i, ii, h = mark_of("i. a"), mark_of("ii. a"), mark_of("h. a")
    assert i is not None and ii is not None and h is not None
    assert follows(i, ii)
    assert follows(h, i)
    assert not follows(h, ii)
