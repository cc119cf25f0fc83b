"""What PDFium turned around, turned back."""

from __future__ import annotations

from ocrchat.intake.right_to_left import are_swapped, letters_of_glyphs, mended_line, turned_back

A, B, C = (10.0, 0.0, 0.0, 5.0), (4.0, 0.0, 0.0, 5.0), (4.0, 0.0, 6.0, 8.0)


def test_letters_when_of_one_glyph_then_they_are_one_group() -> None:
    assert letters_of_glyphs("سال", [A, B, B]) == ["س", "ال"]


def test_mark_when_at_the_place_of_its_letter_then_it_is_its_own_glyph() -> None:
    assert letters_of_glyphs("سلأ", [A, B, C]) == ["س", "ل", "أ"]


def test_ligatures_when_lam_alef_comes_out_backwards_then_all_are_turned_back() -> None:
    words = [["س", "ال", "م"], ["يف"]]
    assert are_swapped(words)
    assert [turned_back(word) for word in words] == ["سلام", "في"]


def test_ligatures_when_lam_alef_comes_out_right_then_none_is_touched() -> None:
    assert not are_swapped([["س", "لا", "م"]])


def test_lam_alef_when_right_among_swapped_ones_then_it_stays() -> None:
    assert turned_back(["لا", "يف"]) == "لافي"


def test_number_when_its_mark_stands_before_it_then_it_follows() -> None:
    assert mended_line(["عام", "،2017", ".٣٥"]) == ["عام", "2017،", "٣٥."]


def test_brackets_when_mirrored_twice_then_they_open_before_they_close() -> None:
    assert mended_line(["رقم", ")7(", "قال"]) == ["رقم", "(7)", "قال"]
    assert mended_line(["(رقم", "7)"]) == ["(رقم", "7)"]
