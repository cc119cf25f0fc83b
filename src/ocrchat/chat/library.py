"""What is asked about, indexed: the passages of one or several documents, found by words, pages and nearness.

Made once a document and kept; a question costs milliseconds. The score of a passage is BM25 of the passage and of its
page together: a page that is about something helps its passages, and the passage tells where on it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ocrchat.chat.grids import Grid, grids_of
from ocrchat.chat.index import Scores, TermIndex
from ocrchat.chat.lines import PageLine, PageText, page_text
from ocrchat.chat.passages import Headings, Passage, passages_of_page
from ocrchat.chat.question import Question, parse_question, weights_of
from ocrchat.chat.question_words import WORDS
from ocrchat.chat.statements import statements_asked, statements_on
from ocrchat.chat.terms import terms_of, words_of
from ocrchat.document.model import Page

# How much of a passage's score is its page's.
_PAGE_SHARE = 0.25
# A page that is the financial statement in which the figures asked for stand.
_STATEMENT = 1.7
# What a document is, who wrote it and when stands on its first page.
_FIRST_PAGE = 1.15
# For each two words of the question that stand side by side in a passage as they do in the question.
_ADJACENT = 0.1
# Passages looked at more closely than by their words alone.
_CLOSER = 80
# Pages whose tables are kept once they were asked about.
_GRIDS = 64


@dataclass(frozen=True, slots=True)
class Found:
    passage: int
    score: float


def plain_words(text: str) -> str:
    """Whole words with a space around each, grammar aside, to look for names in."""
    return f" {' '.join(word for word in words_of(text) if word not in WORDS['en'])} "


class Library:
    """The pages of one document. Requests share it: what it finds once made depends on nothing but the pages."""

    def __init__(self, pages: Iterable[Page], title: str = "") -> None:
        self.title = title
        self.pages: list[PageText] = []
        self.passages: list[Passage] = []
        self.terms_of_passage: list[tuple[str, ...]] = []
        self._grids: dict[int, tuple[Grid, ...]] = {}
        self._by_passage = TermIndex()
        self._by_page = TermIndex()
        headings = Headings()
        for page in pages:
            self._add(page_text(page), headings)
        self._page_of = np.array([passage.page for passage in self.passages], np.intp)
        self._statements = [statements_on(page) for page in self.pages]
        self._index_of_page = {page.number: index for index, page in enumerate(self.pages)}
        self._row_of_passage = np.array([self._index_of_page[passage.page] for passage in self.passages], np.intp)

    def _add(self, page: PageText, headings: Headings) -> None:
        self.pages.append(page)
        on_page: list[str] = []
        for passage in passages_of_page(page, headings):
            terms = terms_of(passage.text)
            on_page += terms
            self.passages.append(passage)
            self.terms_of_passage.append(tuple(terms))
            own = passage.text.startswith(passage.heading[:40]) if passage.heading else True
            self._by_passage.add(terms if own else terms + terms_of(passage.heading))
        self._by_page.add(on_page)

    @property
    def page_count(self) -> int:
        return max((page.number for page in self.pages), default=0)

    def page(self, number: int) -> PageText | None:
        index = self._index_of_page.get(number)
        return None if index is None else self.pages[index]

    def grids(self, number: int) -> tuple[Grid, ...]:
        """The tables of a page."""
        found = self._grids.get(number)
        if found is None:
            page = self.page(number)
            found = grids_of(page) if page is not None else ()
            # Two who ask at once make the same twice, and neither sees half of it.
            self._grids[number] = found
            if len(self._grids) > _GRIDS:
                self._grids = {number: found}
        return found

    def passage_of(self, line: PageLine) -> int:
        """The number of the passage that a line is in."""
        first = int(np.searchsorted(self._page_of, line.page))
        last = int(np.searchsorted(self._page_of, line.page, side="right"))
        return next(index for index in range(first, last) if line in self.passages[index].lines)

    def neighbours(self, index: int) -> list[int]:
        """The passages before and after it on its page."""
        own = self.passages[index].page
        return [
            other
            for other in (index - 1, index + 1)
            if 0 <= other < len(self.passages) and self.passages[other].page == own
        ]

    def terms_of_page(self, number: int) -> set[str]:
        first = int(np.searchsorted(self._page_of, number))
        last = int(np.searchsorted(self._page_of, number, side="right"))
        return {term for index in range(first, last) for term in self.terms_of_passage[index]}

    def knows(self, term: str) -> bool:
        return term in self._by_passage

    def rarity(self, term: str) -> float:
        return self._by_passage.rarity(term)

    def has_phrase(self, words: Sequence[str]) -> bool:
        """Whether the words, as words_of gives them, follow each other anywhere, grammar aside."""
        terms = [term for word in words for term in terms_of(word)]
        phrase = f" {' '.join(words)} "
        return any(phrase in plain_words(self.passages[index].text) for index in self._by_passage.with_all(terms))

    def page_share(self, term: str) -> float:
        """On how much of the pages the term occurs."""
        return self._by_page.frequency(term) / max(1, len(self.pages))

    def find(
        self,
        weights: Mapping[str, float],
        order: Sequence[str],
        *,
        asked: Sequence[str] = (),
        pages: frozenset[int] | None = None,
        most: int = 20,
    ) -> list[Found]:
        """The best passages first; `order`: the question's content as its terms follow each other, `asked`: all of its
        terms."""
        if not self.passages:
            return []
        scores = self._scores(weights, statements_asked(list(asked)))
        if pages is not None:
            # A page that is asked for is answered from, even where few of its words are the question's.
            scores = np.where(np.isin(self._page_of, list(pages)), scores + np.float32(1e-3), 0)
        count = min(len(scores), max(most, _CLOSER))
        best = np.argpartition(-scores, count - 1)[:count]
        pairs = {(a, b) for a, b in itertools.pairwise(order)}
        found = [
            Found(int(index), float(scores[index]) * (1 + _ADJACENT * self._adjacent(int(index), pairs)))
            for index in best
            if scores[index] > 0
        ]
        return sorted(found, key=lambda one: (-one.score, one.passage))[:most]

    def best_pages(self, found: Iterable[Found], most: int = 3) -> list[int]:
        return list(dict.fromkeys(self.passages[one.passage].page for one in found))[:most]

    def _scores(self, weights: Mapping[str, float], statements: frozenset[int]) -> Scores:
        by_page = self._by_page.scores(weights)
        scores: Scores = (1 - _PAGE_SHARE) * self._by_passage.scores(weights) + _PAGE_SHARE * by_page[
            self._row_of_passage
        ]
        scores[self._row_of_passage == 0] *= _FIRST_PAGE
        if statements:
            fitting = [index for index, found in enumerate(self._statements) if found & statements]
            scores[np.isin(self._row_of_passage, fitting)] *= _STATEMENT
        return scores

    def _adjacent(self, index: int, pairs: set[tuple[str, str]]) -> int:
        terms = self.terms_of_passage[index]
        return len(pairs & set(itertools.pairwise(terms))) if pairs else 0


def find_for(library: Library, question: Question, *, most: int = 20) -> list[Found]:
    """The passages that a whole question is about."""
    order = [term for part in question.parts for term in part.terms]
    return library.find(
        weights_of(question.parts), order, asked=terms_of(question.text), pages=question.pages, most=most
    )


def pages_found(library: Library, text: str, most: int = 3) -> list[int]:
    question = parse_question(text, page_count=library.page_count)
    return library.best_pages(find_for(library, question), most)
