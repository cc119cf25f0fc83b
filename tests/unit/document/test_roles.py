"""What a paragraph is, from what is known of it alone."""

from __future__ import annotations

from dataclasses import replace

from ocrchat.document.marks import Mark, follows, mark_of
from ocrchat.document.model import Box
from ocrchat.document.roles import Facts, footnote_mark, heading_level, is_formula, is_set_apart, role_of

_PAGE = Box(0, 0, 600, 800)
_BODY = 10.0
_PLAIN = Facts(
    text="A few words that run on", rows=1, size=10, box=Box(50, 100, 300, 112), column=Box(50, 100, 550, 700)
)


class TestRole:
    def test_rows_of_one_width_of_letter_are_code(self) -> None:
        assert role_of(replace(_PLAIN, monospace=True, rows=3), _BODY) == ("code", 0)
        assert role_of(replace(_PLAIN, monospace=True), _BODY) == ("paragraph", 0)

    def test_what_stands_in_a_table_is_no_heading_however_large(self) -> None:
        large = replace(_PLAIN, size=20)
        assert role_of(large, _BODY) == ("heading", 1)
        assert role_of(replace(large, in_table=True), _BODY) == ("paragraph", 0)

    def test_a_caption_needs_a_picture_or_a_title_after_its_number(self) -> None:
        assert role_of(replace(_PLAIN, text="Figure 3: The mill"), _BODY) == ("caption", 0)
        said = replace(_PLAIN, text="Figure 3 shows the mill at work")
        assert role_of(said, _BODY) == ("paragraph", 0)
        assert role_of(replace(said, beside_picture=True), _BODY) == ("caption", 0)


class TestHeading:
    def test_capitals_before_prose_are_one_and_without_it_none(self) -> None:
        capitals = replace(_PLAIN, text="THE OLD MILL", before_prose=True)
        assert heading_level(capitals, _BODY) == 3
        assert heading_level(replace(capitals, before_prose=False), _BODY) == 0
        assert heading_level(replace(capitals, text="NO 12345678"), _BODY) == 0

    def test_a_number_with_points_tells_how_deep_it_stands(self) -> None:
        numbered = replace(_PLAIN, text="2.3 On mills", before_prose=True, bold=True)
        assert heading_level(numbered, _BODY) == 4
        assert heading_level(replace(numbered, bold=False), _BODY) == 4
        assert heading_level(replace(numbered, bold=False, box=_PLAIN.column), _BODY) == 0

    def test_a_sentence_and_a_long_row_are_none(self) -> None:
        assert heading_level(replace(_PLAIN, text="It ended.", bold=True, before_prose=True), _BODY) == 0
        assert heading_level(replace(_PLAIN, text="word " * 40, size=30), _BODY) == 0

    def test_what_is_set_like_one_is_set_apart(self) -> None:
        assert is_set_apart(replace(_PLAIN, size=14), _BODY)
        assert is_set_apart(replace(_PLAIN, bold=True, before_prose=True), _BODY)
        assert not is_set_apart(_PLAIN, _BODY)


class TestFootnote:
    def test_small_print_with_a_mark_low_on_the_page_is_one(self) -> None:
        note = replace(_PLAIN, text="2 See the mill", size=8, box=Box(50, 700, 300, 708))
        assert footnote_mark(note, _BODY, _PAGE) == "2"
        assert footnote_mark(replace(note, box=_PLAIN.box), _BODY, _PAGE) == ""
        assert footnote_mark(replace(note, size=10), _BODY, _PAGE) == ""
        assert footnote_mark(replace(note, text="2 1"), _BODY, _PAGE) == ""


class TestFormula:
    def test_two_sides_set_in_from_the_column_are_one(self) -> None:
        formula = replace(_PLAIN, text="E = mc² + x/2", box=Box(200, 100, 300, 112))
        assert is_formula(formula)
        assert not is_formula(replace(formula, box=_PLAIN.box))

    def test_figures_alone_and_sentences_are_none(self) -> None:
        set_in = replace(_PLAIN, box=Box(200, 100, 300, 112))
        assert not is_formula(replace(set_in, text="12 = 3 + 9"))
        assert not is_formula(replace(set_in, text="the whole = 3 + x"))
        assert not is_formula(replace(set_in, text="3 + x"))


class TestMarks:
    def test_a_number_in_one_bracket_and_a_full_stop_is_no_mark(self) -> None:
        assert mark_of("(3. word") is None
        assert mark_of("(3) word") == Mark("(3)", "(1)", 3)

    def test_circled_numbers_follow_each_other(self) -> None:
        one, two = mark_of("①甲"), mark_of("② 乙")
        assert one is not None and two is not None
        assert follows(one, two) and not follows(two, one)
