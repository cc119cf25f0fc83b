"""From a reading to a line of words with boxes, snapped to the ink."""

from __future__ import annotations

import numpy as np

from ocrchat.document.image import Region
from ocrchat.document.model import Line, Word
from ocrchat.engines.fast.confidence import confidence_from
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
        confidence=confidence_from(reading.shares) if words else 0.0,
        outline=region.outline,
        direction=region.direction,
        reader=reader,
    )


def _words(
    reading: Reading, spacing: Spacing, strip: Strip, breaks: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Word, ...]:
    ends = np.flatnonzero(breaks)
    firsts = [0, *(ends + 1)]
    lasts = [*ends, len(spacing.letters) - 1]
    lefts = [spacing.left, *spacing.ends[ends]]
    rights = [*spacing.starts[ends], spacing.right]
    words = []
    for first, last, left, right in zip(firsts, lasts, lefts, rights, strict=True):
        letters = spacing.letters[first : last + 1]
        words.append(
            Word(
                text="".join(reading.characters[n] for n in letters),
                # A step is the least that can be told apart, also where ink gave no edge.
                box=strip.box(float(left), max(float(right), float(left) + 1)),
                confidence=confidence_from(reading.shares[letters]),
            )
        )
    return tuple(words)
