"""Measures that are computed from rows of statements: the rows are quoted, and nothing is computed."""

from __future__ import annotations

import pytest

from ocrchat.chat.answers import Source, extractive_answer
from ocrchat.chat.library import Library
from tests.factories import block_of
from tests.unit.chat.papers import library, page_of, rows_at

INCOME = (
    ("", "2023", "2022"),
    ("Net sales", "4,120", "3,860"),
    ("Cost of sales", "2,470", "2,355"),
    ("Gross profit", "1,650", "1,505"),
    ("Selling expenses", "610", "590"),
    ("Administration", "240", "236"),
    ("Research and development", "180", "171"),
    ("Operating income", "620", "508"),
    ("Interest expense", "41", "44"),
    ("Income before taxes", "579", "464"),
    ("Income taxes", "139", "111"),
    ("Net income", "440", "353"),
)


def report() -> Library:
    return library(
        page_of(block_of("Annual report of Halden Works", role="title"), number=1),
        page_of(block_of("Consolidated statements of income", role="heading"), *rows_at(INCOME), number=2),
    )


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Did the operating margin improve in 2023?", ("Net sales 4,120 3,860", "Operating income 620 508")),
        ("what is the gross margin", ("Net sales 4,120 3,860", "Cost of sales 2,470 2,355")),
        ("What is the change in revenue from 2022 to 2023?", ("Net sales 4,120 3,860",)),
    ],
)
def test_measure_when_its_rows_are_printed_then_they_are_quoted_with_their_years(
    question: str, rows: tuple[str, ...]
) -> None:
    answer = extractive_answer([Source(report())], question)
    assert answer.outcome == "quoted"
    told = answer.content.replace(" … ", " ")
    assert all(row in told for row in rows), told
    assert "2023 2022" in told
    assert {citation.page for citation in answer.citations} == {2}


@pytest.mark.parametrize(
    "question",
    [
        "What is the operating margin in 2019?",
        "What is the quick ratio?",
        "What is the days payable outstanding?",
        "What is the operating margin of Borg Industries?",
    ],
)
def test_measure_when_its_rows_are_not_printed_then_not_said(question: str) -> None:
    assert extractive_answer([Source(report())], question).outcome == "not_said"
