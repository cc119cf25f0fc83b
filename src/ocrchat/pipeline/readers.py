"""Who reads what: the engine of the tier what it knows, a reader of other scripts the rest. Nobody guesses.

A page that was not told its language is read by the tier's engine, beginning with a few of its lines. Where those come
out unsure, or look like words of no language, its script is looked for: what is found decides who reads the page. On a
page that reads well, single lines that do not are looked at the same way. A clean page costs one pass and no look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from ocrchat.document.geometry import area
from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Line, lines_of_page
from ocrchat.engines.languages import BY_TAG
from ocrchat.engines.scripts import letters_by_script
from ocrchat.engines.spec import Engine, EngineInfo, LineReader, PageHints
from ocrchat.errors import EngineError, EngineUnavailable, ScriptUnreadable
from ocrchat.pipeline.page_languages import languages_of

OWN = "fast"
"""The tier's engine. Whoever names another one gets what that one reads."""

OTHERS = "tesseract"
"""The engine for what the tier's own does not read."""

_SAMPLE = 4
"""Lines that are read before it is clear who reads the rest."""

_UNSURE = 0.88
"""Mean confidence of the sample below which its script is looked for: print in a known script stays above it, in
others mostly between 0 and 0.86."""

_UNLIKELY = 0.96
_ODD_SHARE = 0.15
"""Below that confidence, this share of words with digits or capitals inside is what a foreign script looks like."""

_LEAST_SIGNS = 0.4
"""Letters and digits for each height of a line that lies in its length; Latin print has two, Chinese one."""

_LINE_UNSURE = 0.72
"""Of a single line on a page that reads well."""

_LEAST_UNSURE = 2

_DOUBTFUL = 0.8
"""A sample below this may be in a script that no glance tells: all readers are tried, which takes seconds."""

_NOT_OURS = 0.7
"""Below this, what the tier's engine reads is a guess that must not be passed on where another script is likely."""

_NOT_TEXT = 0.5
"""Below this it is a guess whatever the script is."""

