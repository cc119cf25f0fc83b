"""Answers without a model: a value where the question asks for one, the passage that answers where it asks for more,
and plainly that the document does not say where it does not.

Never a guess: a value comes with its label, a passage with the words of the question, and both with their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ocrchat.chat.cells import find_cells, names_of_rows
from ocrchat.chat.citations import Citation, cite_around, cite_lines
from ocrchat.chat.contacts import find_contacts
from ocrchat.chat.currencies import find_currency
from ocrchat.chat.facts import CLOSE, find_facts
from ocrchat.chat.fields import Field
from ocrchat.chat.head import head_of_document, owner_of_document
from ocrchat.chat.library import Library
from ocrchat.chat.lists import ItemList, find_list
from ocrchat.chat.overview import is_overview
from ocrchat.chat.pieces import Fact
from ocrchat.chat.question import Part, Question, parse_question
from ocrchat.chat.quotes import Quotable, find_quotable, opening_of
from ocrchat.chat.sentences import has_sentences, sentences_in
from ocrchat.chat.support import Judge

# From here on a label is taken for what was asked; a known field's words are surer than words that merely agree.
_FIELD_SCORE = 0.5
_GENERIC_SCORE = 0.72
# As many values as these are told where several are equally likely; more say nothing.
_MOST_VALUES = 4

Outcome = Literal["answered", "quoted", "not_said"]


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    citations: tuple[Citation, ...] = ()
    verified: bool = True
    """Whether each number, date and name in it stands in what it cites."""


@dataclass(frozen=True, slots=True)
class Answer:
    sentences: tuple[Sentence, ...]
    outcome: Outcome
    """Of the best part: a value, a passage, or neither."""

    @property
    def content(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(dict.fromkeys(citation for sentence in self.sentences for citation in sentence.citations))


@dataclass(frozen=True, slots=True)
class Source:
    """A document asked about, and what it goes by where there are several."""

    library: Library
    name: str = ""


def extractive_answer(sources: Sequence[Source], text: str) -> Answer:
    question = parse_question(text, page_count=max((source.library.page_count for source in sources), default=0))
    told = _Teller(sources, question)
    parts = [told.part(part) for part in question.parts]
    sentences = [sentence for _, found in parts for sentence in found]
    outcomes = [outcome for outcome, _ in parts]
    best: Outcome = "answered" if "answered" in outcomes else "quoted" if "quoted" in outcomes else "not_said"
    if best == "not_said" and len(sentences) > 1:
        # Nothing of several things: one sentence says it.
        sentences = [Sentence(told.words.not_said)]
    return Answer((*told.unread_pages(), *sentences), best)


class _Teller:
    def __init__(self, sources: Sequence[Source], question: Question) -> None:
        self._sources = sources
        self._question = question
        self.words = sentences_in(question.language)

    def part(self, part: Part) -> tuple[Outcome, list[Sentence]]:
        pages = self._question.pages
        longest = max((source.library.page_count for source in self._sources), default=0)
        if pages is not None and all(number > longest for number in pages):
            page = ", ".join(map(str, sorted(pages)))
            return "not_said", [Sentence(self.words.no_page.format(page=page, pages=longest))]
        if is_overview(self._question.text) or (pages is not None and not part.terms):
            return self._opening()
        # Of several documents each is asked: two invoices have two totals.
        told = (
            self._cells(part, number, source) or self._list(part, number, source) or self._value(part, number, source)
            for number, source in enumerate(self._sources)
        )
        found = [sentence for sentences in told for sentence in sentences]
        if found:
            return "answered", found
        # A form's field that no label names is not on the form, whatever else has words in common with the question.
        quoted = None if part.field is not None and part.field.kind not in ("name", "text") else self._quote(part)
        if quoted:
            return "quoted", [quoted]
        return "not_said", [self._not_said(part)]

    def _opening(self) -> tuple[Outcome, list[Sentence]]:
        """Of a question about the whole: how each document begins. No summary is made without a model."""
        sentences = []
        for number, source in enumerate(self._sources):
            opening = opening_of(source.library, self._question.pages)
            if opening is not None:
                sentences.append(self._quote_sentence(opening, number, source))
        return ("quoted", sentences) if sentences else ("not_said", [Sentence(self.words.not_said)])

    def unread_pages(self) -> list[Sentence]:
        """A page that was asked for and could not be read is said to be so."""
        if self._question.pages is None:
            return []
        unread = [
            number
            for source in self._sources
            for number in sorted(self._question.pages)
            if (page := source.library.page(number)) is not None and page.failed
        ]
        return [Sentence(self.words.not_read.format(page=", ".join(map(str, unread))))] if unread else []

    # --- values ---

    def _cells(self, part: Part, number: int, source: Source) -> list[Sentence]:
        """What a row and a column cross; of a field only where it is somebody's or something's."""
        if part.compared or (part.field is not None and not part.names):
            return []
        facts = find_cells(source.library, part, self._question.pages)
        if not facts and part.asks_who:
            facts = names_of_rows(source.library, part, self._question.pages)
        return [self._value_sentence(None, [fact], number, source) for fact in facts]

    def _value(self, part: Part, number: int, source: Source) -> list[Sentence]:
        pages = self._question.pages
        facts: Sequence[Fact] = ()
        if part.field is not None and part.field.name == "currency":
            fact = find_currency(source.library, pages)
            facts = [fact] if fact is not None else []
        else:
            facts = self._facts(part, source.library) or find_contacts(source.library, part, pages)
        if facts:
            return [self._value_sentence(part, facts, number, source)]
        if part.field is not None and part.field.name == "issuer":
            owner = owner_of_document(source.library, pages)
            if owner is not None:
                return [self._value_sentence(part, [owner], number, source)]
            head = head_of_document(source.library, pages)
            if head is not None:
                citations = cite_lines([head], number)
                text = self.words.head.format(value=self._quoted(head.text), page=self._place(head.page, source))
                return [Sentence(text, tuple(citations))]
        return []

    def _facts(self, part: Part, library: Library) -> list[Fact]:
        """Those that are as likely as the best one, which must be likely."""
        facts = [
            fact for fact in find_facts(library, part, self._question.pages) if self._is_about(part, library, fact)
        ]
        least = _FIELD_SCORE if part.field is not None else _GENERIC_SCORE
        if not facts or facts[0].score < least:
            return []
        close = [fact for fact in facts if fact.score >= CLOSE * facts[0].score]
        # What stands as a label with its value is surer than what a sentence says, whoever wrote that.
        close = [fact for fact in close if not fact.is_stated] or close
        # A total that is part of another line's is not in doubt: only what is said equally well is.
        return close[:_MOST_VALUES] if len(close) <= _MOST_VALUES else facts[:1]

    def _is_about(self, part: Part, library: Library, fact: Fact) -> bool:
        index = library.passage_of(fact.value[0].line)
        return not Judge(library, part).support(index).missing

    def _value_sentence(self, part: Part | None, facts: Sequence[Fact], number: int, source: Source) -> Sentence:
        citations = tuple(one for fact in facts for one in cite_around((*fact.label, *fact.value), number))
        name = self._name(part.field if part is not None else None, facts[0])
        if len(facts) == 1:
            fact = facts[0]
            place = self._place(fact.page, source)
            if part is None or part.field is None:
                # What the page calls it, and no word of a sentence.
                text = self.words.listed.format(name=name, values=fact.text, page=place)
            else:
                text = self.words.value.format(name=name, value=fact.text, page=place)
        else:
            values = "; ".join(f"{fact.text} (p. {self._place(fact.page, source)})" for fact in facts)
            text = self.words.several.format(name=name, values=values)
        return Sentence(text, citations)

    def _name(self, field: Field | None, fact: Fact) -> str:
        if field is None or not has_sentences(self._question.language):
            label = ", ".join(fact.labels) if field is None else fact.label_text
            return self._quoted(label or self._question.text.strip(" ?"))
        return self.words.name(field.name)

    # --- lists and passages ---

    def _list(self, part: Part, number: int, source: Source) -> list[Sentence]:
        if not _wants_many(part) and not part.counted:
            return []
        found = find_list(source.library, part, self._question.pages)
        if found is None or Judge(source.library, part).support(source.library.passage_of(found.items[0][0])).missing:
            return []
        return [self._list_sentence(part, found, number, source)]

    def _list_sentence(self, part: Part, found: ItemList, number: int, source: Source) -> Sentence:
        citations = cite_lines([*found.label, *(line for item in found.items for line in item)], number)
        place = self._place(found.page, source)
        if part.counted:
            text = self.words.count.format(count=len(found.items), name=self._quoted(found.label_text), page=place)
        else:
            values = "; ".join(found.texts)
            text = self.words.listed.format(name=self._quoted(found.label_text), values=values, page=place)
        return Sentence(text, tuple(citations))

    def _quote(self, part: Part) -> Sentence | None:
        best = None
        for number, source in enumerate(self._sources):
            quotable = find_quotable(source.library, part, self._question)
            if quotable is not None and (best is None or quotable.coverage > best[0].coverage):
                best = (quotable, number, source)
        if best is None:
            return None
        return self._quote_sentence(*best)

    def _quote_sentence(self, quotable: Quotable, number: int, source: Source) -> Sentence:
        citations = cite_lines(quotable.lines, number)
        snippets = " … ".join(citation.snippet for citation in citations)
        text = self.words.quote.format(quote=self._quoted(snippets), page=self._place(citations[0].page, source))
        return Sentence(text, tuple(citations))

    def _not_said(self, part: Part) -> Sentence:
        if len(self._question.parts) < 2:
            return Sentence(self.words.not_said)
        known = part.field is not None and has_sentences(self._question.language)
        what = self.words.name(part.field.name) if known and part.field is not None else part.text.strip(" ?")
        return Sentence(self.words.not_said_of.format(what=what))

    def _quoted(self, text: str) -> str:
        return f"{self.words.open_quote}{text}{self.words.close_quote}"

    def _place(self, page: int, source: Source) -> str:
        return f"{page}, {source.name}" if len(self._sources) > 1 and source.name else str(page)


def _wants_many(part: Part) -> bool:
    return part.listed and part.kind in (None, "name", "text")
