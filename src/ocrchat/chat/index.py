"""BM25 over passages and over pages, in memory, made once a document.

Postings are arrays by term, so that a question costs as much as its terms occur, not as much as the document is long.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

# The usual values; measured ones differ by less than a question.
_SATURATION = 1.2
_LENGTH = 0.75

Scores = npt.NDArray[np.float32]


class TermIndex:
    """Texts by number, each as its terms."""

    def __init__(self) -> None:
        self._postings: dict[str, tuple[array[int], array[int]]] = {}
        """Of each term: numbers of texts, and how often it is in each."""
        self._lengths = array("f")

    def add(self, terms: Sequence[str]) -> None:
        number = len(self._lengths)
        self._lengths.append(len(terms))
        postings = self._postings
        for term, count in Counter(terms).items():
            found = postings.get(term)
            if found is None:
                postings[term] = (array("i", (number,)), array("i", (count,)))
            else:
                found[0].append(number)
                found[1].append(count)

    def __len__(self) -> int:
        return len(self._lengths)

    def __contains__(self, term: str) -> bool:
        return term in self._postings

    def terms(self) -> Iterable[str]:
        return self._postings.keys()

    def with_all(self, terms: Iterable[str]) -> list[int]:
        """The texts in which every term occurs."""
        found: set[int] | None = None
        for term in terms:
            texts = set(self._postings[term][0]) if term in self._postings else set()
            found = texts if found is None else found & texts
        return sorted(found or ())

    def frequency(self, term: str) -> int:
        """In how many texts the term occurs."""
        return len(self._postings[term][0]) if term in self._postings else 0

    def rarity(self, term: str) -> float:
        """Inverse document frequency: 0 and more."""
        count = self.frequency(term)
        return math.log(1 + (len(self) - count + 0.5) / (count + 0.5))

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """Of every text, for terms and what each weighs."""
        total = np.zeros(len(self), np.float32)
        if not len(self):
            return total
        lengths = np.frombuffer(self._lengths, np.float32)
        norm = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / max(1.0, float(lengths.mean())))
        for term, weight in weights.items():
            if term not in self._postings:
                continue
            numbers, occurrences = self._postings[term]
            texts = np.frombuffer(numbers, np.intc)
            counts = np.frombuffer(occurrences, np.intc).astype(np.float32)
            part = counts * (_SATURATION + 1) / (counts + norm[texts])
            total[texts] += np.float32(weight * self.rarity(term)) * part
        return total
