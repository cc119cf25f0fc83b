"""The table of languages, and every spelling that leads into it."""

from __future__ import annotations

import re

import pytest

from ocrchat.engines.language_names import resolve, resolve_all
from ocrchat.engines.languages import BY_TAG, LANGUAGES, of_script
from ocrchat.engines.scripts import SCRIPTS, letters_by_script, script_of
from ocrchat.errors import UnknownLanguage


def test_table_has_over_a_hundred_languages_each_once() -> None:
    tags = [language.tag for language in LANGUAGES]
    assert len(tags) > 100
    assert sorted(tags) == sorted(set(tags))
    assert all(re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?", tag) for tag in tags)
    assert all(re.fullmatch(r"[a-z]{3}", language.code) for language in LANGUAGES)


def test_every_language_has_a_reader_for_its_script() -> None:
    for language in BY_TAG.values():
        assert language.script in SCRIPTS
        assert language.reader == "fast" or language.model, f"nothing reads {language.name}"


def test_own_names_are_written_in_the_language_s_script() -> None:
    for language in LANGUAGES:
        found = set(letters_by_script([language.own_name]))
        expected = {"Latf": {"Latn"}, "Hans": {"Hani"}, "Hant": {"Hani"}, "Jpan": {"Hani"}}
        assert found == expected.get(language.script, {language.script}), language.tag


@pytest.mark.parametrize(
    ("spelling", "tag"),
    [
        ("pl", "pl"),
        ("pol", "pl"),
        ("Polish", "pl"),
        ("polski", "pl"),
        ("ger", "de"),
        ("ch", "zh"),
        ("chinese_cht", "zh-Hant"),
        ("japan", "ja"),
        ("korean", "ko"),
        ("chi_sim", "zh"),
        ("zh-TW", "zh-Hant"),
        ("zh-Hans-SG", "zh"),
        ("zh_CN", "zh"),
        ("pt-BR", "pt"),
        ("sr-Latn-RS", "sr-Latn"),
        ("ru-Latn", "und-Latn"),
        ("latin", "la"),
        ("Vietnamese", "vi"),
        ("igbo", "ig"),
        ("ka", "ka"),
        ("fraktur", "de-Latf"),
        ("script/Arabic", "und-Arab"),
        ("und-Cyrl", "und-Cyrl"),
        (" Ancient  Greek ", "grc"),
        ("Русский", "ru"),
    ],
)
def test_resolve_when_spelled_as_people_do_finds_the_row(spelling: str, tag: str) -> None:
    assert resolve(spelling).tag == tag


def test_resolve_when_misspelled_names_the_near_ones() -> None:
    with pytest.raises(UnknownLanguage, match=r"'polnish'.*Polish \(pl\)"):
        resolve("polnish")
    with pytest.raises(UnknownLanguage, match="ocrchat languages"):
        resolve("\u0000" * 500)


def test_resolve_all_when_joined_keeps_the_order_and_drops_repeats() -> None:
    assert resolve_all(["de+eng", "German, pl"]) == ("de", "en", "pl")
    assert resolve_all(["auto"]) == resolve_all([""]) == resolve_all([]) == ()


def test_languages_with_letters_the_fast_reader_lacks_are_not_given_to_it() -> None:
    assert {BY_TAG[tag].reader for tag in ("vi", "yo", "ig", "de-Latf", "ru", "ar", "ko")} == {"tesseract"}
    assert {BY_TAG[tag].reader for tag in ("pl", "tr", "is", "mt", "zh", "ja", "rw")} == {"fast"}


def test_languages_without_a_reader_of_their_own_say_so() -> None:
    assert not BY_TAG["rw"].trained
    assert BY_TAG["pl"].trained


def test_script_of_letters_signs_and_digits() -> None:
    assert [script_of(one) for one in "aж漢かㅎعאक1٣।-"] == [
        "Latn", "Cyrl", "Hani", "Jpan", "Kore", "Arab", "Hebr", "Deva", "", "", "", "",
    ]  # fmt: skip
    assert BY_TAG["fa"].direction == "rtl"
    assert not BY_TAG["th"].spaced
    assert {language.tag for language in of_script("Ethi")} == {"am", "ti"}


def test_letters_by_script_when_kana_stand_among_han_counts_them_as_japanese() -> None:
    assert letters_by_script(["日本語を読む"]) == {"Jpan": 6}
    assert letters_by_script(["中文 text 1"]) == {"Hani": 2, "Latn": 4}
