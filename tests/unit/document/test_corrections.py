from __future__ import annotations

from dataclasses import replace

import pytest

from ocrchat.document.corrections import correct_line, correct_page
from ocrchat.document.model import Correction, FigureBlock, FormulaBlock, Page, TableBlock, lines_of_page
from tests import factories
from tests.factories import line_at


def _correction(block: int, before: str, after: str, *, line: int | None = None, cell: int | None = None) -> Correction:
    return Correction(page=1, block=block, line=line, cell=cell, before=before, after=after)


def _texts(page: Page) -> list[str]:
    return [line.text for line in lines_of_page(page)]


def test_correct_page_when_a_line_is_corrected_changes_only_it() -> None:
    page = factories.page("plain")
    corrected = correct_page(page, [_correction(1, "jumps over the lazy", "leaps over the lazy", line=0)])
    assert _texts(corrected) == ["The quick brown fox", "leaps over the lazy", "dog and runs home."]
    assert _texts(page)[1] == "jumps over the lazy"


def test_correct_page_when_corrected_twice_applies_both_in_order() -> None:
    page = factories.page("plain")
    steps = [
        _correction(0, "The quick brown fox", "The quick fox", line=0),
        _correction(0, "The quick fox", "A quick fox", line=0),
    ]
    assert _texts(correct_page(page, steps))[0] == "A quick fox"


@pytest.mark.parametrize(
    "correction",
    [
        _correction(0, "something else", "x", line=0),
        _correction(0, "The quick brown fox", "x", line=5),
        _correction(9, "The quick brown fox", "x", line=0),
        _correction(-1, "The quick brown fox", "x", line=0),
        _correction(0, "something else", "x"),
        Correction(page=2, block=0, line=0, before="The quick brown fox", after="x"),
    ],
)
def test_correct_page_when_the_text_is_no_longer_there_leaves_the_page(correction: Correction) -> None:
    page = factories.page("plain")
    assert correct_page(page, [correction]) is page


def test_correct_page_when_a_block_keeps_its_lines_corrects_each() -> None:
    correction = _correction(1, "jumps over the lazy\ndog and runs home.", "jumps\nand runs home.")
    corrected = correct_page(factories.page("plain"), [correction])
    assert _texts(corrected)[1:] == ["jumps", "and runs home."]


def test_correct_page_when_a_block_gets_other_lines_shares_its_height() -> None:
    correction = _correction(1, "jumps over the lazy\ndog and runs home.", "a\nb\nc")
    block = correct_page(factories.page("plain"), [correction]).blocks[1]
    lines = list(lines_of_page(Page(number=1, width=1, height=1, dpi=1, blocks=(block,))))
    assert [line.text for line in lines] == ["a", "b", "c"]
    assert lines[0].box.top == block.box.top
    assert lines[-1].box.bottom == pytest.approx(block.box.bottom)


def test_correct_page_when_a_block_of_many_lines_is_emptied_drops_them() -> None:
    correction = _correction(1, "jumps over the lazy\ndog and runs home.", "")
    assert _texts(correct_page(factories.page("plain"), [correction])) == ["The quick brown fox"]


def test_correct_page_when_an_empty_block_is_filled_gives_it_a_line() -> None:
    page = replace(factories.page("plain"), blocks=(factories.block_of(),))
    assert _texts(correct_page(page, [_correction(0, "", "now text")])) == ["now text"]


def test_correct_page_when_a_cell_is_corrected_changes_only_it() -> None:
    page = factories.page("english table")
    corrected = correct_page(page, [_correction(1, "12", "13", cell=4, line=0)])
    table = corrected.blocks[1]
    assert isinstance(table, TableBlock)
    assert table.cells[4].lines[0].text == "13"
    for stale in (_correction(1, "x", "13", cell=4), _correction(1, "12", "13", cell=99), _correction(1, "12", "13")):
        assert correct_page(page, [stale]) is page


def test_correct_page_when_formulas_and_figures_are_corrected_changes_their_own_text() -> None:
    page = factories.page("styles")
    formula = next(index for index, block in enumerate(page.blocks) if isinstance(block, FormulaBlock))
    figure = next(index for index, block in enumerate(page.blocks) if isinstance(block, FigureBlock))
    corrected = correct_page(
        page,
        [_correction(formula, r"\frac{a}{b} = c^2", "x"), _correction(figure, "A mill by the river", "A mill")],
    )
    assert corrected.blocks[formula] == FormulaBlock(box=page.blocks[formula].box, latex="x")
    assert corrected.blocks[figure] == FigureBlock(box=page.blocks[figure].box, alt="A mill")
    for stale in (
        _correction(formula, "y", "x"),
        _correction(figure, "y", "x"),
        _correction(formula, "y", "x", line=0),
    ):
        assert correct_page(page, [stale]) is page


def test_correct_page_when_a_formulas_line_is_corrected_keeps_its_latex() -> None:
    block = FormulaBlock(box=line_at("a", (0, 0, 1, 1)).box, latex="a", lines=(line_at("a=b", (0, 0, 9, 9)),))
    page = replace(factories.page("plain"), blocks=(block,))
    assert _texts(correct_page(page, [_correction(0, "a=b", "a=c", line=0)])) == ["a=c"]


class TestCorrectLine:
    def test_correct_line_when_nothing_changes_is_the_same(self) -> None:
        line = line_at("a b", (0, 0, 30, 10))
        assert correct_line(line, "a b") is line

    def test_correct_line_when_one_word_changes_keeps_every_place(self) -> None:
        line = line_at("one tvvo three", (0, 0, 140, 10), confidence=0.4)
        corrected = correct_line(line, "one two three")
        assert [word.box for word in corrected.words] == [word.box for word in line.words]
        assert [word.confidence for word in corrected.words] == [0.4, 1.0, 0.4]

    @pytest.mark.parametrize("rtl", [False, True])
    def test_correct_line_when_a_word_is_split_shares_its_room_in_order(self, rtl: bool) -> None:
        line = line_at("aa bbcc dd ee", (0, 0, 130, 10), rtl=rtl)
        corrected = correct_line(line, "aa bb cc x dd ee")
        assert [word.text for word in corrected.words] == ["aa", "bb", "cc", "x", "dd", "ee"]
        room = line.words[1].box
        assert all(room.left <= word.box.left < word.box.right <= room.right for word in corrected.words[1:4])

    def test_correct_line_when_words_of_a_right_to_left_line_are_split_goes_leftwards(self) -> None:
        line = line_at("אא בב גג דד", (0, 0, 110, 10), rtl=True)
        corrected = correct_line(line, "אא ככ ל מ דד")
        lefts = [word.box.left for word in corrected.words]
        assert lefts == sorted(lefts, reverse=True)

    def test_correct_line_when_a_word_is_dropped_keeps_the_others(self) -> None:
        line = line_at("one two three", (0, 0, 130, 10))
        assert [word.text for word in correct_line(line, "one three").words] == ["one", "three"]

    def test_correct_line_when_a_word_is_added_has_a_place_only_as_a_whole(self) -> None:
        line = line_at("one three", (0, 0, 90, 10))
        assert correct_line(line, "one two three").words == ()
