"""Who a memo is from and to: lines at its head, with labels that are grammar everywhere else."""

from __future__ import annotations

import pytest

from ocrchat.chat.answers import Source, extractive_answer
from tests.factories import block_of
from tests.unit.chat.papers import cell_at, library, page_of

MEMO = page_of(
    block_of("Memo", role="heading"),
    block_of("From: Judith Alvarez, secretary", "To: All board members", "Place: Community hall, Dunmore", top=200),
    block_of("The lorry goes from Ghent to Porto. The money is due to the baker. Work begins at 6.30 am.", top=420),
)
CELLS = page_of(
    cell_at("From:", 100, 200),
    cell_at("Harald Voss", 300, 200),
    cell_at("To:", 100, 250),
    cell_at("Ida Berg", 300, 250),
)
PLAIN = page_of(block_of("Order of 4 May", "We sent the goods from Ghent to the baker. They cost 61.50 euro.", top=200))


def told(page: object, question: str) -> tuple[str, str]:
    answer = extractive_answer([Source(library(page))], question)  # type: ignore[arg-type]
    return answer.outcome, answer.content


@pytest.mark.parametrize(
    "question", ["Who is the memo from?", "who wrote the memo", "who sent this", "Who is the sender?"]
)
def test_memo_when_asked_who_it_is_from_then_its_line(question: str) -> None:
    assert told(MEMO, question) == ("answered", "“From”: Judith Alvarez, secretary (p. 1).")
    assert told(CELLS, question) == ("answered", "“From”: Harald Voss (p. 1).")


@pytest.mark.parametrize("question", ["who is the memo to", "Who is it addressed to?", "Who is the recipient?"])
def test_memo_when_asked_who_it_is_to_then_its_line(question: str) -> None:
    assert told(MEMO, question)[1] == "“To”: All board members (p. 1)."
    assert told(CELLS, question)[1] == "“To”: Ida Berg (p. 1)."


def test_memo_when_asked_where_the_meeting_was_then_its_place() -> None:
    assert told(MEMO, "where did the meeting take place")[1] == "“Place”: Community hall, Dunmore (p. 1)."


@pytest.mark.parametrize("question", ["who is the memo from", "who wrote this", "Who is it addressed to?"])
def test_paper_when_it_has_no_such_line_then_not_told_as_a_fact(question: str) -> None:
    assert "Ghent" not in told(PLAIN, question)[1]
    assert "baker" not in told(PLAIN, question)[1]


def test_hour_when_only_amounts_are_printed_then_not_said() -> None:
    assert told(PLAIN, "What time were the goods sent?")[0] == "not_said"
    assert "6.30 am" in told(MEMO, "what time does work begin")[1]
