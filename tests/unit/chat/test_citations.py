from __future__ import annotations

import pytest

from ocrchat.chat.citations import cite_lines, find_quote
from ocrchat.chat.lines import page_text
from ocrchat.chat.verify import is_supported, unsupported
from tests.factories import block_of
from tests.unit.chat.papers import PROSE_INVOICE, cell_at, page_of

PAGE = page_text(page_of(block_of("The invoce total is $1,042.50, due on", "March 3. Please pay to the account.")))


def test_quote_when_it_is_on_the_page_then_its_place_over_line_ends() -> None:
    citation = find_quote(PAGE, "total is $1,042.50, due on March 3")
    assert citation is not None
    assert citation.snippet == "total is $1,042.50, due on March 3"
    assert len(citation.boxes) == 2
    assert citation.boxes[0].left > PAGE.lines[0].box.left
    assert citation.boxes[1].right < PAGE.lines[1].box.right


def test_quote_when_the_page_was_misread_then_the_page_s_own_spelling() -> None:
    citation = find_quote(PAGE, "The invoice total is $1,042.50, due on March 3.")
    assert citation is not None
    assert citation.snippet.startswith("The invoce total is $1,042.50")


@pytest.mark.parametrize(
    "quote",
    ["The invoice total is $1,043.50, due on March 3.", "Please send it to the bank account", "$1,042.51", "", "…"],
)
def test_quote_when_it_is_not_on_the_page_then_none(quote: str) -> None:
    assert find_quote(PAGE, quote) is None


def test_citation_when_lines_stand_apart_then_one_for_each_stretch() -> None:
    page = page_text(page_of(cell_at("Total", 100, 300), cell_at("Thank you", 100, 900), cell_at("$42", 700, 300)))
    row = page.rows[0]
    assert [line.text for line in row] == ["Total", "$42"]
    assert [citation.snippet for citation in cite_lines(row)] == ["Total", "$42"]


def test_citation_when_lines_follow_each_other_then_one() -> None:
    page = page_text(PROSE_INVOICE)
    assert len(cite_lines(page.lines)) == 1
    assert cite_lines(page.lines)[0].confidence == pytest.approx(0.98)


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("It is $1,042.50 (p. 9).", []),
        ("It is $1.042,50, due on 3 March.", []),
        ("It is 1,042.50 EUR.", ["EUR"]),
        ("It is $1,042.51.", ["$1,042.51"]),
        ("It is due on March 4.", ["March 4"]),
        ("Pay Ann Larsen.", ["Ann Larsen"]),
        ("Please pay.", []),
        ("See invoice AB-1234.", ["AB-1234"]),
        ("Write to a@b.example.", ["a@b.example"]),
    ],
)
def test_sentence_when_compared_with_what_it_cites_then_what_is_not_there_is_named(
    sentence: str, missing: list[str]
) -> None:
    cited = ["The invoice total is $1,042.50, due on March 3. Please pay to the account."]
    assert unsupported(sentence, cited) == missing
    assert is_supported(sentence, cited) is (not missing)
