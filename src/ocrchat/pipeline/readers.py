"""Who reads what: the engine of the tier what it knows, a reader of other scripts the rest. Nobody guesses.

A page that was not told its language is read by the tier's engine, beginning with a few of its lines. Where those come
out unsure, or look like words of no language, its script is looked for: what is found decides who reads the page. On a
page that reads well, single lines that do not are looked at the same way. A clean page costs one pass and no look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Line, lines_of_page
from ocrchat.engines.languages import BY_TAG
from ocrchat.engines.scripts import SCRIPTS, letters_by_script
from ocrchat.engines.spec import Engine, EngineInfo, PageHints
from ocrchat.errors import EngineError, EngineUnavailable, ScriptUnreadable
from ocrchat.pipeline.doubt import (
    SAMPLE,
    has_odd_words,
    is_picture,
    is_unsure,
    lacks_letters,
    lines_of_text,
    looks_foreign,
    mean_confidence,
)
from ocrchat.pipeline.first_lines import OWN, FirstLines, first_lines, lines_read_by, sure_script
from ocrchat.pipeline.line_boxes import drawn_apart
from ocrchat.pipeline.page_languages import languages_of

OTHERS = "tesseract"
"""The engine for what the tier's own does not read."""

_LEAST_UNSURE = 2
"""Lines in another script on a page that reads well: one alone is more often a stain."""

_NOT_OURS = 0.7
"""Below this, what the tier's engine reads is a guess that must not be passed on where another script is likely."""

_NOT_TEXT = 0.5
"""Below this it is a guess whatever the script is, and the page may be in one that no glance tells: all readers are
tried, which takes seconds."""


_MAY_BE = 0.2
"""Share of a script below which unsure lines are not held against it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ink:
    """What was read, by whom, in which languages."""

    lines: tuple[Line, ...]
    languages: tuple[str, ...]
    readers: tuple[EngineInfo, ...]


def reads_it_itself(engine: Engine, languages: Sequence[str]) -> bool:
    """Whether the tier's own engine begins to read a page in these languages."""
    return engine.info.name in OWN and not any(BY_TAG[tag].reader == OTHERS for tag in languages)


def read_ink(
    image: PageImage,
    engine: Engine,
    languages: Sequence[str],
    other: Callable[[], Engine],
    first: FirstLines | None = None,
) -> Ink:
    """`other` loads the engine of other scripts; it may raise EngineUnavailable, which counts only where the page
    needs it. `first`: what was read of this very image already."""
    if engine.finder is None or engine.reader is None:
        raise EngineError(f"The engine {engine.info.name!r} cannot read single lines, which is what this page needs.")
    if reads_it_itself(engine, languages):
        if first is None or first.image is not image:
            first = first_lines(image, engine, languages)
        return _told(first, engine, languages) if languages else _Auto(first, engine, other).read()
    regions = tuple(engine.finder.find_lines(image))
    if engine.info.name in (*OWN, OTHERS):
        return _by_other(image, engine if engine.info.name == OTHERS else other(), regions, languages)
    return _ink(lines_read_by(engine.reader, image, regions, languages), languages, engine)


def _told(first: FirstLines, engine: Engine, languages: Sequence[str]) -> Ink:
    return _ink(_text_of(first), languages, engine)


def _text_of(first: FirstLines) -> list[Line]:
    """Nothing where the page is a photograph: what is read from leaves and faces is no text."""
    lines, image = drawn_apart(first.all_lines()), first.image
    return [] if is_picture(lines, first.regions, width=image.width, height=image.height) else lines


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
        return _ink(lines_read_by(engine.reader, image, regions, languages), languages, engine)
    page = engine.page_reader.read_page(image, PageHints(number=1, languages=languages, regions=regions))
    return _ink(list(lines_of_page(page)), languages, engine)


