from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ocrchat.chat.checks import checked_question, require_readable
from ocrchat.errors import NotFinished, NothingRead, QuestionMissing
from ocrchat.jobs.model import Status
from ocrchat.jobs.views import JobView

_NOW = datetime(2025, 1, 1, tzinfo=UTC)
JOB = JobView(
    id="0" * 32,
    account_id="1",
    status=Status.PROCESSING,
    version=1,
    tier="cpu",
    served_tier="cpu",
    language="auto",
    tool="",
    translate_to="",
    page_count=10,
    pages_read=3,
    pages_blank=0,
    pages_failed=0,
    notices=(),
    error_code="",
    error="",
    name="a.pdf",
    media_type="application/pdf",
    size_bytes=1,
    sha256="",
    created_at=_NOW,
    started_at=_NOW,
    ended_at=None,
    expires_at=None,
    retention_seconds=60,
)
_UNSEEN = ["", "  ", "\u200b", "\u200b\u200d\ufeff\u2060", "\u3164 \u2800", "\u0301", "\x00", None]


@pytest.mark.parametrize("message", _UNSEEN)
def test_question_when_nothing_of_it_can_be_seen_then_it_is_missing(message: object) -> None:
    with pytest.raises(QuestionMissing):
        checked_question(message)


def test_question_when_letters_are_joined_by_signs_without_width_then_they_stay() -> None:
    assert checked_question(" क्\u200dष? ") == "क्\u200dष?"


def test_job_when_it_is_being_read_then_how_far_it_is_in_words_for_people() -> None:
    with pytest.raises(NotFinished, match=r"still being read \(3 of 10 pages are done\): ask again") as caught:
        require_readable(JOB)
    assert "status" not in caught.value.message


def test_job_when_nobody_knows_its_pages_yet_then_it_has_just_come_in() -> None:
    with pytest.raises(NotFinished, match="it has just come in"):
        require_readable(replace(JOB, status=Status.PENDING, page_count=0, pages_read=0))


def test_job_when_it_was_stopped_then_that_is_said_and_what_to_do() -> None:
    stopped = replace(JOB, status=Status.CANCELLED, pages_read=0, pages_failed=10)
    with pytest.raises(NothingRead, match="was stopped before any page was read: read it again") as caught:
        require_readable(stopped)
    assert "cancelled" not in caught.value.message


def test_job_when_nothing_could_be_read_then_its_own_reason_is_told() -> None:
    failed = replace(JOB, status=Status.FAILED, pages_read=0, error="The picture on page 1 is damaged.")
    with pytest.raises(NothingRead, match="nothing to ask about: The picture on page 1 is damaged"):
        require_readable(failed)


def test_job_when_stopped_after_some_pages_or_blank_then_it_can_be_asked() -> None:
    require_readable(replace(JOB, status=Status.DONE, pages_read=1, pages_failed=9))
    require_readable(replace(JOB, status=Status.DONE, pages_read=0, pages_blank=1))
