"""Whether a passage speaks of what is asked: the line between an answer and "the document does not say".

What the question names and numbers MUST be where the answer is taken from; of its other words so many that the passage
cannot well be about something else. A word counts less the further from the passage it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ocrchat.chat.library import Library, plain_words
from ocrchat.chat.passages import Passage
from ocrchat.chat.question import Part
from ocrchat.chat.terms import number_term, terms_of
from ocrchat.chat.values import find_values

# What a word of the question counts by where it stands.
_HERE, _MEANT, _HEADING, _NEAR, _ON_PAGE, _SUBJECT = 1.0, 0.9, 0.9, 0.7, 0.45, 0.8
# A word on more of the pages than this is what the document is about.
_SUBJECT_SHARE = 0.5
_SUBJECT_PAGES = 4
# A word that the document does not have weighs this much of a rare one that it has: people ask in words of their own.
_UNKNOWN = 0.8
# Words that many questions have and that say little about the matter.
_LIGHT = frozenset(
    terms_of(
        "number name date amount value title time year total percent percentage word words kind type main primary "
        "day week month hour "
        "happen occur compare compared absolute drive drove cause lead involve relate regard concern describe "
        "discuss usd dollar million thousand billion unit explain mention contain include collectively altogether "
        "represent many much two three four five page report document guidebook article paper form come came go "
        "went take took make made give gave keep kept put become became seem look begin began start end show move "
        "bring continue follow consider appear stay remain hold held receive "
    )
)
_LIGHT_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Support:
    coverage: float
    """0..1: of the question's words, by what they tell."""
    here: float
    """0..1: of those words, what the passage itself says, in these words or in others."""
    missing: tuple[str, ...]
    """Names and numbers of the question that are not where the answer would be taken from."""


