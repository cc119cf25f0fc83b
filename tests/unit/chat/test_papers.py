"""Questions of everyday papers, read by our own reader from the text layer and from the pixels: what the page says is
told, and what it does not say is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from ocrchat.chat.answers import Answer, Source, extractive_answer
from ocrchat.chat.library import Library
from ocrchat.pipeline.options import ReadOptions
from ocrchat.pipeline.pipeline import new_pool, read
from ocrchat.pipeline.pool import WorkerPool
from tests.unit.chat.drawn_lists import LISTS, SCANNED_LISTS
from tests.unit.chat.drawn_papers import PAPERS, SCANNED
from tests.unit.chat.list_questions import ASKED_OF_LISTS
from tests.unit.chat.paper_questions import ASKED, Asked

ALL = (*ASKED, *ASKED_OF_LISTS)
_DRAWN = PAPERS | LISTS


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with new_pool(slots=1) as pool:
        yield pool


@cache
def library_of(paper: str, pool: WorkerPool, *, from_pixels: bool) -> Library:
    document = read(_DRAWN[paper]().to_bytes(), ReadOptions(force_ocr=from_pixels), pool=pool)
    return Library(document.pages, document.title)


def check(asked: Asked, library: Library) -> None:
    answer = extractive_answer([Source(library)], asked.question)
    if not asked.holds:
        assert answer.outcome == "not_said", answer.content
        return
    assert answer.outcome == "answered" or (asked.quoted and answer.outcome == "quoted"), answer.content
    # Readers see gaps where there are none: they are not what is asked here.
    told = "".join(answer.content.split())
    assert all("".join(text.split()) in told for text in asked.holds), answer.content
    assert not any("".join(text.split()) in told for text in asked.lacks), answer.content
    assert_cited(answer, library)


def assert_cited(answer: Answer, library: Library) -> None:
    for sentence in answer.sentences:
        assert sentence.verified
        for citation in sentence.citations:
            page = library.page(citation.page)
            assert page is not None
            assert "".join(citation.snippet.split()) in "".join("".join(line.text.split()) for line in page.lines)


@pytest.mark.parametrize("asked", ALL, ids=lambda asked: f"{asked.paper}: {asked.question}")
def test_paper_when_it_has_a_text_layer_then_what_it_says_and_nothing_else(asked: Asked, pool: WorkerPool) -> None:
    check(asked, library_of(asked.paper, pool, from_pixels=False))


@pytest.mark.parametrize(
    "asked",
    [asked for asked in ALL if asked.paper in (*SCANNED, *SCANNED_LISTS)],
    ids=lambda asked: f"{asked.paper}: {asked.question}",
)
def test_paper_when_it_is_a_scan_then_what_it_says_and_nothing_else(asked: Asked, pool: WorkerPool) -> None:
    check(asked, library_of(asked.paper, pool, from_pixels=True))


def test_questions_when_counted_then_a_third_has_no_answer() -> None:
    silent = [asked for asked in ALL if not asked.holds]
    assert len(ALL) > 150
    assert len(silent) > len(ALL) / 3
