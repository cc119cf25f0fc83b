"""Options: what is refused, and how page ranges read."""

from __future__ import annotations

import pytest

from ocrchat.errors import BadPageRange, UnknownLanguage, UnknownTier
from ocrchat.pipeline.options import ReadOptions, select_pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("", (1, 2, 3, 4, 5)),
        ("2", (2,)),
        ("1,3-4", (1, 3, 4)),
        ("4-", (4, 5)),
        ("-2", (1, 2)),
        (" 5 , 1–2 ", (1, 2, 5)),
        ("3,3,2-3", (2, 3)),
        ("2-6", (2, 3, 4, 5)),
        ("-9", (1, 2, 3, 4, 5)),
    ],
)
def test_select_pages_of_five(text: str, pages: tuple[int, ...]) -> None:
    assert select_pages(text, page_count=5) == pages


@pytest.mark.parametrize("text", ["x", "1-x", "0", "3-2", "-", "1.5", "--2", "99999999", ",", " , "])
def test_page_range_when_it_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(BadPageRange, match=r"Cannot read"):
        ReadOptions(pages=text)


@pytest.mark.parametrize("text", ["6", "1,6", "6-", "6-7"])
def test_select_pages_when_beyond_the_end_names_the_page_and_the_count(text: str) -> None:
    with pytest.raises(BadPageRange, match=r"no page 6.* has 5"):
        select_pages(text, page_count=5)


def test_tier_when_unknown_names_the_near_one() -> None:
    with pytest.raises(UnknownTier, match="Did you mean vlm"):
        ReadOptions(tier="vln")


def test_languages_when_spelled_in_any_way_are_kept_as_tags() -> None:
    assert ReadOptions(languages=("polish+ger", "auto")).languages == ("pl", "de")
    with pytest.raises(UnknownLanguage, match="Did you mean"):
        ReadOptions(languages=("germn",))
