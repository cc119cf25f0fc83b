"""Tesseract: every script the fast engine does not read.

It reads whole pages by its own layout, which beats lines found by the fast detector on most scripts, and then again,
as one raw line each, those it is unsure of: the surer of two readings stays. Single lines are read the same two ways.
Its library runs on one thread; it has no state of a page between two calls.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ocrchat.document.blocks import blocks_from_lines
from ocrchat.document.geometry import clip
from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.document.model import Box, Line, Page, Word
from ocrchat.engines import tessdata
from ocrchat.engines.crops import cut, grey_of
from ocrchat.engines.languages import BY_TAG, SCRIPT_LANGUAGES, Language
from ocrchat.engines.spec import Engine, EngineInfo, EngineSettings, PageHints
from ocrchat.engines.tesseract_text import TableLine, lines_of_table
from ocrchat.errors import EngineError, EngineUnavailable

# More threads wait for each other by spinning: the library is eight times slower with them. Read when it is loaded.
os.environ["OMP_THREAD_LIMIT"] = "1"

INFO = EngineInfo(
    name="tesseract",
    model="tessdata",
    version="5",
    licence="Apache-2.0",
    scripts=frozenset(language.script for language in SCRIPT_LANGUAGES),
    word_boxes=True,
    confidences=True,
)

DEFAULT_TAG = "und-Latn"

# A line that is less sure than this is read once more, as a raw line.
SURE = 0.88
# Around such a line, of its height: its box cuts off marks above and below.
_MARGIN = 0.05

# Language data takes 20 to 60 MB each once loaded.
_KEPT_LANGUAGES = 3

# An image this much wider than high, in which the layout sees nothing, is one line.
_LINE_RATIO = 4.0

# What lies between Tesseract's own lines and is this sure is a line that its layout lost.
_SURE_ENOUGH_TO_ADD = 0.6


def load(settings: EngineSettings) -> Engine:
    """Raises EngineUnavailable where the library is missing. Language data is looked for when a page asks for it."""
    library = _Library(settings.models)
    reader = TesseractReader(library)
    return Engine(info=reader.info, finder=TesseractFinder(library), reader=reader, page_reader=reader)


class _Library:
    """One recogniser for each set of languages, the last few kept; a lock, as none of them bears two callers."""

    def __init__(self, models: Path) -> None:
        try:
            import tesserocr
        except ImportError:
            raise EngineUnavailable(
                "The reader of other scripts is missing; install it with the command “pip install tesserocr”.",
                command="pip install tesserocr",
            ) from None
        self._models = models
        self._module: Any = tesserocr
        self._open: OrderedDict[str, Any] = OrderedDict()
        self.lock = threading.Lock()
        self.version = str(tesserocr.tesseract_version()).split()[1]
        self.modes = tesserocr.PSM

    def recognizer(self, tags: Sequence[str]) -> Any:
        names = list(dict.fromkeys(_data_of(tag) for tag in tags or (DEFAULT_TAG,)))
        key = "+".join(names)
        if key not in self._open:
            folder = tessdata.require(self._models, *names)
            try:
                self._open[key] = self._module.PyTessBaseAPI(path=str(folder), lang=key)
            except RuntimeError as failure:
                raise EngineError(
                    f"Tesseract's language data {key} in {folder} cannot be loaded; install it anew."
                ) from failure
            while len(self._open) > _KEPT_LANGUAGES:
                self._open.popitem(last=False)[1].End()
        self._open.move_to_end(key)
        return self._open[key]

    def read(self, recognizer: Any, pixels: Pixels, mode: Any) -> list[TableLine]:
        """Lines in pixels of the image that is given."""
        height, width = pixels.shape
        recognizer.SetPageSegMode(mode)
        recognizer.SetImageBytes(pixels.tobytes(), width, height, 1, width)
        try:
            if not recognizer.Recognize():
                raise EngineError("Tesseract gave this page up; reading it again may help.")
            return list(lines_of_table(recognizer.GetTSVText(0)))
        finally:
            recognizer.Clear()


def _data_of(tag: str) -> str:
    language: Language | None = BY_TAG.get(tag)
    if language is None:
        raise EngineError(f"Tesseract is not told how to read {tag!r}; `ocrchat languages` lists what can be read.")
    return language.model or BY_TAG[f"und-{language.script}"].model


class TesseractFinder:
    """Its own layout: fewer lines are lost in dense print than by the fast detector, more in photographs."""

    def __init__(self, library: _Library) -> None:
        self._library = library

    def find_lines(self, page: PageImage) -> Sequence[Region]:
        grey = grey_of(page)
        with self._library.lock:
            recognizer = self._library.recognizer(())
            recognizer.SetPageSegMode(self._library.modes.AUTO)
            recognizer.SetImageBytes(grey.tobytes(), page.width, page.height, 1, page.width)
            found = recognizer.GetRegions() and recognizer.GetTextlines()
            recognizer.Clear()
        boxes = [
            clip(
                Box(float(at["x"]), float(at["y"]), float(at["x"] + at["w"]), float(at["y"] + at["h"])),
                width=page.width,
                height=page.height,
            )
            for _, at, *_ in found
        ]
        return [Region(box=box) for box in boxes if box.width >= 1 and box.height >= 1]


class TesseractReader:
    def __init__(self, library: _Library) -> None:
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
            for region in [*hints.regions, *self._whole(page, lines, hints.regions)]:
                if not any(_covers(line.box, region.box) for line in lines):
                    line = self._read_line(recognizer, page, grey, region, hints.languages)
                    if line.text and (line.confidence or 0.0) >= _SURE_ENOUGH_TO_ADD:
                        lines.append(line)
        return Page(
            number=hints.number,
            width=page.width,
            height=page.height,
            dpi=page.dpi,
            blocks=blocks_from_lines(lines),
            steps=page.steps,
        )

    def _whole(self, page: PageImage, lines: Sequence[Line], regions: Sequence[Region]) -> list[Region]:
        if lines or regions or page.width < _LINE_RATIO * page.height or page.pixels.min() == page.pixels.max():
            return []
        return [Region(box=Box(0.0, 0.0, float(page.width), float(page.height)))]

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
    return bool(second.text) and (not first.text or (second.confidence or 0.0) > (first.confidence or 0.0))


def _covers(line: Box, region: Box) -> bool:
    """Whether most of the region's height and some of its width lie on the line."""
    down = min(line.bottom, region.bottom) - max(line.top, region.top)
    along = min(line.right, region.right) - max(line.left, region.left)
    return down > 0.4 * min(region.height, line.height) and along > 0.3 * min(region.width, line.width)