class _Auto:
    def __init__(self, first: FirstLines, engine: Engine, other: Callable[[], Engine]) -> None:
        self._first = first
        self._image = first.image
        self._engine = engine
        self._load_other = other

    def read(self) -> Ink:
        first, scripts = self._first, self._engine.info.scripts
        read = list(first.sample.values())
        if looks_foreign(read, scripts):
            is_shaped = self._may_be_text(read)
            if script := self._proved_at_once(is_shaped=is_shaped):
                return _by_other(self._image, self._load_other(), first.regions, [f"und-{script}"])
            if not is_shaped:
                return _ink(_text_of(first), (), self._engine)
            script = self._glance(read)
            if not is_for_other(script) and looks_foreign(read := first.sample_again(), scripts):
                script = self._look(read)
            if is_for_other(script) and self._is_surer(script, read):
                return _by_other(self._image, self._load_other(), first.regions, [f"und-{script}"])
        return self._mended(_text_of(first))

    def _proved_at_once(self, *, is_shaped: bool) -> str:
        """What the engine saw in the first lines, where who reads that script reads one of them: most pages in another
        script need no more. Where nothing has the shape of text, no more than a sure look is worth a proof."""
        likely = self._first.likely_scripts()
        looked = likely[0][0] if likely and is_shaped else sure_script(likely)
        if not is_for_other(looked):
            return ""
        try:
            finder = self._load_other().script_finder
        except EngineUnavailable:
            return ""
        regions = [self._first.regions[at] for at in self._first.sample]
        return finder.proved_script(self._image, regions, likely) if finder is not None else ""

    def _is_surer(self, script: str, read: Sequence[Line]) -> bool:
        """A hand that no reader knows looks like many a script: one is believed only where its reader is surer of the
        lines than the tier's own."""
        reader = self._load_other().reader
        if reader is None:
            return True
        regions = [self._first.regions[at] for at in self._first.sample]
        theirs = lines_read_by(reader, self._image, regions, [f"und-{script}"])
        return mean_confidence(theirs) > mean_confidence(read)

    def _may_be_text(self, read: Sequence[Line]) -> bool:
        """Of what the tier's engine cannot read: whether it has the shape of text in another script."""
        shaped = lines_of_text(self._first.regions, width=self._image.width, height=self._image.height)
        return bool(shaped) or any((line.confidence or 0.0) >= _NOT_TEXT for line in read)

    def _glance(self, read: Sequence[Line]) -> str:
        """The script of these lines, where one look at their shapes tells it; empty where it does not, or cannot."""
        if mean_confidence(read) >= _NOT_TEXT and not lacks_letters(read, self._engine.info.scripts):
            return ""
        try:
            return self._find_script(thorough=False)
        except EngineUnavailable:
            return ""

    def _find_script(self, *, thorough: bool) -> str:
        finder = self._load_other().script_finder
        regions = [self._first.regions[at] for at in self._first.sample]
        likely = self._first.likely_scripts()
        return finder.find_script(self._image, regions, thorough=thorough, likely=likely) if finder else ""

    def _look(self, read: Sequence[Line]) -> str:
        """In which script these lines are; ScriptUnreadable where it is certain that nobody here reads it."""
        mean, lacking = mean_confidence(read), lacks_letters(read, self._engine.info.scripts)
        odd = has_odd_words(read)
        try:
            script = self._find_script(thorough=mean < _NOT_TEXT or lacking or odd)
        except EngineUnavailable as missing:
            if mean >= _NOT_OURS and not lacking and not odd:
                return ""
            raise ScriptUnreadable(
                f"The page is written in a script that nothing on this machine reads. {missing.message}"
            ) from missing
        if not script and (mean < _NOT_TEXT or lacking) and len(read) == SAMPLE and self._is_mostly_lines():
            raise ScriptUnreadable(
                "The page is written in a script or a hand that nothing on this machine reads. If you know the "
                "language, say so; `ocrchat languages` lists those that can be read."
            )
        return script

    def _is_mostly_lines(self) -> bool:
        """A map or a chart of which a finder takes some strokes for lines is no page that nobody can read."""
        regions = self._first.regions
        return 2 * len(lines_of_text(regions, width=self._image.width, height=self._image.height)) > len(regions)

    def _mended(self, lines: list[Line]) -> Ink:
        """Lines of another script among the rest, read by who knows it; Vietnamese, known by its words."""
        regions = self._first.regions
        ink = _ink(lines, (), self._engine)
        if ink.languages and BY_TAG[ink.languages[0]].reader == OTHERS:
            try:
                return _by_other(self._image, self._load_other(), regions, ink.languages[:1])
            except EngineUnavailable:
                return ink
        unsure = [at for at, line in enumerate(lines) if is_unsure(line)]
        if len(unsure) < _LEAST_UNSURE:
            return ink
        # One glance at all of them: a page has one script beside its own, or photographs and stains.
        sample = unsure[:SAMPLE]
        likely = self._first.likely_scripts(sample)
        if likely and not any(is_for_other(script) and share >= _MAY_BE for script, share in likely):
            return ink
        try:
            other = self._load_other()
            finder = other.script_finder
            lines_of_it = [regions[at] for at in sample]
            script = finder.find_script(self._image, lines_of_it, thorough=False) if finder is not None else ""
        except EngineUnavailable:
            script = ""
        if not is_for_other(script) or other.reader is None:
            return ink
        again = lines_read_by(other.reader, self._image, [regions[at] for at in unsure], [f"und-{script}"])
        for at, line in zip(unsure, again, strict=True):
            if letters_by_script([line.text])[script] > len(line.text) / 2:
                lines[at] = line
        return _ink(lines, (), self._engine, other)


def is_for_other(script: str) -> bool:
    return script in SCRIPTS and BY_TAG[f"und-{script}"].reader == OTHERS
