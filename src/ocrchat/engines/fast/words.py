"""From a reading to a line of words with boxes, snapped to the ink."""

from __future__ import annotations

import numpy as np

from ocrchat.document.image import Region
from ocrchat.document.model import Line, Word
from ocrchat.engines.fast.confidence import confidences_from
from ocrchat.engines.fast.decode import Reading
from ocrchat.engines.fast.spacing import Spacing, word_breaks
from ocrchat.engines.fast.strips import Strip


def line_from(
    reading: Reading, spacing: Spacing, strip: Strip, region: Region, *, page_space: float, reader: str
) -> Line:
    words = _words(reading, spacing, strip, word_breaks(reading, spacing, page_space)) if len(spacing.letters) else ()
    return Line(
        text=" ".join(word.text for word in words),
        box=region.box,
        words=words,
        confidence=_line_confidence(words),
        outline=region.outline,
        direction=region.direction,
        reader=reader,
    )


def _line_confidence(words: tuple[Word, ...]) -> float:
    """That of the words, by their letters."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return 0.0
    return round(sum((word.confidence or 0.0) * len(word.text) for word in words) / letters, 3)


def _words(
    reading: Reading, spacing: Spacing, strip: Strip, breaks: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Word, ...]:
    ends = np.flatnonzero(breaks)
    firsts = np.concatenate(([0], ends + 1))
    lasts = [*ends, len(spacing.letters) - 1]
    lefts = [spacing.left, *spacing.ends[ends].tolist()]
    rights = [*spacing.starts[ends].tolist(), spacing.right]
    counts = np.diff(np.append(firsts, len(spacing.letters)))
    means = np.add.reduceat(reading.shares[spacing.letters], firsts) / counts
    return tuple(
        Word(
            text="".join(reading.characters[n] for n in spacing.letters[first : last + 1]),
            # A step is the least that can be told apart, also where ink gave no edge.
            box=strip.box(spacing.outward(left, -1), max(spacing.outward(right, 1), left + 1)),
            confidence=confidence,
        )
        for first, last, left, right, confidence in zip(
            firsts, lasts, lefts, rights, confidences_from(means), strict=True
        )
    )
