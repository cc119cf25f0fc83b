"""Readers of single scripts, run as the fast engine runs its own: for whoever has brought their model files.

Named "ppocrv5" and asked for by that name, with the language: it reads the scripts whose files are here, and Chinese,
Japanese and Latin script where the larger PP-OCRv6 is. Lines are found and turned by the fast engine's parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Line
from ocrchat.engines import fast
from ocrchat.engines.fast import networks
from ocrchat.engines.fast.recognize import Recognizer
from ocrchat.engines.fast.runtime import Runtime
from ocrchat.engines.fast.spacing import measure, usual_space
from ocrchat.engines.fast.strips import cut_strip
from ocrchat.engines.fast.words import line_from
from ocrchat.engines.grey import grey_of
from ocrchat.engines.languages import BY_TAG
from ocrchat.engines.model_catalog import MEDIUM_RECOGNIZER, SCRIPT_RECOGNIZERS
from ocrchat.engines.models import PULL_COMMAND, ModelFile
from ocrchat.engines.spec import Engine, EngineInfo, EngineSettings
from ocrchat.engines.tesseract_text import spelled
from ocrchat.errors import EngineUnavailable, ModelInvalid

_LARGE = frozenset({"Latn", "Hans", "Hant", "Jpan"})

INFO = EngineInfo(
    name="ppocrv5",
    model="PP-OCRv5 by script",
    version="1",
    licence="Apache-2.0",
    scripts=frozenset(SCRIPT_RECOGNIZERS) | _LARGE,
    word_boxes=True,
    confidences=True,
)


def load(settings: EngineSettings) -> Engine:
    base = fast.load(settings)
    return replace(base, info=INFO, reader=ScriptReader(settings))


class ScriptReader:
    def __init__(self, settings: EngineSettings) -> None:
        self._folder = settings.models
        runtime = Runtime(settings.cache)
        self._recognizer = lru_cache(maxsize=2)(lambda path: recognizer_from(path, runtime))

    @property
    def info(self) -> EngineInfo:
        return INFO

    def read_lines(self, page: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> Sequence[Line]:
        if not regions:
            return []
        language = BY_TAG[languages[0] if languages else "und-Latn"]
        recognizer = self._recognizer(self._path(language.script))
        grey = grey_of(page)
        lines = []
        for region in regions:
            strip = cut_strip(grey, region)
            if strip is None:
                lines.append(Line(text="", box=region.box, reader=INFO.name, confidence=0.0))
                continue
            reading = recognizer.read(strip.pixels)
            spacing = measure(reading, strip.pixels)
            space = usual_space([spacing])
            line = line_from(reading, spacing, strip, region, page_space=space, reader=INFO.name)
            lines.append(_right_to_left(line) if language.direction == "rtl" else line)
        return lines

    def _path(self, script: str) -> Path:
        model: ModelFile | None = MEDIUM_RECOGNIZER if script in _LARGE else SCRIPT_RECOGNIZERS.get(script)
        if model is None:
            raise EngineUnavailable(f"The engine “ppocrv5” has no reader of the script {script}.")
        path = self._folder / model.name
        if not path.is_file():
            raise EngineUnavailable(
                f"The model file {model.name} is not on this machine; fetch it with the command "
                f"“{PULL_COMMAND} {model.name}”.",
                model=model.name,
            )
        return path


def recognizer_from(path: Path, runtime: Runtime) -> Recognizer:
    """With the characters that the file itself carries."""
    try:
        listed = str(runtime.read(path).get_rt_info(["framework", "character"]).value)
    except (RuntimeError, AttributeError) as lacking:
        raise ModelInvalid(f"The model file {path.name} does not say which characters it knows.") from lacking
    characters = listed.split("\n")
    alphabet = ("", *(characters[:-1] if characters[-1] == "" else characters), " ")
    network, head = networks.recognizer(runtime, path, alphabet)
    return Recognizer(network=network, head=head, latin=head)


def _right_to_left(line: Line) -> Line:
    """These readers write what they see from left to right: letters and words are put in the order they are read in;
    numbers and Latin words stand as they are."""
    words = tuple(replace(word, text=_logical(word.text)) for word in reversed(line.words))
    words = tuple(word for word in words if word.text)
    return replace(line, text=" ".join(word.text for word in words), words=words, direction="rtl")


def _logical(text: str) -> str:
    runs: list[str] = []
    for character in text:
        joins = runs and not _is_rtl(character) and not _is_rtl(runs[-1][-1])
        if joins:
            runs[-1] += character
        else:
            runs.append(character)
    return spelled("".join(reversed(runs)))


def _is_rtl(character: str) -> bool:
    return ("\u0590" <= character <= "\u08ff" and not character.isdigit()) or "\ufb1d" <= character <= "\ufefc"
