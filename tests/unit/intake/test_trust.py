"""Verdicts on words alone."""

from __future__ import annotations

import pytest

from ocrchat.intake.trust import Evidence, distrust, latin_likeness, plausible_share

ENGLISH_TEXT = (
    "Peter was a printer who kept a narrow shop below the bridge. Every morning he set the type for a small "
    "newspaper, whose readers lived in the valley and cared for little but the weather, the price of grain and "
    "the letters that other readers had written to it. In the evening he washed his hands and read what he had "
    "printed."
)
WELSH_TEXT = (
    "Genir pawb yn rhydd ac yn gydradd â'i gilydd mewn urddas a hawliau. Fe'u cynysgaeddir â rheswm a "
    "chydwybod, a dylai pawb ymddwyn y naill at y llall mewn ysbryd cymodlon. Y mae gan bawb hawl i'r holl "
    "hawliau."
)
POLISH_TEXT = (
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem "
    "i sumieniem i powinni postępować wobec innych w duchu braterstwa."
)

ENGLISH, WELSH, POLISH = (text.split() for text in (ENGLISH_TEXT, WELSH_TEXT, POLISH_TEXT))


def evidence(words: list[str], *, over_scan: bool = False, fit: float = 1.0, covered: float = 1.0) -> Evidence:
    return Evidence(
        words=words, raw=" ".join(words), unmapped=0.0, over_scan=over_scan, fit=fit, covered=covered, left_out=0.0
    )


def shifted(words: list[str], by: int) -> list[str]:
    def one(character: str) -> str:
        if not ("a" <= character.lower() <= "z"):
            return character
        first = ord("a") if character.islower() else ord("A")
        return chr(first + (ord(character) - first + by) % 26)

    return ["".join(one(character) for character in word) for word in words]


@pytest.mark.parametrize("words", [ENGLISH, WELSH, POLISH], ids=["English", "Welsh", "Polish"])
def test_prose_when_of_any_language_then_it_is_trusted(words: list[str]) -> None:
    assert distrust(evidence(words)) == ""


# Moved by the places left out, English still has words that can be spoken and letters about as frequent as Welsh has.
@pytest.mark.parametrize("by", sorted(set(range(1, 26)) - {4, 11, 13, 20}))
def test_prose_when_its_letters_are_shifted_then_it_is_distrusted(by: int) -> None:
    assert distrust(evidence(shifted(ENGLISH, by)))


def test_words_when_too_few_then_nothing_is_concluded() -> None:
    assert plausible_share(["xkcd", "qwrt"]) is None
    assert latin_likeness(["short"]) is None
    assert distrust(evidence(["Xkcdq", "Qwrtz"])) == ""


def test_initials_when_among_words_then_they_say_nothing_but_alone_they_are_shifted_letters() -> None:
    assert plausible_share([*ENGLISH, *["HTML", "BMW"] * 10]) == plausible_share(ENGLISH)
    assert plausible_share(["WKH", "PDS", "GRJ", "FZV"] * 10) == 0.0


def test_numbers_when_they_are_all_there_is_then_they_are_trusted() -> None:
    assert distrust(evidence(["1.234,56", "12", "%", "2024-01-01"] * 20)) == ""


@pytest.mark.parametrize(("fit", "covered"), [(0.4, 1.0), (1.0, 0.3)])
def test_reading_of_a_scan_when_it_does_not_meet_the_ink_then_it_is_distrusted(fit: float, covered: float) -> None:
    assert distrust(evidence(ENGLISH, over_scan=True, fit=fit, covered=covered))
    assert not distrust(evidence(ENGLISH, fit=fit, covered=covered))


def test_reading_of_a_scan_when_full_of_crumbs_then_it_is_distrusted() -> None:
    assert "specks" in distrust(evidence([*ENGLISH, *["|", "~", "."] * 10], over_scan=True))


def test_reading_of_a_scan_when_kept_for_search_then_it_is_distrusted() -> None:
    bare = [word.strip(".,").lower() for word in ENGLISH * 3]
    assert "capitals" in distrust(evidence(bare, over_scan=True))
    assert not distrust(evidence(ENGLISH * 3, over_scan=True))
