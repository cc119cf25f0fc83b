"""The words PDFium finds on a page, with their places, and the lines they make.

Calls into PDFium go by word, not by character: a page of 3,000 characters has to pass in a few milliseconds.
Places are points of the page's user space, y upwards, until `placed_words` turns them into pixels.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from ocrchat.document.model import PLAIN, Style
from ocrchat.intake.characters import printed_text

_SEGMENT = re.compile(r"[^\r\n]+")

_WORD = re.compile("[^\\s\ufffe]+\ufffe?|\ufffe")
"""U+FFFE is PDFium's mark for a hyphen at a line's end; it goes on with the next line as if there were no break."""

_BOLD_WEIGHT = 600
_FLAG_MONOSPACE = 1
_FLAG_ITALIC = 64
_FLAG_BOLD = 1 << 18
_BOLD_NAME = re.compile(r"bold|black|heavy|[-,]bd|demi(?!lune)|medi\b", re.IGNORECASE)
_ITALIC_NAME = re.compile(r"ital|obliq|slanted|[-,](it|bi)\b|CMTI|CMMI", re.IGNORECASE)
_MONOSPACE_NAME = re.compile(r"courier|mono|consol|typewriter|CMTT|fixed", re.IGNORECASE)
_NAME_BYTES = 128

_RENDER_STROKE = 1
_RENDER_FILL_AND_STROKE = 2
_RENDER_INVISIBLE = 3
_RENDER_CLIP = 7


@dataclass(frozen=True, slots=True)
class Run:
    """What all characters of one text object share."""

    em: float
    """Height of the font on the page, in points."""
    angle: float
    """Counter-clockwise degrees in user space."""
    x: float
    y: float
    """Where its baseline starts."""
    style: Style
    invisible: bool


@dataclass(slots=True)
class FoundWord:
    text: str
    left: float
    bottom: float
    right: float
    top: float
    run: Run
    breaks: bool
    """PDFium saw the end of a line before it."""


@dataclass(frozen=True, slots=True)
class FoundText:
    words: list[FoundWord]
    text: str
    """All of it, raw, for judging."""
    unmapped: float
    """Share of the sampled characters for which the font names no Unicode."""


class _Reader:
    """One text page. The buffers are shared by all calls."""

    def __init__(self, text_page: Any) -> None:
        self._page = text_page
        self._runs: dict[int, Run] = {}
        self._styles: dict[int, Style] = {}
        self._box = [ctypes.c_double() for _ in range(4)]
        self._box_references = [ctypes.byref(value) for value in self._box]
        self._matrix = pdfium.FS_MATRIX()

    def read(self) -> FoundText:
        count = pdfium.FPDFText_CountChars(self._page)
        if count <= 0:
            return FoundText([], "", 0.0)
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(self._page, 0, count, buffer) - 1
        raw = ctypes.string_at(buffer, 2 * max(0, written))
        text = raw.decode("utf-16-le", "surrogatepass")
        # PDFium counts a character beyond the basic plane as two: then the text to search keeps the halves apart.
        units = text if len(text) == written else "".join(map(chr, buffer[:written]))
        index_of = _same if written == count else self._char_index
        words: list[FoundWord] = []
        for segment in _SEGMENT.finditer(units):
            self._read_segment(segment.group(), segment.start(), index_of, words)
        return FoundText(words, text, self._unmapped_share(count))

    def _char_index(self, text_index: int) -> int:
        return int(pdfium.FPDFText_GetCharIndexFromTextIndex(self._page, text_index))

    def _read_segment(self, segment: str, start: int, index_of: Callable[[int], int], words: list[FoundWord]) -> None:
        first, last = index_of(start), index_of(start + len(segment) - 1)
        if first < 0 or last < first:
            return
        one_run = pdfium.FPDFText_CountRects(self._page, first, last - first + 1) == 1
        run = self._run(first) if one_run else None
        breaks = True
        for match in _WORD.finditer(segment):
            first = index_of(start + match.start())
            count = index_of(start + match.end() - 1) - first + 1
            box = self._bounds(first, count)
            text = match.group()
            if box is not None:
                word_run = run or self._run(first)
                if word_run is not None:
                    words.append(FoundWord(printed_text(text), *box, word_run, breaks))
                    breaks = False
            if text[-1] == "\ufffe":
                breaks = True

    def _bounds(self, first: int, count: int) -> tuple[float, float, float, float] | None:
        """Left, bottom, right, top."""
        rectangles = pdfium.FPDFText_CountRects(self._page, first, count)
        if rectangles <= 0:
            return None
        left, top, right, bottom = self._box
        references = self._box_references
        pdfium.FPDFText_GetRect(self._page, 0, *references)
        bounds = (left.value, bottom.value, right.value, top.value)
        for index in range(1, rectangles):
            pdfium.FPDFText_GetRect(self._page, index, *references)
            bounds = (
                min(bounds[0], left.value),
                min(bounds[1], bottom.value),
                max(bounds[2], right.value),
                max(bounds[3], top.value),
            )
        return bounds

    def _run(self, index: int) -> Run | None:
        handle = pdfium.FPDFText_GetTextObject(self._page, index)
        if not handle:
            return None
        key = ctypes.cast(handle, ctypes.c_void_p).value or 0
        run = self._runs.get(key)
        if run is None:
            run = self._runs[key] = self._new_run(handle, index)
        return run

    def _new_run(self, handle: Any, index: int) -> Run:
        matrix = self._matrix
        pdfium.FPDFText_GetMatrix(self._page, index, matrix)
        size = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(handle, size)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(handle)
        style = self._style(pdfium.FPDFTextObj_GetFont(handle))
        if mode == _RENDER_FILL_AND_STROKE and not style.bold:
            style = Style(bold=True, italic=style.italic, monospace=style.monospace)
        # A sheared matrix is a slanted font that had no italics of its own.
        shear = matrix.a * matrix.c + matrix.b * matrix.d
        if shear > 0.1 * (matrix.a**2 + matrix.b**2) and not style.italic:
            style = Style(bold=style.bold, italic=True, monospace=style.monospace)
        return Run(
            em=abs(size.value) * math.hypot(matrix.c, matrix.d),
            angle=math.degrees(math.atan2(matrix.b, matrix.a)) if size.value >= 0 else 180.0,
            x=matrix.e,
            y=matrix.f,
            style=style,
            invisible=mode in (_RENDER_INVISIBLE, _RENDER_CLIP),
        )

    def _style(self, font: Any) -> Style:
        if not font:
            return PLAIN
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = _style_of_font(font)
        return style

    def _unmapped_share(self, count: int) -> float:
        sampled = range(0, count, max(1, count // 50))
        errors: int = sum(pdfium.FPDFText_HasUnicodeMapError(self._page, index) == 1 for index in sampled)
        return errors / len(sampled)


def read_words(text_page: Any) -> FoundText:
    return _Reader(text_page).read()


def dominant_angle(text_page: Any, *, least_characters: int) -> int | None:
    """The quarter turn, counter-clockwise in user space, at which nearly all text runs; None where nothing is clear."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count < least_characters:
        return None
    sampled = range(0, count, max(1, count // 60))
    angles = [math.degrees(pdfium.FPDFText_GetCharAngle(text_page, index)) for index in sampled]
    quarters = [round(angle / 90.0) % 4 if abs(angle / 90.0 - round(angle / 90.0)) < 0.1 else -1 for angle in angles]
    best = max(range(4), key=quarters.count)
    return best * 90 if quarters.count(best) >= 0.8 * len(quarters) else None


def _same(index: int) -> int:
    return index


def _style_of_font(font: Any) -> Style:
    buffer = ctypes.create_string_buffer(_NAME_BYTES)
    length = pdfium.FPDFFont_GetBaseFontName(font, buffer, _NAME_BYTES)
    # A subset's name is "ABCDEF+Name": six letters that mean nothing, but might spell "MONO".
    name = buffer.raw[: max(0, min(length, _NAME_BYTES) - 1)].decode("utf-8", "replace").rpartition("+")[2]
    flags = pdfium.FPDFFont_GetFlags(font)
    flags = max(flags, 0)
    angle = ctypes.c_int()
    slanted = bool(pdfium.FPDFFont_GetItalicAngle(font, angle)) and angle.value != 0
    heavy = pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
    return Style(
        bold=heavy or bool(flags & _FLAG_BOLD) or bool(_BOLD_NAME.search(name)),
        italic=slanted or bool(flags & _FLAG_ITALIC) or bool(_ITALIC_NAME.search(name)),
        monospace=bool(flags & _FLAG_MONOSPACE) or bool(_MONOSPACE_NAME.search(name)),
    )
