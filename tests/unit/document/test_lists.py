"""Which paragraphs are items of a list, how deep they stand, and what is left of an item without its mark."""

from __future__ import annotations

from typing import Literal

import pytest

from ocrchat.document.lists import items_of, levels_of, without_mark
from ocrchat.document.marks import Mark, mark_of
from ocrchat.document.model import Box, Line, Word

_SIZE = 10.0


def _boxes(*lefts: float) -> list[Box]:
    return [Box(left, 20.0 * row, left + 200, 20.0 * row + 12) for row, left in enumerate(lefts)]


def _line(text: str, *, left: float = 0, direction: Literal["ltr", "rtl", "ttb"] = "ltr", split: bool = True) -> Line:
    """Ten pixels a character; words only where they are asked for."""
    words = []
    at = 0
    for word in text.split() if split else []:
        at = text.index(word, at)
        words.append(Word(text=word, box=Box(left + 10 * at, 0, left + 10 * (at + len(word)), 12)))
        at += len(word)
    return Line(text=text, box=Box(left, 0, left + 10 * len(text), 12), words=tuple(words), direction=direction)


def _marked(text: str) -> Mark:
    mark = mark_of(text)
    assert mark is not None
    return mark


class TestItems:
    def test_numbers_too_far_apart_are_of_no_list(self) -> None:
        marks: list[Mark | None] = [_marked("1."), *[None] * 13, _marked("2.")]
        assert not any(items_of(marks, _boxes(*[0.0] * 15), _SIZE))

    def test_numbers_near_each_other_make_a_list(self) -> None:
        assert items_of([_marked("1."), _marked("2.")], _boxes(0, 0), _SIZE) == [True, True]

    def test_prose_between_numbers_that_is_not_set_in_makes_them_sections(self) -> None:
        marks = [_marked("1."), None, _marked("2.")]
        assert items_of(marks, _boxes(0, 0, 0), _SIZE) == [False, False, False]
        assert items_of(marks, _boxes(0, 30, 0), _SIZE) == [True, False, True]


class TestLevels:
    def test_what_is_set_in_is_deeper_and_what_is_not_comes_back(self) -> None:
        assert levels_of([True] * 4, _boxes(0, 30, 30, 0), _SIZE) == [0, 1, 1, 0]

    def test_a_mark_far_to_the_right_is_of_another_column(self) -> None:
        assert levels_of([True, True, True], _boxes(0, 300, 330), _SIZE) == [0, 0, 1]

    def test_what_is_no_item_ends_a_list(self) -> None:
        assert levels_of([True, False, True], _boxes(0, 0, 30), _SIZE) == [0, 0, 0]


class TestWithoutMark:
    def test_a_mark_that_was_found_as_a_line_of_its_own_leaves_the_others(self) -> None:
        assert without_mark((_line("•"), _line("tea")), _marked("•")) == (_line("tea"),)

    def test_a_mark_that_is_a_word_goes_with_its_word(self) -> None:
        (line,) = without_mark([_line("• green tea")], _marked("• green"))
        assert line.text == "green tea"
        assert [word.text for word in line.words] == ["green", "tea"]
        assert line.box == Box(20, 0, 110, 12)

    @pytest.mark.parametrize(("direction", "box"), [("ltr", Box(10, 0, 40, 12)), ("rtl", Box(0, 0, 30, 12))])
    def test_a_mark_within_a_word_takes_its_share_of_the_box(self, direction: Literal["ltr", "rtl"], box: Box) -> None:
        (line,) = without_mark([_line("•tea", direction=direction)], _marked("•tea"))
        assert (line.text, line.words[0].text) == ("tea", "tea")
        assert line.words[0].box == box == line.box

    def test_a_line_without_words_keeps_its_box(self) -> None:
        (line,) = without_mark([_line("1. tea", split=False)], _marked("1. tea"))
        assert (line.text, line.box) == ("tea", Box(0, 0, 60, 12))

    def test_words_that_begin_with_something_else_are_kept(self) -> None:
        line = _line("1. tea")
        spelt = Word(text="l.", box=line.words[0].box)
        misread = Line(text="1. tea", box=line.box, words=(spelt, line.words[1]))
        (without,) = without_mark([misread], _marked("1. tea"))
        assert [word.text for word in without.words] == ["l.", "tea"]

    def test_a_line_that_runs_down_keeps_its_box(self) -> None:
        (line,) = without_mark([_line("• 茶", direction="ttb")], _marked("• 茶"))
        assert line.box == Box(0, 0, 30, 12)
