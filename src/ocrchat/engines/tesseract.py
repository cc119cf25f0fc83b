"""Tesseract: every script the fast engine does not read.

It reads whole pages by its own layout, which beats lines found by the fast detector on most scripts, and then again,
as one raw line each, those it is unsure of: the surer of two readings stays. Single lines are read the same two ways.
Its library runs on one thread; it has no state of a page between two calls.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.document.geometry import clip
from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Box
from ocrchat.engines.grey import grey_of
from ocrchat.engines.spec import Engine, EngineSettings
from ocrchat.engines.tesseract_library import Library
from ocrchat.engines.tesseract_reader import TesseractReader
from ocrchat.engines.tesseract_scripts import TesseractScripts


def load(settings: EngineSettings) -> Engine:
    """Raises EngineUnavailable where the library is missing. Language data is looked for when a page asks for it."""
    library = Library(settings.models)
    reader = TesseractReader(library)
    return Engine(
        info=reader.info,
        finder=TesseractFinder(library),
        reader=reader,
        page_reader=reader,
        script_finder=TesseractScripts(library),
    )


class TesseractFinder:
    """Its own layout: fewer lines are lost in dense print than by the fast detector, more in photographs."""

    def __init__(self, library: Library) -> None:
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
