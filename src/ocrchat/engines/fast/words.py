"""From a reading to a line of words with boxes."""

from __future__ import annotations

from collections.abc import Iterator

from ocrchat.document.image import Region
from ocrchat.document.model import Line, Word
from ocrchat.engines.fast.decode import Reading
from ocrchat.engines.fast.strips import Strip


def line_from(reading: Reading, strip: Strip, region: Region, *, reader: str) -> Line:
    words = tuple(
        Word(
            text="".join(reading.characters[first:last]),
            box=strip.box(
                max(0.0, float(reading.starts[first])),
                min(float(strip.width), float(reading.ends[last - 1])),
            ),
            confidence=round(float(reading.shares[first:last].mean()), 4),
        )
        for first, last in _spans(reading)
    )
    return Line(
        text=" ".join(word.text for word in words),
        box=region.box,
        words=words,
        confidence=round(reading.score, 4),
        outline=region.outline,
        direction=region.direction,
        reader=reader,
    )


def _spans(reading: Reading) -> Iterator[tuple[int, int]]:
    first = 0
    for index, character in enumerate(reading.characters):
        if character.isspace():
            if index > first:
                yield first, index
            first = index + 1
    if first < len(reading.characters):
        yield first, len(reading.characters)
