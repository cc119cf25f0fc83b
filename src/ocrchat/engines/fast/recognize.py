"""What lines say: the tiny recogniser reads every line, the small one reads again what the tiny one is unsure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import cv2
import numpy as np

from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.document.model import Line
from ocrchat.engines.fast.alphabet import is_east_asian
from ocrchat.engines.fast.decode import STEP_PIXELS, Reading, decode
from ocrchat.engines.fast.detect import grey_pixels
from ocrchat.engines.fast.networks import LINE_HEIGHT
from ocrchat.engines.fast.runtime import Network
from ocrchat.engines.fast.spacing import measure, usual_space
from ocrchat.engines.fast.strips import Strip, cut_strip
from ocrchat.engines.fast.words import line_from
from ocrchat.engines.spec import EngineInfo

# Widths are rounded up to this, so that a page needs few shapes: the plugin prepares kernels for every new one.
_WIDTH_MULTIPLE = 32

# Mid grey, what the recognisers saw right of a line in training.
_PADDING = 127

# A line that the tiny recogniser gives less than this on average is read again. Measured against how often the two
# differ, no finer rule (by word, by the least sure letter, by expected errors) bought more for the same time, and
# reading only the unsure words again cost as much: cut out, they lack what stands beside them.
SURE = 0.965

# As many of a page's longest lines tell how wide its letters are, and whether they are Latin where nobody has said so.
_PROBES = 4

# Clean Latin print is read as well from narrower letters, in less time: down to this many columns a letter, where
# every probe has this score. (Books have 17 columns, typescript 22. Worn letters need their width: typescripts lose
# three words in a hundred. At 14 columns books begin to lose as well.)
LETTER_COLUMNS = 15.5
CLEAN = 0.985
_NARROWEST = 0.7

_EAST_ASIAN_LANGUAGES = frozenset({"zh", "yue", "wuu", "lzh", "ja", "ko"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognizer:
    network: Network
    alphabet: tuple[str, ...]

    def read(self, pixels: Pixels, *, stretch: float = 1.0) -> Reading:
        """Columns of the reading are those of `pixels`, whatever the stretch."""
        width = max(8, round(pixels.shape[1] * stretch))
        if width != pixels.shape[1]:
            pixels = cv2.resize(pixels, (width, LINE_HEIGHT), interpolation=cv2.INTER_AREA)
        padded = np.full((1, 1, LINE_HEIGHT, -(-width // _WIDTH_MULTIPLE) * _WIDTH_MULTIPLE), _PADDING, np.uint8)
        padded[0, 0, :, :width] = pixels
        best, shares = self.network(padded)
        return decode(best[0], shares[0], self.alphabet, columns_per_step=STEP_PIXELS / stretch)


class CascadeReader:
    def __init__(self, *, tiny: Recognizer, tiny_latin: Recognizer, small: Recognizer, info: EngineInfo) -> None:
        self._tiny = tiny
        self._tiny_latin = tiny_latin
        self._small = small
        self.info = info

    def read_lines(self, page: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> Sequence[Line]:
        grey = grey_pixels(page)
        strips = [cut_strip(grey, region) for region in regions]
        readings = self._read_strips([strip for strip in strips if strip is not None], languages)
        spacings = {id(strip): measure(readings[id(strip)], strip.pixels) for strip in strips if strip is not None}
        page_space = usual_space(list(spacings.values()))
        return [
            Line(text="", box=region.box, reader=self.info.name, confidence=0.0)
            if strip is None
            else line_from(
                readings[id(strip)],
                spacings[id(strip)],
                strip,
                region,
                page_space=page_space,
                reader=self.info.name,
            )
            for region, strip in zip(regions, strips, strict=True)
        ]

    def _read_strips(self, strips: Sequence[Strip], languages: Sequence[str]) -> dict[int, Reading]:
        """By identity of the strip. The longest are read first, as they are; what they show decides how the rest is
        read."""
        strips = sorted(strips, key=lambda strip: -strip.width)
        latin = bool(languages) and not any(_is_east_asian_language(language) for language in languages)
        recognizer = self._tiny_latin if latin else self._tiny
        probes = [recognizer.read(strip.pixels) for strip in strips[:_PROBES]]
        latin = latin or not (languages or any(is_east_asian(reading.text) for reading in probes))
        recognizer = self._tiny_latin if latin else self._tiny
        stretch = _stretch(strips, probes) if latin else 1.0
        rest = (recognizer.read(strip.pixels, stretch=stretch) for strip in strips[_PROBES:])
        return {
            id(strip): reading if reading.score >= SURE else self._small.read(strip.pixels)
            for strip, reading in zip(strips, chain(probes, rest), strict=True)
        }


def _stretch(strips: Sequence[Strip], probes: Sequence[Reading]) -> float:
    """What to make of the width of Latin letters, by the narrowest of the probes."""
    if any(reading.score < CLEAN for reading in probes):
        return 1.0
    columns = [strip.width / len(reading.characters) for strip, reading in zip(strips, probes, strict=False)]
    return min(1.0, max(_NARROWEST, LETTER_COLUMNS / min(columns, default=LETTER_COLUMNS)))


def _is_east_asian_language(language: str) -> bool:
    return language.split("-")[0].lower() in _EAST_ASIAN_LANGUAGES
