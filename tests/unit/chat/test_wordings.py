"""Questions read otherwise where they were not answered as they stood."""

from __future__ import annotations

import pytest

from ocrchat.chat.answers import Source, extractive_answer
from ocrchat.chat.library import Library
from ocrchat.chat.wordings import corrected
from tests.factories import block_of
from tests.unit.chat.papers import library, page_of, rows_at

STAY = page_of(
    block_of("Hotel Miravalle", role="heading"),
    *rows_at(
        [
            ("Guest", "Mr. Thomas Eriksen", "Room", "214"),
            ("Arrival", "11 May 2025", "Departure", "14 May 2025"),
            ("Nights", "3", "Persons", "2"),
        ],
        lefts=(100, 350, 650, 900),
    ),
    *rows_at([("Total", "507.30"), ("Paid", "507.30"), ("Balance due", "0.00")], top=600, lefts=(600, 900)),
    block_of("Call our front desk at any time on +39 0461 555 018.", "Manager: Pia Conti", top=900),
    block_of("Languages", role="heading", top=1100),
    block_of("Italian (mother tongue)", "English (fluent)", top=1150),
)


def told(question: str, stay: Library | None = None) -> tuple[str, str]:
    answer = extractive_answer([Source(stay or library(STAY))], question)
    return answer.outcome, answer.content


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("total and room number", ("507.30", "“Room”: 214")),
        ("when is the departure and how many nights", ("14 May 2025", "“Nights”: 3")),
        ("the arrival, the departure", ("11 May 2025", "14 May 2025")),
    ],
)
def test_question_when_two_things_are_asked_then_both(question: str, values: tuple[str, ...]) -> None:
    outcome, content = told(question)
    assert outcome == "answered"
    assert all(value in content for value in values), content


def test_question_when_one_of_two_is_not_said_then_that_is_said() -> None:
    outcome, content = told("what is the room number and the sauna fee?")
    assert outcome == "answered"
    assert "“Room”: 214" in content
    assert "sauna fee" in content.rsplit("214", 1)[1]


@pytest.mark.parametrize("question", ["what is the arival date", "what is the depature date"])
def test_question_when_mistyped_then_answered_as_meant(question: str) -> None:
    assert told(question)[0] == "answered"


def test_correction_when_a_word_is_known_or_a_name_then_left() -> None:
    known = [library(STAY)]
    assert corrected("departure of the manager", known) == "departure of the manager"
    assert corrected("Who is Thomaz?", known) == "Who is Thomaz?"
    assert corrected("the sauna tariff", known) == "the sauna tariff"


def test_value_of_a_form_when_asked_about_then_no_label() -> None:
    outcome, content = told("who is Thomas Eriksen")
    assert outcome != "answered", content


def test_total_when_nothing_is_left_to_pay_then_the_total() -> None:
    assert "0.00" not in told("what is the total?")[1].replace("507.30", "")
    assert told("balance due?")[1].count("(p. 1)") == 1


def test_phone_when_a_sentence_says_whose_then_not_its_neighbours() -> None:
    assert told("phone number of Pia Conti")[0] == "not_said"
    assert "+39 0461 555 018" in told("phone number of the front desk")[1]


def test_parenthesis_when_it_says_what_a_line_is_then_the_next_line_is_no_value() -> None:
    assert told("mother tongue?")[0] != "answered"
