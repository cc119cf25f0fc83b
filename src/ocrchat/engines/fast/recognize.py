"""What lines say: the tiny recogniser reads every line, the small one reads again what the tiny one is unsure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.document.model import Line
from ocrchat.engines.fast.alphabet import is_east_asian
from ocrchat.engines.fast.decode import STEP_PIXELS, Reading, decode
from ocrchat.engines.fast.detect import grey_pixels
from ocrchat.engines.fast.networks import LINE_HEIGHT
from ocrchat.engines.fast.runtime import Network
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
SURE = 0.96

# As many of a page's longest lines tell whether it is in Latin letters, where nobody has said so.
_PROBES = 4

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
        readings = self._first_readings([strip for strip in strips if strip is not None], languages)
        lines = []
        for region, strip in zip(regions, strips, strict=True):
            if strip is None:
                lines.append(Line(text="", box=region.box, reader=self.info.name, confidence=0.0))
            else:
                reading = self._read_again(strip.pixels, readings[id(strip)])
                lines.append(line_from(reading, strip, region, reader=self.info.name))
        return lines

    def _first_readings(self, strips: Sequence[Strip], languages: Sequence[str]) -> dict[int, Reading]:
        """By identity of the strip."""
        readings: dict[int, Reading] = {}
        if languages:
            latin = not any(language.split("-")[0].lower() in _EAST_ASIAN_LANGUAGES for language in languages)
        else:
            probes = sorted(strips, key=lambda strip: -strip.width)[:_PROBES]
            readings = {id(strip): self._tiny.read(strip.pixels) for strip in probes}
            latin = not any(is_east_asian(reading.text) for reading in readings.values())
        recognizer = self._tiny_latin if latin else self._tiny
        for strip in strips:
            if id(strip) not in readings:
                readings[id(strip)] = recognizer.read(strip.pixels)
        return readings

    def _read_again(self, pixels: Pixels, reading: Reading) -> Reading:
        return reading if reading.score >= SURE else self._small.read(pixels)
