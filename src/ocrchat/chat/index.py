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

from ocrchat.chat.terms import terms_of

# The usual values; measured ones differ by less than a question.
_SATURATION = 1.2
_LENGTH = 0.75

Scores = npt.NDArray[np.float32]


class TermIndex:
    """Texts by number, each as its terms."""

    def __init__(self) -> None:
        self._texts: dict[str, array[int]] = {}
        self._counts: dict[str, array[int]] = {}
        self._lengths = array("f")

    def add(self, terms: Sequence[str]) -> None:
        number = len(self._lengths)
        self._lengths.append(len(terms))
        for term, count in Counter(terms).items():
            if term in self._texts:
                self._texts[term].append(number)
                self._counts[term].append(count)
            else:
                self._texts[term] = array("i", (number,))
                self._counts[term] = array("i", (count,))

    def __len__(self) -> int:
        return len(self._lengths)

    def __contains__(self, term: str) -> bool:
        return term in self._texts

    @property
    def vocabulary(self) -> Iterable[str]:
        return self._texts

    def with_all(self, terms: Iterable[str]) -> list[int]:
        """The texts in which every term occurs."""
        found: set[int] | None = None
        for term in terms:
            texts = set(self._texts.get(term, ()))
            found = texts if found is None else found & texts
        return sorted(found or ())

    def frequency(self, term: str) -> int:
        """In how many texts the term occurs."""
        return len(self._texts.get(term, ()))

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
            if term not in self._texts:
                continue
            texts = np.frombuffer(self._texts[term], np.intc)
            counts = np.frombuffer(self._counts[term], np.intc).astype(np.float32)
            part = counts * (_SATURATION + 1) / (counts + norm[texts])
            total[texts] += np.float32(weight * self.rarity(term)) * part
        return total


def term_weights(text: str) -> dict[str, float]:
    return dict.fromkeys(terms_of(text), 1.0)
