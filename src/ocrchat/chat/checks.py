"""What is refused before a question is answered: no words, too many, ids that are none, documents without text."""

from __future__ import annotations

import re
import unicodedata

from ocrchat.document.text import printable
from ocrchat.errors import NoSuchConversation, NotFinished, NothingRead, QuestionMissing, QuestionTooLong
from ocrchat.jobs.model import Status
from ocrchat.jobs.views import JobView

MOST_CHARACTERS = 4000

# Spaces, marks that belong to no letter, controls of direction and of joining: none of them is seen.
_INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Cn")
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that are drawn as nothing."""

_ID = re.compile(r"[0-9a-f]{32}")


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def checked_question(question: object) -> str:
    if not isinstance(question, str) or not question.strip():
        raise QuestionMissing('Send the question as JSON: {"message": "your question"}.')
    if len(question) > MOST_CHARACTERS:
        raise QuestionTooLong(f"The question has {len(question):,} characters; {MOST_CHARACTERS:,} are the most.")
    # What no database and no format can hold is no part of a question.
    asked = printable(question).strip()
    if all(unicodedata.category(one) in _INVISIBLE or one in _BLANKS for one in asked):
        raise QuestionMissing("There are no words in the question.")
    return asked


def require_shape(conversation: str | None) -> None:
    """What cannot be an id never reaches the database: not every text can be asked for there."""
    if conversation is not None and not is_id(conversation):
        raise unknown_conversation()


def require_readable(job: JobView) -> None:
    status = job.status.value
    if not job.status.is_final:
        done = f"{job.pages_done} of {job.page_count} pages are done" if job.page_count else "it has just come in"
        raise NotFinished(f"This document is still being read ({done}): ask again in a moment.", status=status)
    if not job.pages_read + job.pages_blank:
        if job.status is Status.CANCELLED:
            raise NothingRead(
                "Reading this document was stopped before any page was read: read it again to ask about it.",
                status=status,
            )
        raise NothingRead(f"There is nothing to ask about: {job.error}", status=status)


def unknown_conversation() -> NoSuchConversation:
    return NoSuchConversation("This job has no such conversation: leave it out to go on with the latest one.")
