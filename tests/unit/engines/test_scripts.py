from __future__ import annotations

from ocrchat.engines.scripts import letters_by_script


def test_letters_when_counted_then_by_script_and_each_time_they_occur() -> None:
    assert letters_by_script(["Aa b, 12", "αβ γ", "аа"]) == {"Latn": 3, "Grek": 3, "Cyrl": 2}


def test_letters_when_kana_stand_among_ideographs_then_all_are_japanese() -> None:
    assert letters_by_script(["日本語のテスト"]) == {"Jpan": 7}
    assert letters_by_script(["日本語"]) == {"Hani": 3}


def test_letters_when_there_are_none_then_nothing() -> None:
    assert letters_by_script(["12 – ,", ""]) == {}