_ODD_WORD = re.compile(r"[^\W\d_]\d+[^\W\d_]|[a-zà-ÿ][A-ZÀ-Þ]|^[^\W\d_]*\d[a-z]|[A-Z]{2,}[a-z]+[A-Z]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ink:
    """What was read, by whom, in which languages."""

    lines: tuple[Line, ...]
    languages: tuple[str, ...]
    readers: tuple[EngineInfo, ...]


def read_ink(image: PageImage, engine: Engine, languages: Sequence[str], other: Callable[[], Engine]) -> Ink:
    """`other` loads the engine of other scripts; it may raise EngineUnavailable, which counts only where the page
    needs it."""
    if engine.finder is None or engine.reader is None:
        raise EngineError(f"The engine {engine.info.name!r} cannot read single lines, which is what this page needs.")
    regions = tuple(engine.finder.find_lines(image))
    if engine.info.name == OTHERS:
        return _by_other(image, engine, regions, languages)
    if engine.info.name != OWN:
        return _ink(_lines(engine.reader, image, regions, languages), languages, engine)
    if any(BY_TAG[tag].reader == OTHERS for tag in languages):
        return _by_other(image, other(), regions, languages)
    if languages or not regions:
        lines = _lines(engine.reader, image, regions, languages)
        return _ink(lines, languages, engine)
    return _Auto(image, engine, other).read(regions)


def _lines(reader: LineReader, image: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> list[Line]:
    lines = list(reader.read_lines(image, regions, languages)) if regions else []
    if len(lines) != len(regions):
        raise EngineError(f"The engine {reader.info.name!r} lost lines: {len(regions)} found, {len(lines)} read.")
    return lines


def _ink(lines: Sequence[Line], languages: Sequence[str], *engines: Engine) -> Ink:
    kept = tuple(line for line in lines if line.text.strip())
    return Ink(
        lines=kept,
        languages=languages_of(kept, [tag for tag in languages if BY_TAG[tag].code]),
        readers=tuple(engine.info for engine in engines),
    )


def _by_other(image: PageImage, engine: Engine, regions: Sequence[Region], languages: Sequence[str]) -> Ink:
    if engine.page_reader is None:
        if engine.reader is None:
            raise EngineError(f"The engine {engine.info.name!r} reads neither pages nor lines.")
        return _ink(_lines(engine.reader, image, regions, languages), languages, engine)
    page = engine.page_reader.read_page(image, PageHints(number=1, languages=languages, regions=regions))
    return _ink(list(lines_of_page(page)), languages, engine)


class _Auto:
    def __init__(self, image: PageImage, engine: Engine, other: Callable[[], Engine]) -> None:
        assert engine.reader is not None
        self._image = image
        self._engine = engine
        self._reader = engine.reader
        self._load_other = other

    def read(self, regions: Sequence[Region]) -> Ink:
        sample = sample_of(regions)
        read = dict(zip(sample, _lines(self._reader, self._image, [regions[at] for at in sample], ()), strict=True))
        if looks_foreign(list(read.values()), self._engine.info.scripts):
            lines_of_it = [regions[at] for at in sample]
            other, script = self._look(lines_of_it, list(read.values()))
            if (
                other is not None
                and _is_for_other(script)
                and self._reads_surer(other, lines_of_it, script, read.values())
            ):
                return _by_other(self._image, other, regions, [f"und-{script}"])
        rest = [at for at in range(len(regions)) if at not in read]
        read |= zip(rest, _lines(self._reader, self._image, [regions[at] for at in rest], ()), strict=True)
        lines = [read[at] for at in range(len(regions))]
        return self._mended(lines, regions)

    def _reads_surer(self, other: Engine, regions: Sequence[Region], script: str, ours: Iterable[Line]) -> bool:
        """A hand that no reader knows looks like many a script: one is believed only where its reader is surer of the
        lines than the tier's own."""
        if other.reader is None:
            return True
        theirs = _lines(other.reader, self._image, regions, [f"und-{script}"])
        return _mean(theirs) > _mean(list(ours))

    def _look(self, regions: Sequence[Region], read: Sequence[Line]) -> tuple[Engine | None, str]:
        """Who reads these lines, and in which script; ScriptUnreadable where it is certain that nobody here does."""
        mean, lacking = _mean(read), _lacks_letters(read, self._engine.info.scripts)
        odd = _odd_share(read) >= _ODD_SHARE
        try:
            other = self._load_other()
            finder = other.script_finder
            thorough = mean < _DOUBTFUL or lacking or odd
            script = finder.find_script(self._image, regions, thorough=thorough) if finder is not None else ""
        except EngineUnavailable as missing:
            if mean >= _NOT_OURS and not lacking and not odd:
                return None, ""
            raise ScriptUnreadable(
                f"The page is written in a script that nothing on this machine reads. {missing.message}"
            ) from missing
        if not script and (mean < _NOT_TEXT or lacking) and len(read) == _SAMPLE:
            raise ScriptUnreadable(
                "The page is written in a script or a hand that nothing on this machine reads. If you know the "
                "language, say so; `ocrchat languages` lists those that can be read."
            )
        return other, script

    def _mended(self, lines: list[Line], regions: Sequence[Region]) -> Ink:
        """Lines of another script among the rest, read by who knows it; Vietnamese, known by its words."""
        ink = _ink(lines, (), self._engine)
        if ink.languages and BY_TAG[ink.languages[0]].reader == OTHERS:
            try:
                return _by_other(self._image, self._load_other(), regions, ink.languages[:1])
            except EngineUnavailable:
                return ink
        unsure = [at for at, line in enumerate(lines) if _is_unsure(line)]
        if len(unsure) < _LEAST_UNSURE:
            return ink
        # One glance at all of them: a page has one script beside its own, or photographs and stains.
        sample = unsure[:_SAMPLE]
        try:
            other = self._load_other()
            finder = other.script_finder
            lines_of_it = [regions[at] for at in sample]
            script = finder.find_script(self._image, lines_of_it, thorough=False) if finder is not None else ""
        except EngineUnavailable:
            script = ""
        if not _is_for_other(script) or other.reader is None:
            return ink
        again = _lines(other.reader, self._image, [regions[at] for at in unsure], [f"und-{script}"])
        for at, line in zip(unsure, again, strict=True):
            if letters_by_script([line.text])[script] > len(line.text) / 2:
                lines[at] = line
        return _ink(lines, (), self._engine, other)


def _is_for_other(script: str) -> bool:
    return bool(script) and BY_TAG[f"und-{script}"].reader == OTHERS


def _is_unsure(line: Line) -> bool:
    return 0.0 < (line.confidence or 0.0) < _LINE_UNSURE and len(line.text) >= 8 and line.direction != "ttb"


def looks_foreign(lines: Sequence[Line], scripts: Collection[str]) -> bool:
    """Whether what was read seems to be in a script that the reader does not know: it is unsure, it has no letters for
    most of the ink, or letters of a script it has only met in formulas, or words that no language has."""
    if not lines:
        return False
    mean = _mean(lines)
    return mean < _UNSURE or _lacks_letters(lines, scripts) or (mean < _UNLIKELY and _odd_share(lines) >= _ODD_SHARE)


def _lacks_letters(lines: Sequence[Line], scripts: Collection[str]) -> bool:
    signs = sum(character.isalnum() for line in lines for character in line.text)
    lengths = sum(
        max(line.box.width, line.box.height) / max(1.0, min(line.box.width, line.box.height)) for line in lines
    )
    counts = letters_by_script(line.text for line in lines)
    foreign = sum(letters for script, letters in counts.items() if script not in scripts)
    return signs < _LEAST_SIGNS * lengths or foreign > counts.total() / 2


def _odd_share(lines: Sequence[Line]) -> float:
    words = [word for line in lines for word in line.text.split() if len(word) > 2]
    odd = sum(_ODD_WORD.search(word) is not None for word in words)
    return odd / len(words) if odd >= 2 else 0.0


def _mean(lines: Sequence[Line]) -> float:
    """By area: a speck that the finder took for a line must not decide what a page is written in."""
    areas = [max(1.0, area(line.box)) for line in lines]
    return sum((line.confidence or 0.0) * size for line, size in zip(lines, areas, strict=True)) / max(1.0, sum(areas))


def sample_of(regions: Sequence[Region]) -> list[int]:
    """Long lines from all over the page: the widest of each of as many parts."""
    parts = [range(start, len(regions), _SAMPLE) for start in range(min(_SAMPLE, len(regions)))]
    return [max(part, key=lambda at: min(regions[at].box.width, 30 * regions[at].box.height)) for part in parts]
