"""Are the confidences true? Of the words a reader is p sure of, the share p should be right.

A word is right when the truth has it: in its place by alignment, or else anywhere among the words no other claimed, so
that a column read early is not a hundred wrong words. Scripts without spaces are judged by character.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from bench.score import fold

# Finer towards 1, where most words are and where a service decides what to trust.
EDGES = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 0.99, 1.0)


@dataclass(frozen=True, kw_only=True)
class Bin:
    mean_confidence: float
    share_right: float
    count: int


def judge(truth: str, words: Sequence[tuple[str, float]], *, spaced: bool) -> list[tuple[float, bool]]:
    """Confidence and verdict for each word, or each character of an unspaced script. `truth` keeps its line breaks and
    their hyphens: words are as printed."""
    units = [
        (unit, confidence)
        for text, confidence in words
        for unit in (fold(text).split() if spaced else fold(text, spaced=False))
    ]
    expected = fold(truth, spaced=spaced).split() if spaced else list(fold(truth, spaced=False))
    right = [False] * len(units)
    unclaimed = Counter(expected)
    for block in Levenshtein.opcodes([unit for unit, _ in units], expected):
        if block.tag == "equal":
            for index in range(block.src_start, block.src_end):
                right[index] = True
                unclaimed[units[index][0]] -= 1
    for index, (unit, _) in enumerate(units):
        if not right[index] and unclaimed[unit] > 0:
            right[index] = True
            unclaimed[unit] -= 1
    return [(confidence, verdict) for (_, confidence), verdict in zip(units, right, strict=True)]


def bins_of(judged: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Without the empty ones; the last takes 1.0 in."""
    kept = list(judged)
    bins = []
    for low, high in pairwise(EDGES):
        within = [(c, right) for c, right in kept if low <= c < high or (high == EDGES[-1] and c >= high)]
        if within:
            bins.append(
                Bin(
                    mean_confidence=sum(confidence for confidence, _ in within) / len(within),
                    share_right=sum(right for _, right in within) / len(within),
                    count=len(within),
                )
            )
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean distance of confidence and truth, weighted by words."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.mean_confidence - one.share_right) for one in bins) / max(1, total)
