"""What lines say: the tiny recogniser reads every line, the small one reads again what the tiny one is unsure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Line
from ocrchat.engines.fast.decode import Reading, decode
from ocrchat.engines.fast.detect import grey_pixels
from ocrchat.engines.fast.runtime import Network
from ocrchat.engines.fast.strips import Strip, cut_strip
from ocrchat.engines.fast.words import line_from
from ocrchat.engines.spec import EngineInfo

SURE = 0.96


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognizer:
    network: Network
    alphabet: tuple[str, ...]

    def read(self, strip: Strip) -> Reading:
        best, shares = self.network(strip.pixels[None, None])
        return decode(best[0], shares[0], self.alphabet)


class CascadeReader:
    def __init__(self, *, tiny: Recognizer, small: Recognizer, info: EngineInfo) -> None:
        self._tiny = tiny
        self._small = small
        self.info = info

    def read_lines(self, page: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> Sequence[Line]:
        grey = grey_pixels(page)
        return [self._read_line(cut_strip(grey, region), region) for region in regions]

    def _read_line(self, strip: Strip | None, region: Region) -> Line:
        if strip is None:
            return Line(text="", box=region.box, reader=self.info.name, confidence=0.0)
        reading = self._tiny.read(strip)
        if reading.score < SURE:
            reading = self._small.read(strip)
        return line_from(reading, strip, region, reader=self.info.name)
