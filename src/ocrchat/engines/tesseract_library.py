"""Tesseract's library: recognisers by language, pixels in, lines out. One thread, nothing kept of a page."""

from __future__ import annotations

import ctypes
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ocrchat.document.image import Pixels
from ocrchat.engines import tessdata
from ocrchat.engines.languages import BY_TAG, Language
from ocrchat.engines.tesseract_text import TableLine, lines_of_table
from ocrchat.errors import EngineError, EngineUnavailable

# More threads wait for each other by spinning: the library is eight times slower with them. Read when it is loaded.
os.environ["OMP_THREAD_LIMIT"] = "1"

DEFAULT_TAG = "und-Latn"

# Language data takes 20 to 60 MB each once loaded.
_KEPT_LANGUAGES = 3


class Library:
    """One recogniser for each set of languages, the last few kept; a lock, as none of them bears two callers."""

    def __init__(self, models: Path) -> None:
        try:
            import tesserocr
        except ImportError:
            raise EngineUnavailable(
                "The reader of other scripts is missing; install it with the command “pip install tesserocr”.",
                command="pip install tesserocr",
            ) from None
        self.models = models
        self._module: Any = tesserocr
        self._open: OrderedDict[str, Any] = OrderedDict()
        self.lock = threading.Lock()
        self.version = str(tesserocr.tesseract_version()).split()[1]
        self.modes = tesserocr.PSM

    def recognizer(self, tags: Sequence[str]) -> Any:
        names = list(dict.fromkeys(data_of(tag) for tag in tags or (DEFAULT_TAG,)))
        return self._opened(*names)

    def _opened(self, *names: str) -> Any:
        key = "+".join(names)
        if key not in self._open:
            folder = tessdata.require(self.models, *names)
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

    def close_all_but(self, *names: str) -> None:
        """Gives back the memory of language data; what is needed again is loaded again."""
        with self.lock:
            closed = [name for name in self._open if name not in names]
            for name in closed:
                self._open.pop(name).End()
        if closed:
            _return_freed_memory()

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

    def guess_script(self, pixels: Pixels) -> str:
        """What osd calls it; empty where it cannot say."""
        height, width = pixels.shape
        with self.lock:
            recognizer = self._opened("osd")
            recognizer.SetPageSegMode(self.modes.OSD_ONLY)
            recognizer.SetImageBytes(pixels.tobytes(), width, height, 1, width)
            try:
                found = recognizer.DetectOrientationScript()
            finally:
                recognizer.Clear()
        return str(found["script_name"]) if found else ""


def _return_freed_memory() -> None:
    """Where the C library is glibc: what was freed in small pieces goes back to the system too."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def data_of(tag: str) -> str:
    language: Language | None = BY_TAG.get(tag)
    if language is None:
        raise EngineError(f"Tesseract is not told how to read {tag!r}; `ocrchat languages` lists what can be read.")
    return language.model or BY_TAG[f"und-{language.script}"].model
