"""Labels of known fields in a text: the longest at each place, so that "Total HT" is not a total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ocrchat.chat.fields import FIELDS, Field, Label
from ocrchat.chat.terms import Spot, spots_of


@dataclass(frozen=True, slots=True)
class LabelHit:
    field: Field
    label: Label
    start: int
    end: int
    """Characters of the text."""
    terms: int


@lru_cache(maxsize=1)
def _labels_by_first_term() -> dict[str, tuple[tuple[Label, Field], ...]]:
    found: dict[str, list[tuple[Label, Field]]] = {}
    for field in FIELDS.values():
        for label in field.labels:
            found.setdefault(label.terms[0], []).append((label, field))
    return {term: tuple(sorted(labels, key=lambda one: -len(one[0].terms))) for term, labels in found.items()}


@lru_cache(maxsize=8192)
def _hits(text: str) -> tuple[LabelHit, ...]:
    spots = spots_of(text)
    found: list[LabelHit] = []
    index = 0
    while index < len(spots):
        longest = 0
        for label, field in _labels_by_first_term().get(spots[index].term, ()):
            size = len(label.terms)
            if size < longest:
                break
            if _matches(spots, index, label.terms):
                longest = size
                found.append(LabelHit(field, label, spots[index].start, spots[index + size - 1].end, size))
        index += max(1, longest)
    return tuple(found)


def label_hits(text: str, fields: Iterable[Field]) -> Iterator[LabelHit]:
    """By place. Where one label names several fields ("IVA"), each is given."""
    wanted = {field.name for field in fields}
    return (hit for hit in _hits(text) if hit.field.name in wanted)


def _matches(spots: tuple[Spot, ...], index: int, terms: tuple[str, ...]) -> bool:
    if index + len(terms) > len(spots):
        return False
    return all(spots[index + offset].term == term for offset, term in enumerate(terms))