class Judge:
    """Of one library and one part of a question."""

    def __init__(self, library: Library, part: Part) -> None:
        self._library = library
        self._part = part
        self._dates: dict[int, frozenset[str]] = {}

    def support(self, index: int) -> Support:
        library = self._library
        passage = library.passages[index]
        here = set(library.terms_of_passage[index])
        heading = set(terms_of(f"{passage.heading} {passage.head}"))
        near = {
            term
            for other in (index - 1, index + 1)
            if 0 <= other < len(library.passages) and library.passages[other].page == passage.page
            for term in library.terms_of_passage[other]
        }
        page = self._page_terms(passage)
        around = self._around(index, passage)
        missing = tuple(" ".join(name) for name in self._part.names if not self._is_named(name, around)) + tuple(
            number for number in self._part.numbers if not self._is_numbered(number, page | heading)
        )
        missing += tuple(date for date in self._part.dates if not self._is_dated(date, passage.page))
        return Support(self._coverage(here, heading, near, page), self._coverage(here, set(), set(), set()), missing)

    def coverage_by(self, terms: set[str], heading: str) -> float:
        """0..1: of the question's words, what these terms and the heading over them say."""
        return self._coverage(terms, set(terms_of(heading)), set(), set())

    def _coverage(self, here: set[str], heading: set[str], near: set[str], page: set[str]) -> float:
        total = reached = 0.0
        for term in self._part.terms:
            weight = self.weight(term)
            total += weight
            reached += weight * self._presence(term, here, heading, near, page)
        return reached / total if total else 0.0

    def weight(self, term: str) -> float:
        weight = self._library.rarity(term) if self._library.knows(term) else _UNKNOWN * self._library.rarity(term)
        return (0.3 + weight) * (_LIGHT_WEIGHT if term in _LIGHT else 1.0)

    def is_subject(self, term: str) -> bool:
        """Whether the whole document is about it, so that no row or column need say so."""
        return term in self._subject or self._is_everywhere(term)

    def _is_everywhere(self, term: str) -> bool:
        """Of a page or two each word is on half of them: that makes it nobody's subject."""
        is_long = len(self._library.pages) >= _SUBJECT_PAGES
        return is_long and self._library.page_share(term) >= _SUBJECT_SHARE

    def _presence(self, term: str, here: set[str], heading: set[str], near: set[str], page: set[str]) -> float:
        if term in here or self._likes(term, here):
            return _HERE
        others = {other for other, origins in self._part.synonyms.items() if term in origins}
        if others & here:
            return _MEANT
        if term in heading:
            return _HEADING
        if term in self._subject or self._is_everywhere(term):
            return _SUBJECT
        if term in near or others & heading:
            return _NEAR
        return _ON_PAGE if term in page else 0.0

    def _likes(self, term: str, terms: Iterable[str]) -> bool:
        """A word that the document does not know, one letter from one that stands here: misread or mistyped."""
        if self._library.knows(term) or len(term) < 6 or not term.isalpha():
            return False
        return any(abs(len(term) - len(other)) <= 1 and _one_edit(term, other) for other in terms)

    def _is_named(self, name: tuple[str, ...], around: str) -> bool:
        """A name of one word must be one that the document knows. A longer one that the document has as it is must
        stand here, or be what the document is about; of one that it words otherwise, each word must, beside its
        neighbour."""
        if len(name) == 1:
            return self._library.has_phrase(name) or self._has_other_word(name[0])
        phrase = f" {' '.join(name)} "
        if phrase in around or any(phrase in text for text in self._opening):
            return True
        if self._library.has_phrase(name) or not all(self._go_together(pair) for pair in pairwise(name)):
            return False
        return all(
            f" {word} " in around or any(f" {word} " in text for text in self._opening) or self._has_other_word(word)
            for word in name
        )

    def _is_numbered(self, number: str, around: set[str]) -> bool:
        """A year or number must be on the page, unless it is the whole document's."""
        term = number_term(number)
        return term in around or self._is_everywhere(term) or any(f" {number} " in text for text in self._opening)

    def _is_dated(self, date: str, number: int) -> bool:
        """A date of the question must be on the page, or on the first: a May of another year is another May."""
        return any(date in self._dates_of(page) or self._has_day(date, page) for page in (number, 1))

    def _has_day(self, date: str, number: int) -> bool:
        """ "May 2016" is there where a day of it is; "May 3" where that of any year is."""
        plain = date.removeprefix("----")
        return any(
            other.startswith(plain) or (plain != date and other.endswith(plain)) for other in self._dates_of(number)
        )

    def _dates_of(self, number: int) -> frozenset[str]:
        page = self._library.page(number)
        if page is None:
            return frozenset()
        if number not in self._dates:
            texts = [line.text for line in page.lines]
            # A date may be broken over two lines.
            joined = (f"{one} {other}" for one, other in pairwise(texts))
            self._dates[number] = frozenset(
                value.meaning for text in (*texts, *joined) for value in find_values(text, "date")
            )
        return self._dates[number]

    def _go_together(self, pair: tuple[str, str]) -> bool:
        """Two words of a name that the document never puts side by side name something else, unless one is a word for
        what the document words otherwise ("AGM")."""
        return self._library.has_phrase(pair) or any(self._has_other_word(word) for word in pair)

    def _has_other_word(self, word: str) -> bool:
        terms = terms_of(word)
        unknown = not any(self._library.knows(term) for term in terms)
        return unknown and any(set(terms) & origins for origins in self._part.synonyms.values())

    @cached_property
    def _opening(self) -> list[str]:
        """What the document is called, and what stands on its first page: whose document it is."""
        pages = self._library.pages[:1]
        texts = [self._library.title, *(line.text for page in pages for line in page.lines)]
        return [plain_words(text) for text in texts]

    @cached_property
    def _subject(self) -> set[str]:
        found = set(terms_of(self._library.title))
        for page in self._library.pages[:1]:
            heads = [line for line in page.lines if line.role in ("title", "heading")]
            found.update(term for line in heads if line.block == heads[0].block for term in terms_of(line.text))
        return found

    def _around(self, index: int, passage: Passage) -> str:
        passages = self._library.passages[max(0, index - 1) : index + 2]
        texts = [one.text for one in passages if one.page == passage.page]
        return plain_words("\n".join([passage.heading, *texts]))

    def _page_terms(self, passage: Passage) -> set[str]:
        return self._library.terms_of_page(passage.page)


def _one_edit(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) > len(other):
        one, other = other, one
    for place, letter in enumerate(one):
        if letter != other[place]:
            rest = one[place:]
            return rest[1:] == other[place + 1 :] if len(one) == len(other) else rest == other[place + 1 :]
    return True
