"""What is said of all pages together."""

from __future__ import annotations

import json
from dataclasses import asdict

from ocrchat.document.model import Box, Failure, Line, Page, Step, TextBlock
from ocrchat.pipeline.finish import Overview, facts_from_json, facts_of, finish


def _page(number: int, text: str = "", **more: object) -> Page:
    box = Box(0, 0, 10, 10)
    blocks = (TextBlock(box=box, lines=(Line(text=text, box=box),)),) if text else ()
    return Page(number=number, width=100, height=100, dpi=150, blocks=blocks, **more)  # type: ignore[arg-type]


def test_finish_puts_the_language_with_most_text_first() -> None:
    pages = [_page(1, "kurz", languages=("de",)), _page(2, "a good deal longer", languages=("en", "de"))]
    assert finish(pages).languages == ("en", "de")


def test_finish_names_blank_pages_in_runs() -> None:
    pages = [_page(number, blank=number in (2, 3, 4, 6, 9)) for number in range(1, 10)]
    assert finish(pages).notices == ("Nothing on pages 2-4, 6 and 9 looks like text.",)
    assert finish(pages[:2]).notices == ("Nothing on page 2 looks like text.",)


def test_finish_says_when_the_null_engine_read() -> None:
    page = _page(1, steps=(Step(name="read", engine="null"),))
    assert "page 1 may well hold text" in finish([page]).notices[0]


def test_finish_keeps_title_notices_and_pages_as_given() -> None:
    document = finish([_page(1)], title="A title", notices=("First.",))
    assert (document.title, document.notices, len(document.pages)) == ("A title", ("First.",), 1)


def test_overview_counts_pages_and_failures() -> None:
    overview = Overview()
    for page in (_page(1), _page(2, failure=Failure(code="page.crashed", message="x"))):
        overview.add(page)
    assert (overview.pages, overview.failed) == (2, 1)


def test_overview_when_told_of_pages_by_their_facts_knows_the_running_heads_too() -> None:
    overview, told = Overview(), Overview()
    for number in range(1, 5):
        head = TextBlock(box=Box(10, 10, 200, 30), lines=(Line(text="On whales", box=Box(10, 10, 200, 30)),))
        page = Page(number=number, width=800, height=1000, dpi=72.0, blocks=(head,))
        overview.add(page)
        told.add_facts(facts_from_json(json.loads(json.dumps(asdict(facts_of(page))))))
    assert overview.head().furniture == told.head().furniture == ("head on whales",)
