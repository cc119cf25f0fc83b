"""Other readings of a question that was not answered as it stands: a mistyped word read as the document's, and two
things asked for in one breath taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ocrchat.chat.library import Library
from ocrchat.chat.question import Question, parse_part
from ocrchat.chat.question_kinds import ORDINALS
from ocrchat.chat.support import is_one_edit
from ocrchat.chat.terms import folded, terms_of

_AND = re.compile(r"\s+(?:and|und|et|y|e|oraz|i|και|na|और)\s+(?:also\s+)?|\s+و|\s*[,、]\s*(?:and\s+)?", re.IGNORECASE)
_SHARING = re.compile(r"\b(?:respectively|between|both|together|altogether|combined|in total|in all|zusammen)\b")
_WORD = re.compile(r"[^\W\d_]{6,}")


def corrected(question: str, libraries: Iterable[Library]) -> str:
    """With words that no document has and that are one letter from one that they have; the question itself where there
    is none. Names are left as they are."""
    known = list(libraries)

    def mended(match: re.Match[str]) -> str:
        word = match.group()
        term = next(iter(terms_of(word)), "")
        if not word.islower() or len(term) < 5 or any(library.knows(term) for library in known):
            return word
        likely = {
            other
            for library in known
            for other in library.terms_like(term)
            if other.isalpha() and other[0] == term[0] and is_one_edit(term, other)
        }
        return likely.pop() if len(likely) == 1 else word

    return _WORD.sub(mended, question)


def taken_apart(question: Question) -> Question | None:
    """ "The total and the room number": two parts, where one part was all that could be seen."""
    if len(question.parts) != 1 or question.parts[0].compared:
        return None
    halves = [half for half in _AND.split(question.text) if half.strip(" ?!.")]
    if len(halves) != 2:
        return None
    first, second = (parse_part(half, question.language) for half in halves)
    if _SHARING.search(folded(question.text)) or (first is not None and set(first.terms[-1:]) & ORDINALS):
        # "The third and the fourth quarter" have their noun in common.
        return None
    if first is None or second is None or not first.terms or not second.terms:
        return None
    if second.field is None and second.kind is None and not second.asks_who and folded(halves[1])[:2] != "wh":
        # "How much is the parking and the minibar?"
        second = replace(second, kind=first.kind, figured=first.figured)
    return replace(question, parts=(first, second))
