"""What lines say: the tiny recogniser reads every line, the small one reads again what the tiny one is unsure of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import cv2
import numpy as np

from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.document.model import Line
from ocrchat.engines.fast.alphabet import is_east_asian, narrowed
from ocrchat.engines.fast.care import QUICK, Care
from ocrchat.engines.fast.decode import NOTHING, Reading
from ocrchat.engines.fast.heads import Head, Seen
from ocrchat.engines.fast.networks import LINE_HEIGHT
from ocrchat.engines.fast.runtime import Network
from ocrchat.engines.fast.script_guess import pooled, script_guess
from ocrchat.engines.fast.spacing import Spacing, measure, usual_space
from ocrchat.engines.fast.strips import Strip, cut_strip, rows_of
from ocrchat.engines.fast.words import line_from
from ocrchat.engines.grey import grey_of
from ocrchat.engines.scripts import SCRIPTS
from ocrchat.engines.spec import EngineInfo, ReadRegions

# Widths are rounded up to the first of these, wide ones to the second, so that a page needs few shapes: the plugin
# prepares kernels for every new one, which took a fifth of a page's time when every width had a shape of its own.
_WIDTH_MULTIPLE, _WIDE_MULTIPLE = 32, 64
_WIDE = 512

# Mid grey, what the recognisers saw right of a line in training.
_PADDING = 127

# Pixels of width from which on a line is long: a second reading costs as much as of several short ones.
LONG = 800

# From here on crisp lines are shown to the tiny recogniser without their margins; lines of a page are crisp where every
# probe has this score. Worn letters need their margins: typescripts lose two words in a hundred without.
_MIDDLING = 400
_CRISP = 0.97

# Of the first lines of a page, by their widths. Worn print has 0.85, a script that is not in the alphabet 0 to 0.7.
HOPELESS = 0.75

# On such a page, of a line: leaves and faces are read so, and the small recogniser would find no more in them.
NO_LINE = 0.4

# On a page in Latin letters, an East Asian reading counts from this score on, and is looked for where Latin letters
# come out less sure than this, or with more columns to each: an ideograph takes 48.
SURELY_FOREIGN = 0.8
SURELY_LATIN = 0.9
SPARSE = 36

# So few letters with so low a score are a speck or a scratch, nineteen times in twenty.
SPECK_LETTERS = 2
SPECK_SCORE = 0.4

# As many of a page's longest lines tell how wide its letters are, and whether they are Latin where nobody has said so.
_PROBES = 4

# Clean Latin print is read as well from narrower letters, in less time: down to this many columns a letter, where
# every probe has this score. (Books have 17 columns, typescript 22. Worn letters need their width: typescripts lose
# three words in a hundred. At 14 columns books begin to lose as well.)
LETTER_COLUMNS = 15.5
CLEAN = 0.985
_NARROWEST = 0.7

_OTHER_SCRIPTS = frozenset(SCRIPTS) - {"Latn", "Latf", "Hans", "Hant", "Jpan"}
# Share of a script from which on the first lines are held to be in it.
_SURELY = 0.9
# Of the network, over all lines: a dash alone looks like Arabic.
_ENOUGH_STEPS = 60

# So many columns of a line say what script it is in.
_GLANCE = 960

_EAST_ASIAN_LANGUAGES = frozenset({"zh", "yue", "wuu", "lzh", "ja", "ko"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognizer:
    network: Network
    head: Head
    latin: Head
    """Of Latin letters alone."""

    def see(self, pixels: Pixels, *, stretch: float = 1.0, rows: int = LINE_HEIGHT) -> Seen:
        """Columns of what is read from it are those of `pixels`, whatever the stretch. `rows`: of the middle."""
        width = max(8, round(pixels.shape[1] * stretch))
        if width != pixels.shape[1]:
            pixels = cv2.resize(pixels, (width, LINE_HEIGHT), interpolation=cv2.INTER_AREA)
        multiple = _WIDE_MULTIPLE if width > _WIDE else _WIDTH_MULTIPLE
        padded = np.full((1, 1, rows, -(-width // multiple) * multiple), _PADDING, np.uint8)
        margin = (LINE_HEIGHT - rows) // 2
        padded[0, 0, :, :width] = pixels[margin : margin + rows]
        (features,) = self.network(padded)
        return Seen(features=np.array(features[0], order="C"), stretch=stretch)

    def read(self, pixels: Pixels) -> Reading:
        return self.head.read(self.see(pixels))


class CascadeReader:
    def __init__(self, *, tiny: Recognizer, small: Recognizer, info: EngineInfo, care: Care = QUICK) -> None:
        self._tiny = tiny
        self._small = small
        self._care = care
        self.info = info

    def with_care(self, care: Care, info: EngineInfo) -> CascadeReader:
        return CascadeReader(tiny=self._tiny, small=self._small, info=info, care=care)

    def read_lines(self, page: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> Sequence[Line]:
        return self.of_page(page, languages)(regions)

    def of_page(self, page: PageImage, languages: Sequence[str]) -> ReadRegions:
        return _PageReading(self._tiny, self._small, self._care, page, languages, self.info.name)


class _PageReading:
    """Of one page: the longest of the first lines that are asked for are read as they are; what they show decides how
    the rest is read."""

    def __init__(
        self, tiny: Recognizer, small: Recognizer, care: Care, page: PageImage, languages: Sequence[str], reader: str
    ) -> None:
        self._tiny, self._small, self._care, self._reader = tiny, small, care, reader
        self._grey = grey_of(page)
        self._told = bool(languages)
        self._latin = self._told and not any(_is_east_asian_language(language) for language in languages)
        self._stretch: float | None = None
        self._is_crisp = False
        self._is_hopeless = False
        self._spacings: list[Spacing] = []
        self._seen: dict[Region, Seen] = {}

    def likely_scripts(self, regions: Sequence[Region]) -> list[tuple[str, float]]:
        seen = [seen for region in regions if (seen := self._seen_of(region)) is not None]
        if not seen:
            return []
        guess, lengths = script_guess(), [float(len(one.features)) for one in seen]
        shares = np.average([guess.shares(pooled(one.features)) for one in seen], axis=0, weights=lengths)
        ranked = sorted(zip(guess.names, shares.tolist(), strict=True), key=lambda one: -one[1])
        return [(name, share) for name, share in ranked if name in SCRIPTS or name == "Hani"]

    def _look_foreign(self, probes: Sequence[Reading]) -> bool:
        """Letters of Russian, Greek and Armenian print are often sure enough Latin ones."""
        return any(probe.score < QUICK.sure for probe in probes) and self._look_like(_OTHER_SCRIPTS)

    def _look_like(self, scripts: Collection[str]) -> bool:
        """Whether the first lines are surely in one of these."""
        if sum(len(seen.features) for seen in self._seen.values()) < _ENOUGH_STEPS:
            return False
        name, share = self.likely_scripts(list(self._seen))[0]
        return name in scripts and share >= _SURELY

    def _seen_of(self, region: Region) -> Seen | None:
        if region in self._seen:
            return self._seen[region]
        strip = cut_strip(self._grey, region)
        return None if strip is None else self._tiny.see(strip.pixels[:, :_GLANCE])

    def __call__(self, regions: Sequence[Region]) -> list[Line]:
        strips = [cut_strip(self._grey, region) for region in regions]
        region_of = {id(strip): region for strip, region in zip(strips, regions, strict=True)}
        readings = self._read_strips([strip for strip in strips if strip is not None], region_of)
        spacings = {id(strip): measure(readings[id(strip)], strip.pixels) for strip in strips if strip is not None}
        self._spacings += spacings.values()
        page_space = usual_space(self._spacings)
        return [
            Line(text="", box=region.box, reader=self._reader, confidence=0.0)
            if strip is None
            else line_from(
                readings[id(strip)],
                spacings[id(strip)],
                strip,
                region,
                page_space=page_space,
                reader=self._reader,
            )
            for region, strip in zip(regions, strips, strict=True)
        ]

    def _read_strips(self, strips: Sequence[Strip], region_of: Mapping[int, Region]) -> dict[int, Reading]:
        """By identity of the strip. In order of their widths: one of a width that comes again costs less."""
        strips = sorted(strips, key=lambda strip: -strip.width)
        probes = self._probe(strips[:_PROBES], region_of) if self._stretch is None and strips else []
        rest = (self._read_strip(strip) for strip in strips[len(probes) :])
        # What the first lines say decides on the page's script: they are read as well as can be.
        # Where they say nothing at all, or look like another script, the small recogniser would say no more.
        self._is_hopeless = self._is_hopeless or _are_hopeless(strips, probes)
        first_bar = 0.0 if self._is_hopeless or self._look_foreign(probes) else self._care.sure
        bars = chain([first_bar] * len(probes), (self._sure(strip) for strip in strips[len(probes) :]))
        return {
            id(strip): self._settled(strip, reading, sure=sure)
            for strip, reading, sure in zip(strips, chain(probes, rest), bars, strict=True)
        }

    def _probe(self, strips: Sequence[Strip], region_of: Mapping[int, Region]) -> list[Reading]:
        seen = [self._tiny.see(strip.pixels) for strip in strips]
        self._seen = {region_of[id(strip)]: one for strip, one in zip(strips, seen, strict=True)}
        # To look the lines up among all letters costs as much as to see them.
        self._latin = self._latin or (not self._told and self._look_like({"Latn"}))
        head = self._tiny.latin if self._latin else self._tiny.head
        probes = [head.read(one) for one in seen]
        if not self._told and not self._latin:
            self._latin = not any(is_east_asian(reading.text) for reading in probes)
        self._stretch = _stretch(strips, probes) if self._latin and self._care.narrows else 1.0
        self._is_crisp = all(probe.score >= _CRISP for probe in probes)
        return probes

    def _read_strip(self, strip: Strip) -> Reading:
        head = self._tiny.latin if self._latin else self._tiny.head
        rows = _rows_shown(strip, _MIDDLING) if self._is_crisp else LINE_HEIGHT
        return head.read(self._tiny.see(strip.pixels, stretch=self._stretch or 1.0, rows=rows))

    def _settled(self, strip: Strip, reading: Reading, *, sure: float) -> Reading:
        if reading.score < sure and not (self._is_hopeless and reading.score < NO_LINE):
            again = self._read_again(strip)
            reading = reading if again is None else again
        return NOTHING if _is_speck(reading) else reading

    def _sure(self, strip: Strip) -> float:
        return self._care.sure if strip.width < LONG else self._care.sure_if_long

    def _read_again(self, strip: Strip) -> Reading | None:
        seen = self._small.see(self._care.view(strip.pixels), rows=_rows_shown(strip, LONG))
        if self._latin:
            again = self._small.latin.read(seen)
            if again.score >= SURELY_LATIN and strip.width <= SPARSE * len(again.characters):
                return again
        again = self._small.head.read(seen)
        again = replace(again, characters=narrowed(again.characters))
        # The small recogniser sees ideographs in specks and rules; a page in Latin letters needs better proof.
        unproved = self._latin and is_east_asian(again.text) and again.score < SURELY_FOREIGN
        return None if unproved else again


def _rows_shown(strip: Strip, least: int) -> int:
    """Shorter lines have narrower margins and keep them: receipts lose half a word in a hundred without."""
    return rows_of(strip.pixels) if strip.width >= least else LINE_HEIGHT


def _are_hopeless(strips: Sequence[Strip], probes: Sequence[Reading]) -> bool:
    widths = [strip.width for strip, _ in zip(strips, probes, strict=False)]
    return sum(reading.score * width for reading, width in zip(probes, widths, strict=True)) < HOPELESS * sum(widths)


def _is_speck(reading: Reading) -> bool:
    return len(reading.text.replace(" ", "")) <= SPECK_LETTERS and reading.score < SPECK_SCORE


def _stretch(strips: Sequence[Strip], probes: Sequence[Reading]) -> float:
    """What to make of the width of Latin letters, by the narrowest of the probes."""
    if any(reading.score < CLEAN for reading in probes):
        return 1.0
    columns = [strip.width / len(reading.characters) for strip, reading in zip(strips, probes, strict=False)]
    return min(1.0, max(_NARROWEST, LETTER_COLUMNS / min(columns, default=LETTER_COLUMNS)))


def _is_east_asian_language(language: str) -> bool:
    return language.split("-")[0].lower() in _EAST_ASIAN_LANGUAGES
