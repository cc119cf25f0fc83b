"""What is right: told without looking at how the answer came about.

The page's text is the plain text export's; a citation must stand in it, white space aside. An answer is right when it,
or the passage it quotes, holds what the set says.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache

from bench.chat_cases import Asked
from ocrchat.chat.answers import Answer
from ocrchat.chat.citations import Citation
from ocrchat.chat.values import find_values, number_meaning
from ocrchat.document.model import Document, Page
from ocrchat.export.plain import PlainExporter
from ocrchat.export.spec import ExportOptions

# Of an answer of several parts, this much must be there; of the words of one in prose too.
_ENOUGH = 0.5
_ENOUGH_WORDS = 0.6
_WORDS = re.compile(r"\w+")
# Words that say nothing of whether a passage is the right one.
_COMMON = frozenset("the a an of to in and or for by is was were be its it on as at with from that this".split())  # noqa: SIM905


def text_of_page(document: Document, page: Page) -> str:
    sink = io.BytesIO()
    # Running heads are on the page too.
    PlainExporter().export(document.head, [page], sink, source=None, options=ExportOptions(furniture=True))
    return sink.getvalue().decode()


def squeezed(text: str) -> str:
    return "".join(text.split())


def is_verbatim(citation: Citation, document: Document) -> bool:
    page = next((page for page in document.pages if page.number == citation.page), None)
    return page is not None and squeezed(citation.snippet) in squeezed(text_of_page(document, page))


def bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if character.isalnum())


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORDS.findall(text.casefold()) if word not in _COMMON)


def is_right(asked: Asked, answer: Answer) -> bool:
    """The value or the passage."""
    if answer.outcome == "not_said":
        return False
    return has_value(asked, answer) or has_passage(asked, answer)


def has_value(asked: Asked, answer: Answer) -> bool:
    told = " ".join([answer.content, *(citation.snippet for citation in answer.citations)])
    held = [gold for gold in asked.gold if _holds(told, gold)]
    return bool(asked.gold) and len(held) >= max(1, _ENOUGH * len(asked.gold))


def _holds(told: str, gold: str) -> bool:
    """A number as a number of its own, a date as a date, words as they are or most of them."""
    if re.fullmatch(r"[-$€£]?[\d.,]+%?", gold.strip()):
        wanted = number_meaning(gold)
        return any(
            value.meaning == wanted for kind in ("number", "amount", "percent") for value in find_values(told, kind)
        )
    if re.fullmatch(r"\d{4}-\d\d-\d\d", gold):
        return any(_same_day(value.meaning, gold) for value in find_values(told, "date"))
    if bare(gold) in bare(told):
        return True
    words = _words(gold)
    return len(words) > 3 and len(words & _words(told)) >= _ENOUGH_WORDS * len(words)


def _same_day(one: str, gold: str) -> bool:
    """01/05/2022 is the fifth of January or the first of May: the printed figures agree either way."""
    year, month, day = gold.split("-")
    return one in (gold, f"{year}-{day}-{month}")


def has_passage(asked: Asked, answer: Answer) -> bool:
    """Whether what is quoted is of the text that the set says the answer rests on; of its pages, where it names only
    those."""
    if not asked.evidence:
        return bool(answer.citations) and answer.citations[0].page in asked.pages
    for citation in answer.citations:
        words = _words(citation.snippet)
        if citation.page not in asked.pages or len(words) < 4:
            continue
        if any(len(words & _words(text)) >= 0.8 * len(words) for text in asked.evidence):
            return True
    return False


# --- fields ----------------------------------------------------------------------------------------------------------


def pages_printing(asked: Asked, texts: Sequence[str]) -> frozenset[int]:
    """Pages on which the field's value is printed, in any writing of it."""
    return frozenset(number for number, text in enumerate(texts, 1) if _is_printed(asked, text))


def _is_printed(asked: Asked, text: str) -> bool:
    gold = asked.gold[0]
    if asked.field.startswith("date"):
        return any(value.meaning == gold for value in find_values(text, "date"))
    if asked.field.startswith("amount"):
        wanted = number_meaning(gold)
        return any(value.meaning == wanted for kind in ("amount", "number") for value in find_values(text, kind))
    if asked.field == "currency":
        return re.search(rf"\b{re.escape(gold)}\b", text) is not None
    return bare(gold) in bare(text)


def is_exact(asked: Asked, answer: Answer) -> bool:
    """One value, and the right one; several to choose from are not exact."""
    if answer.outcome != "answered":
        return False
    gold, told = asked.gold[0], answer.content.rsplit("(p.", 1)[0]
    if asked.field.startswith("date"):
        return [value.meaning for value in find_values(told, "date")] == [gold]
    if asked.field.startswith("amount"):
        values = find_values(told, "amount") or find_values(told, "number")
        return [value.meaning for value in values] == [number_meaning(gold)]
    return bare(gold) in bare(told) and answer.content.count("(p.") == 1


# --- the peer --------------------------------------------------------------------------------------------------------


class PlainBM25:
    """Over whole pages and plain words: what a question is answered with before anybody thinks about it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._pages = [Counter(_WORDS.findall(text.lower())) for text in texts]
        self._frequency = Counter(word for page in self._pages for word in page)
        self._lengths = [page.total() for page in self._pages]
        self._mean = max(1.0, sum(self._lengths) / max(1, len(texts)))

    def best(self, question: str, most: int = 3) -> list[int]:
        words = set(_WORDS.findall(question.lower()))
        scores = [(self._score(index, words), -index) for index in range(len(self._pages))]
        return [1 - index for _, index in sorted(scores, reverse=True)[:most]]

    def _score(self, index: int, words: set[str]) -> float:
        page, length = self._pages[index], self._lengths[index]
        total = 0.0
        for word in words:
            count = page[word]
            if count:
                rarity = math.log(1 + (len(self._pages) - self._frequency[word] + 0.5) / (self._frequency[word] + 0.5))
                total += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / self._mean))
        return total
