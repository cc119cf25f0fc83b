"""How a document is to be read: one frozen value that fits in a job row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args

from ocrchat.engines.language_names import resolve_all
from ocrchat.errors import BadPageRange, UnknownTier

Tier = Literal["cpu", "vlm"]
TIERS: tuple[Tier, ...] = get_args(Tier)

_RANGE = re.compile(r"(?:(\d{1,7})?-(\d{1,7})?|(\d{1,7}))")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadOptions:
    tier: str = "cpu"
    engine: str = ""
    """A name of the registry; empty: the tier's own."""
    languages: tuple[str, ...] = ()
    """Any spelling of engines/language_names.py, several joined by "+"; kept as BCP 47. Empty: found by themselves."""
    pages: str = ""
    """"1,4-6,10-"; empty: all."""
    force_ocr: bool = False
    """Read the pixels even where a PDF has a text layer."""

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            near = get_close_matches(self.tier, TIERS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise UnknownTier(f"There is no tier {self.tier!r}: choose {' or '.join(TIERS)}.{hint}")
        parse_pages(self.pages)
        object.__setattr__(self, "languages", resolve_all(self.languages))


def parse_pages(text: str) -> tuple[tuple[int, int | None], ...]:
    """First and last number of each range; None for "to the end"."""
    ranges = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _RANGE.fullmatch(part.replace(" ", "").replace("–", "-"))
        if match is None or part == "-":
            raise BadPageRange(f"Cannot read {part!r} as pages: write them as 1,4-6,10-.")
        first, last, single = match.groups()
        start = int(single or first or 1)
        end = int(single) if single else (int(last) if last else None)
        if start < 1 or (end is not None and end < start):
            raise BadPageRange(f"Cannot read {part!r} as pages: they count from 1 upwards.")
        ranges.append((start, end))
    if text.strip() and not ranges:
        raise BadPageRange(f"Cannot read {text!r} as pages: write them as 1,4-6,10-.")
    return tuple(ranges)


def select_pages(text: str, *, page_count: int) -> tuple[int, ...]:
    """The numbers meant, each once, in the order of the document. A range may reach beyond its end, so that "1-5" does
    for a folder of short and long files."""
    ranges = parse_pages(text)
    if not ranges:
        return tuple(range(1, page_count + 1))
    numbers: set[int] = set()
    for first, last in ranges:
        if first > page_count:
            raise BadPageRange(f"There is no page {first}: the document has {page_count}.")
        numbers.update(range(first, min(last or page_count, page_count) + 1))
    return tuple(sorted(numbers))
