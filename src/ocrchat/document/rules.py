"""Straight rules on a page, from pixels or from what a PDF draws. Pixels of the upright page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ocrchat.document.model import Box


@dataclass(frozen=True, slots=True)
class Rules:
    """Thin boxes, wherever they come from; pieces of one rule may be apart."""

    across: tuple[Box, ...] = ()
    down: tuple[Box, ...] = ()

    def scaled(self, factor: float) -> Rules:
        def scale(boxes: Iterable[Box]) -> tuple[Box, ...]:
            return tuple(Box(*(value * factor for value in box)) for box in boxes)

        return Rules(scale(self.across), scale(self.down))


NO_RULES = Rules()


class Span(NamedTuple):
    """A stretch of one axis."""

    start: float
    end: float


def joined_spans(spans: Iterable[Span], gap: float) -> list[Span]:
    """Sorted, with those that overlap or lie within `gap` of each other as one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end + gap:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def joined_rules(rules: Rules, *, aside: float, gap: float) -> Rules:
    """Pieces of one rule as one: at most `aside` apart across their direction and `gap` along it."""
    down = _joined(rules.down, aside, gap)
    flipped = _joined([_flip(box) for box in rules.across], aside, gap)
    return Rules(tuple(_flip(box) for box in flipped), tuple(down))


def _flip(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)


def _joined(down: Iterable[Box], aside: float, gap: float) -> list[Box]:
    """Of rules that run down the page."""
    columns: list[list[Box]] = []
    for box in sorted(down, key=lambda box: box.left + box.right):
        middle = (box.left + box.right) / 2
        if columns and middle - (columns[-1][-1].left + columns[-1][-1].right) / 2 <= aside:
            columns[-1].append(box)
        else:
            columns.append([box])
    result = []
    for column in columns:
        for start, end in joined_spans((Span(box.top, box.bottom) for box in column), gap):
            within = [box for box in column if box.top <= end and box.bottom >= start]
            result.append(Box(min(box.left for box in within), start, max(box.right for box in within), end))
    return result
