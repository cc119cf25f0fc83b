"""The words PDFium finds on a page, with their places, and the lines they make.

Calls into PDFium go by word, not by character: a page of 3,000 characters has to pass in a few milliseconds.
Places are points of the page's user space, y upwards, until `placed_words` turns them into pixels.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import pypdfium2.raw as pdfium

from ocrchat.document.model import PLAIN, Style
from ocrchat.intake.characters import has_right_to_left, printed_text
from ocrchat.intake.right_to_left import GlyphPlace, are_swapped, letters_of_glyphs, turned_back

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


# The calls that are made for every word, with addresses as plain numbers: ctypes' conversion of typed pointers costs
# more than the calls themselves.
_count_rectangles = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_CountRects, ctypes.c_void_p).value or 0
)
_get_rectangle = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * 4)(
    ctypes.cast(pdfium.FPDFText_GetRect, ctypes.c_void_p).value or 0
)


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
class FoundText:
    """Columns of equal length, one entry a word: objects for each word would cost more than PDFium does."""

    texts: list[str]
    places: list[list[float]]
    """Left, bottom, right, top."""
    spans: list[tuple[int, int]]
    """First character and count, as PDFium numbers them."""
    runs: list[Run]
    breaks: list[bool]
    """PDFium saw the end of a line before it."""
    raw: str
    """All of it as it came, for judging."""
    unmapped: float
    """Share of the sampled characters for which the font names no Unicode."""

    def only(self, kept: Sequence[bool]) -> FoundText:
        return FoundText(
            list(compress(self.texts, kept)),
            list(compress(self.places, kept)),
            list(compress(self.spans, kept)),
            list(compress(self.runs, kept)),
            list(compress(self.breaks, kept)),
            self.raw,
            self.unmapped,
        )


class _Reader:
    """One text page. The buffers are shared by all calls."""

    def __init__(self, text_page: Any) -> None:
        self._page = text_page
        self._runs: dict[int, Run] = {}
        self._styles: dict[int, Style] = {}
        self._address = ctypes.cast(text_page, ctypes.c_void_p).value or 0
        self._box = (ctypes.c_double * 4)()
        """Left, bottom, right, top."""
        start, size = ctypes.addressof(self._box), ctypes.sizeof(ctypes.c_double)
        # PDFium's order is left, top, right, bottom.
        self._box_addresses = tuple(start + place * size for place in (0, 3, 2, 1))
        self._numbers = [ctypes.c_double() for _ in range(4)]
        self._matrix = pdfium.FS_MATRIX()

    def read(self) -> FoundText:
        found = FoundText([], [], [], [], [], "", 0.0)
        count = pdfium.FPDFText_CountChars(self._page)
        if count <= 0:
            return found
        buffer = (ctypes.c_ushort * (count + 1))()
        written = max(0, pdfium.FPDFText_GetText(self._page, 0, count, buffer) - 1)
        found.raw = ctypes.string_at(buffer, 2 * written).decode("utf-16-le", "surrogatepass")
        # PDFium counts a character beyond the basic plane as two: then the text to search keeps the halves apart.
        units = found.raw if len(found.raw) == written else "".join(map(chr, buffer[:written]))
        index_of = _same if written == count else self._char_index
        for segment in _SEGMENT.finditer(units):
            self._read_segment(segment.group(), segment.start(), index_of, found)
        if has_right_to_left(found.raw):
            self._mend_ligatures(found)
        found.unmapped = self._unmapped_share(count)
        return found

    def _char_index(self, text_index: int) -> int:
        return int(pdfium.FPDFText_GetCharIndexFromTextIndex(self._page, text_index))

    def _read_segment(self, segment: str, start: int, index_of: Callable[[int], int], found: FoundText) -> None:
        first, last = index_of(start), index_of(start + len(segment) - 1)
        if first < 0 or last < first:
            return
        one_run = _count_rectangles(self._address, first, last - first + 1) == 1
        run = self._run(first) if one_run else None
        plain = segment.isascii() and segment.isprintable()
        breaks = True
        for match in _WORD.finditer(segment):
            begin, end = match.span()
            first = index_of(start + begin)
            count = index_of(start + end - 1) - first + 1
            place = self._place(first, count)
            text = match.group()
            word_run = run or self._run(first)
            if place is not None and word_run is not None:
                found.texts.append(text if plain else printed_text(text))
                found.places.append(place)
                found.spans.append((first, count))
                found.runs.append(word_run)
                found.breaks.append(breaks)
                breaks = False
            if not plain and text[-1] == "\ufffe":
                breaks = True

    def _mend_ligatures(self, found: FoundText) -> None:
        cut = {}
        for index, (text, (first, count)) in enumerate(zip(found.texts, found.spans, strict=True)):
            if count == len(text) > 1 and has_right_to_left(text):
                cut[index] = letters_of_glyphs(text, [self._glyph_place(first + step) for step in range(count)])
        if are_swapped(list(cut.values())):
            for index, groups in cut.items():
                found.texts[index] = turned_back(groups)

    def _glyph_place(self, index: int) -> GlyphPlace:
        pdfium.FPDFText_GetCharOrigin(self._page, index, self._numbers[0], self._numbers[1])
        origin = (self._numbers[0].value, self._numbers[1].value)
        # The box's sides may be halved among a glyph's letters; its top and bottom are theirs together.
        pdfium.FPDFText_GetCharBox(self._page, index, *self._numbers)
        return (*origin, self._numbers[2].value, self._numbers[3].value)

    def _place(self, first: int, count: int) -> list[float] | None:
        address, box = self._address, self._box
        rectangles = _count_rectangles(address, first, count)
        if rectangles <= 0:
            return None
        _get_rectangle(address, 0, *self._box_addresses)
        place: list[float] = box[:]
        for index in range(1, rectangles):
            _get_rectangle(address, index, *self._box_addresses)
            left, bottom, right, top = box
            place = [min(place[0], left), min(place[1], bottom), max(place[2], right), max(place[3], top)]
        return place

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
        sampled = range(0, count, max(1, count // 30))
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
    # PDFium's angles go clockwise.
    angles = [-math.degrees(pdfium.FPDFText_GetCharAngle(text_page, index)) for index in sampled]
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
