"""Lines and pages as Tesseract reads them: twice where it is unsure, the surer reading stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ocrchat.document.geometry import area, clip, intersection_area
from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.document.model import Box, Line, Page, TextBlock, Word
from ocrchat.engines.crops import cut
from ocrchat.engines.grey import grey_of
from ocrchat.engines.languages import BY_TAG, SCRIPT_LANGUAGES
from ocrchat.engines.spec import EngineInfo, PageHints
from ocrchat.engines.tesseract_library import DEFAULT_TAG, Library
from ocrchat.engines.tesseract_text import TableLine

INFO = EngineInfo(
    name="tesseract",
    model="tessdata",
    version="5",
    licence="Apache-2.0",
    scripts=frozenset(language.script for language in SCRIPT_LANGUAGES),
    word_boxes=True,
    confidences=True,
)

# A line that is less sure than this is read once more, as a raw line.
SURE = 0.88
# Below this a second reading is a guess like the first, which knew the page's layout.
_GUESS = 0.3

# A page below this is more often cut into wrong lines than hard to read: what another finder saw is read instead, if
# it saw several lines and they come out hardly less sure. On the bench's pages that halved the errors of such pages.
_LAYOUT_FAILED = 0.8
_SEVERAL = 5
_HARDLY = 0.08

# An image of one line is read as one where its layout makes nothing sure of it, and that does clearly better.
_LINE_FAILED = 0.75
_CLEARLY = 0.1

# Around such a line, of its height: its box cuts off marks above and below.
_MARGIN = 0.05

# An image this much wider than high, in which few lines are seen, is one line.
_LINE_RATIO = 4.0

# What lies between Tesseract's own lines and is this sure is a line that its layout lost.
_SURE_ENOUGH_TO_ADD = 0.6

# Share of what another finder saw that may lie on something larger.
_ON_ANOTHER = 0.5

# And what lies beside one of them: a letter or two, which is more easily a stain.
_SURE_ENOUGH_BESIDE = 0.8

# Of its height, at the end of a line: a letter and a full stop.
_LETTERS_WIDE = 0.7


class TesseractReader:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._info = replace(INFO, version=library.version)

    @property
    def info(self) -> EngineInfo:
        return self._info

    def read_lines(self, page: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> Sequence[Line]:
        if not regions:
            return []
        grey = grey_of(page)
        with self._library.lock:
            recognizer = self._library.recognizer(languages)
            return [self._read_line(recognizer, page, grey, region, languages) for region in regions]

    def read_page(self, page: PageImage, hints: PageHints) -> Page:
        """`hints.regions`: lines another finder saw; those that the layout lost are read one by one."""
        grey = grey_of(page)
        with self._library.lock:
            recognizer = self._library.recognizer(hints.languages)
            found = self._library.read(recognizer, grey, self._library.modes.AUTO)
            lines = [self._surest(recognizer, page, grey, table, hints.languages) for table in found]
            lines = self._completed(recognizer, page, grey, lines, hints)
        return Page(
            number=hints.number,
            width=page.width,
            height=page.height,
            dpi=page.dpi,
            # Lines as they were read: whoever asked makes blocks of all on the page, and marks of items are text.
            blocks=tuple(TextBlock(box=line.box, lines=(line,)) for line in lines),
            steps=page.steps,
        )

    def _completed(
        self, recognizer: Any, page: PageImage, grey: Pixels, lines: list[Line], hints: PageHints
    ) -> list[Line]:
        """With what the layout lost, or by other lines where it failed."""

        def read(regions: Sequence[Region]) -> list[Line]:
            return [self._read_line(recognizer, page, grey, region, hints.languages) for region in regions]

        sure = _mean(lines)
        if len(hints.regions) >= _SEVERAL:
            if sure < _LAYOUT_FAILED and _mean(apart := read(hints.regions)) > sure - _HARDLY:
                return apart
        elif page.width >= _LINE_RATIO * page.height and page.pixels.min() != page.pixels.max():
            whole = [Region(box=Box(0.0, 0.0, float(page.width), float(page.height)))]
            if sure < _LINE_FAILED and _mean(line := read(whole)) > sure + _CLEARLY:
                return line
        if lines and sure < _SURE_ENOUGH_TO_ADD:
            return lines
        lost = [region for region in _apart(hints.regions) if not any(_covers(line.box, region.box) for line in lines)]
        beside = [end for region in hints.regions for end in _cut_off(region, lines)]
        return [*lines, *_surely(read(lost), _SURE_ENOUGH_TO_ADD), *_surely(read(beside), _SURE_ENOUGH_BESIDE)]

    def _surest(
        self, recognizer: Any, page: PageImage, grey: Pixels, table: TableLine, languages: Sequence[str]
    ) -> Line:
        region = Region(box=clip(table.box, width=page.width, height=page.height))
        first = _line(self.info.name, region, [replace(word) for word in _words(table)], table.confidence, languages)
        if table.confidence >= SURE or region.box.height < 6 or region.box.width < 6:
            return first
        margin = region.box.height * _MARGIN
        grown = Box(
            region.box.left - margin, region.box.top - margin, region.box.right + margin, region.box.bottom + margin
        )
        wider = Region(box=clip(grown, width=page.width, height=page.height))
        second = self._read_raw(recognizer, page, grey, wider, languages)
        return replace(second, box=region.box) if _is_surer(second, first) else first

    def _read_line(
        self, recognizer: Any, page: PageImage, grey: Pixels, region: Region, languages: Sequence[str]
    ) -> Line:
        first = self._read_raw(recognizer, page, grey, region, languages)
        if (first.confidence or 0.0) >= SURE:
            return first
        second = self._read_raw(recognizer, page, grey, region, languages, mode=self._library.modes.SINGLE_LINE)
        return second if _is_surer(second, first) else first

    def _read_raw(
        self,
        recognizer: Any,
        page: PageImage,
        grey: Pixels,
        region: Region,
        languages: Sequence[str],
        *,
        mode: Any = None,
    ) -> Line:
        crop = cut(grey, region)
        if crop is None:
            return _line(self.info.name, region, [], 0.0, languages)
        found = self._library.read(recognizer, crop.pixels, self._library.modes.RAW_LINE if mode is None else mode)
        words = [replace(word, box=crop.on_page(word.box, page)) for table in found for word in _words(table)]
        letters = sum(len(word.text) for word in words)
        confidence = sum((word.confidence or 0.0) * len(word.text) for word in words) / letters if letters else 0.0
        return _line(self.info.name, region, words, confidence, languages)


def _surely(lines: Sequence[Line], confidence: float) -> list[Line]:
    return [line for line in lines if line.text and (line.confidence or 0.0) >= confidence]


def _mean(lines: Sequence[Line]) -> float:
    letters = sum(len(line.text) for line in lines)
    return sum((line.confidence or 0.0) * len(line.text) for line in lines) / letters if letters else 0.0


def _words(table: TableLine) -> list[Word]:
    return [Word(text=word.text, box=word.box, confidence=round(word.confidence, 4)) for word in table.words]


def _line(reader: str, region: Region, words: Sequence[Word], confidence: float, languages: Sequence[str]) -> Line:
    main = BY_TAG[languages[0]] if languages else BY_TAG[DEFAULT_TAG]
    return Line(
        text=" ".join(word.text for word in words),
        box=region.box,
        words=tuple(words),
        confidence=round(confidence, 4),
        outline=region.outline,
        direction=region.direction if region.direction == "ttb" else main.direction,
        language=main.tag if main.code and len(languages) == 1 else "",
        reader=reader,
    )


def _is_surer(second: Line, first: Line) -> bool:
    confidence = second.confidence or 0.0
    return bool(second.text) and (not first.text or confidence > max((first.confidence or 0.0), _GUESS))


def _apart(regions: Sequence[Region]) -> list[Region]:
    """Without those that lie on a larger one: the same ink is not read twice."""
    kept: list[Region] = []
    for region in sorted(regions, key=lambda region: -area(region.box)):
        if not any(intersection_area(region.box, other.box) > _ON_ANOTHER * area(region.box) for other in kept):
            kept.append(region)
    return [region for region in regions if region in kept]


def _cut_off(region: Region, lines: Sequence[Line]) -> list[Region]:
    """What another finder saw at either end of a line that the layout found shorter: the mark of an item, mostly."""
    inside = [line.box for line in lines if _covers(line.box, region.box)]
    if not inside or region.direction == "ttb" or region.outline:
        return []
    box = region.box
    before = Box(box.left, box.top, min(line.left for line in inside), box.bottom)
    after = Box(max(line.right for line in inside), box.top, box.right, box.bottom)
    return [
        Region(box=end)
        for end in (before, after)
        if end.width >= _LETTERS_WIDE * box.height and not any(intersection_area(end, line.box) > 0 for line in lines)
    ]


def _covers(line: Box, region: Box) -> bool:
    """Whether most of the region's height and some of its width lie on the line."""
    down = min(line.bottom, region.bottom) - max(line.top, region.top)
    along = min(line.right, region.right) - max(line.left, region.left)
    return down > 0.4 * min(region.height, line.height) and along > 0.3 * min(region.width, line.width)
