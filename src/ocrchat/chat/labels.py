"""Labels of known fields in a text: the longest at each place, so that "Total HT" is not a total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ocrchat.chat.fields import FIELDS, Field, Label
from ocrchat.chat.question_kinds import KIND_TERMS
from ocrchat.chat.question_words import STOP_TERMS
from ocrchat.chat.table_words import PRICED
from ocrchat.chat.terms import Spot, spots_of

if TYPE_CHECKING:
    from ocrchat.chat.question import Part


_CURRENCIES = frozenset(("eur", "usd", "gbp", "chf", "inr", "jpy", "cny", "pln", "rwf"))

# Grammar elsewhere, and what tells "Check in" from "Check out" on a form.
_PARTICLES = frozenset(("in", "out", "from", "to", "off", "up"))
# How much of a label must be asked for, and how much of what is asked for must be in the label.
_OF_LABEL = 0.6
_OF_QUESTION = 0.6
_LABEL_LENGTH = 60


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
    # "Montant EUR HT" is "Montant HT".
    spots = tuple(spot for spot in spots_of(text) if spot.term not in _CURRENCIES)
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


def generic_hits(text: str, part: Part, rarity: Callable[[str], float]) -> Iterator[tuple[LabelHit, float]]:
    """The beginning of a line, up to a colon where there is one, that says what a question without a known field asks
    for; with how well it does."""
    colon = min((place for sign in ":：" if (place := text.find(sign)) > 0), default=len(text))
    if colon > _LABEL_LENGTH:
        return
    label = [spot for spot in spots_of(text[:colon]) if spot.term not in STOP_TERMS or spot.term in _PARTICLES]
    if not label:
        return
    known = {spot.term for spot in label}
    named = part.named_terms
    if known <= named and set(part.terms) - named - KIND_TERMS:
        # Whose value it is, and not which.
        return
    best = 0.0
    for terms in _asked(part):
        if part.kind == "amount":
            terms = tuple(term for term in terms if term not in PRICED) or terms
        best = max(best, _likeness(known, {term: rarity(term) for term in terms}, part))
    if best > 0:
        yield LabelHit(_UNKNOWN, _ANY, label[0].start, label[-1].end, len(label)), best


def _asked(part: Part) -> Iterator[tuple[str, ...]]:
    """All that is asked for, and what is left without the names: those may say whose value is meant."""
    yield part.terms
    named = part.named_terms
    rest = tuple(term for term in part.terms if term not in named)
    if rest and named:
        yield rest


def _likeness(known: set[str], asked: dict[str, float], part: Part) -> float:
    both = known & (set(asked) | set(part.synonyms))
    if not both - KIND_TERMS:
        return 0.0
    of_label = len(both) / len(known)
    total = sum(weight * (0.4 if term in KIND_TERMS else 1.0) for term, weight in asked.items())
    reached = sum(
        weight * (0.4 if term in KIND_TERMS else 1.0)
        for term, weight in asked.items()
        if term in known or any(term in part.synonyms.get(one, ()) for one in known)
    )
    of_question = reached / total if total else 0.0
    if of_label < _OF_LABEL or of_question < _OF_QUESTION:
        return 0.0
    return 2 * of_label * of_question / (of_label + of_question)


_ANY = Label(())
_UNKNOWN = Field("", "text", ())
