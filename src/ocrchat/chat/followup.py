"""What a question means after those before it: "And on page 2?", "and for 2016?", "When is it due?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrchat.chat.page_words import asked_pages
from ocrchat.chat.question import content_terms, language_of, parse_question

# Fewer words than this say too little to be searched for alone.
_FEW = 2
_OPENINGS = re.compile(
    r"^\s*(?:and|what about|how about|also|et|y|e|und|oder|i|a|και|و|ماذا عن|que tal|qué tal|y qué|wie steht es mit|"
    r"kandi|और|那么|那|では|じゃあ)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|this|that|those|these|he|she|his|her|same|lui|elle|leur|dieser|diese|es|ihn|ihr|eso|esa|"
    r"ese|isso|ele|ela|to|ten|jego|jej|αυτό|αυτή|αυτός)\b",
    re.IGNORECASE,
)


def understood(question: str, earlier: Sequence[str], *, page_count: int) -> str:
    """The question to be searched for: its own words, with the last question's where they are needed."""
    if not earlier:
        return question
    last = earlier[-1]
    parsed = parse_question(question, page_count=page_count)
    if any(part.field is not None for part in parsed.parts):
        return question
    terms = [term for term in content_terms(question, language_of(question)) if not term.isdigit()]
    if not terms and parsed.pages is not None:
        return f"{asked_pages(last, page_count)[1]} {question}"
    if not terms and (years := _YEAR.findall(question)):
        # Another year of the same.
        return _YEAR.sub(years[0], last) if _YEAR.search(last) else f"{last} {question}"
    if len(terms) <= _FEW and (_OPENINGS.search(question) or _POINTS_BACK.search(question)):
        return f"{last.rstrip(' ?？؟;')} {question}"
    return question
