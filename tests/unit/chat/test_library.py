from __future__ import annotations

import time

import pytest

from ocrchat.chat.answers import Source, extractive_answer
from ocrchat.chat.followup import understood
from ocrchat.chat.library import Library, pages_found
from ocrchat.chat.shelf import Shelf
from ocrchat.document.model import Page
from tests.factories import block_of, table_of
from tests.unit.chat.papers import FORM_INVOICE, REPORT, library, page_of, rows_at

FILLER = "The weather was fair and the wind was light from the west on most days of the season"


def long_document(pages: int) -> list[Page]:
    return [
        page_of(block_of(*(f"{FILLER} {number}.{line}" for line in range(20))), number=number)
        for number in range(1, pages + 1)
    ]


def test_page_when_a_question_shares_its_words_then_among_the_first() -> None:
    pages = [*long_document(40)]
    pages[16] = page_of(block_of("The lighthouse keeper kept 14 cats."), number=17)
    assert pages_found(library(*pages), "How many cats did the keeper of the lighthouse have?")[0] == 17


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("请在此处签字并寄回。", "在哪里签字？"),
        ("กรุณาชำระเงินภายในวันศุกร์", "ชำระเงินเมื่อไร"),
        ("계약은 서명일로부터 유효하다", "서명 언제?"),
    ],
)
def test_page_when_its_script_has_no_spaces_then_found(text: str, question: str) -> None:
    pages = long_document(20)
    pages[11] = page_of(block_of(text), number=12)
    assert pages_found(library(*pages), question)[0] == 12


def test_statement_when_a_figure_is_computed_from_it_then_found_by_what_it_is() -> None:
    rows = [(f"Line {n}", f"{n},204", f"{n},977") for n in range(1, 16)]
    pages = long_document(30)
    pages[20] = page_of(
        block_of("CONSOLIDATED STATEMENTS OF INCOME"),
        *rows_at([("Operating income", "1,204", "1,900"), *rows]),
        number=21,
    )
    pages[5] = page_of(block_of("Our margin of safety improved, and margin calls were few."), number=6)
    assert 21 in pages_found(library(*pages), "Did the operating margin improve?")


def test_rows_of_cells_when_their_blocks_stand_apart_then_read_across() -> None:
    passages = library(FORM_INVOICE).passages
    assert any("Total\n125.00 EUR" in passage.text for passage in passages)


def test_table_when_found_by_the_reader_then_rows_are_whole() -> None:
    passages = library(page_of(table_of((("Item", "Count"), ("Apples", "12"))))).passages
    assert any("Apples\n12" in passage.text for passage in passages)


def test_long_document_when_indexed_and_asked_then_soon() -> None:
    pages = long_document(200)
    start = time.process_time()
    made = Library(pages)
    assert time.process_time() - start < 5, "core-seconds; the bench measures what it should be"
    start = time.process_time()
    extractive_answer([Source(made)], "What is the total and when was the harbour master appointed?")
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("question", "earlier", "searched"),
    [
        ("And the due date?", "What is the total?", "And the due date?"),
        ("And on page 2?", "Who is the master on page 1?", "on page 2"),
        ("And in 2016?", "What were sales in 2017?", "What were sales in 2016?"),
        ("When was she appointed?", "Who is the harbour master?", "When was she appointed?"),
        ("And her deputy?", "Who is the harbour master?", "harbour master And her deputy?"),
        ("Who is the harbour master?", "What is the total?", "Who is the harbour master?"),
    ],
)
def test_follow_up_when_it_leans_on_the_question_before_then_it_takes_its_words(
    question: str, earlier: str, searched: str
) -> None:
    assert searched in understood(question, [earlier], page_count=9)


def test_shelf_when_it_is_full_then_the_oldest_goes_and_versions_replace_each_other() -> None:
    shelf = Shelf(most_pages=7)
    made: list[str] = []

    def maker(name: str) -> Library:
        made.append(name)
        return library(*REPORT)

    for name, version in (("a", 1), ("a", 1), ("b", 1), ("a", 2), ("c", 1)):
        shelf.library(name, version, lambda name=name: maker(name))  # type: ignore[misc]
    assert made == ["a", "b", "a", "c"]
    assert shelf.held() == ("a", "c")
    shelf.forget("a")
    assert shelf.held() == ("c",)
