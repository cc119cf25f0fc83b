"""Words of a text layer → lines: in one row, at one angle, with no gap as wide as a column's.

Everything here is in pixels of the upright page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ocrchat.document.model import Box, Direction, Line, Outline, Style, Word
from ocrchat.intake.characters import is_lone_mark, is_right_to_left
from ocrchat.intake.pdf_text import Run
from ocrchat.intake.right_to_left import mended_line

Boxes = npt.NDArray[np.float64]

READER = "text-layer"

_COLUMN_GAP = 1.7
"""In ems. Justified lines have gaps up to one; cells and columns start beyond two, as a rule."""

_JOIN_GAP = 0.7
"""In ems: pieces of one row that the file draws apart (bold words, links) stand a space apart."""

_SPACE = 0.12
"""In ems; kerning is below, the narrowest space above."""

_SAME_ROW = 0.35
"""In ems: a superscript's baseline is a third up, the next line's one away."""

_ASCENT, _DESCENT = 0.72, 0.21
"""Of the em: what Latin print fills, so that lines of one size get boxes of one height."""

_UPRIGHT = 2.0
"""Degrees of slant that a box still holds well."""

_SMALL = 0.8
_RAISED = 0.15
"""A word below this size and moved by this part of the em is a superscript or a subscript."""


class PlacedWord(NamedTuple):
    """`baseline` and `em` in pixels; `angle` clockwise on the upright page, 0 for ordinary text."""

    text: str
    box: Box
    baseline: float
    em: float
    angle: float
    run: Run
    breaks: bool
    """A line ended before it."""


def opened_boxes(boxes: Boxes, baseline: Boxes, em: Boxes) -> Boxes:
    """Boxes of ink (rows of left, top, right, bottom), opened to the height of a line. Type 3 fonts state any size: one
    that does not fit the ink is not believed, as is a baseline of infinite size (slanted text)."""
    top, bottom = boxes[:, 1], boxes[:, 3]
    fits = (bottom - top <= 2.5 * em) & (baseline - 1.5 * em < top) & (bottom < baseline + em)
    result = boxes.copy()
    result[:, 1] = np.where(fits, np.minimum(top, baseline - _ASCENT * em), top)
    result[:, 3] = np.where(fits, np.maximum(bottom, baseline + _DESCENT * em), bottom)
    return result


def lines_of_words(words: Sequence[PlacedWord]) -> list[Line]:
    rows: list[list[PlacedWord]] = []
    last = None
    for word in _without_lone_marks(words):
        if last is None or word.breaks or not ((word.run is last.run and _is_near(last, word)) or _follows(last, word)):
            rows.append([word])
        else:
            rows[-1].append(word)
        last = word
    return [_line(row) for row in _joined(rows)]


def _is_near(last: PlacedWord, word: PlacedWord) -> bool:
    """In one run, which has one baseline: the quick answer to the usual case."""
    return -1.0 < word.box[0] - last.box[2] < last.em


def _follows(last: PlacedWord, word: PlacedWord) -> bool:
    if abs(word.angle - last.angle) > 1.0:
        return False
    if abs(word.angle) > _UPRIGHT:
        return True  # rotated text is rare, and PDFium's own breaks serve it
    em = max(last.em, word.em)
    if abs(word.baseline - last.baseline) > _SAME_ROW * em * 1.5:
        return False
    return _gap(last.box, word.box) < _COLUMN_GAP * em


def _gap(a: Box, b: Box) -> float:
    return max(a.left, b.left) - min(a.right, b.right)


def _joined(rows: list[list[PlacedWord]]) -> list[list[PlacedWord]]:
    """Rows that the file draws in pieces, as whole ones. Rows keep the place of their first piece."""
    upright = [index for index, row in enumerate(rows) if abs(row[0].angle) <= _UPRIGHT]
    upright.sort(key=lambda index: (round(rows[index][0].baseline), min(word.box.left for word in rows[index])))
    target = list(range(len(rows)))
    ends: dict[int, float] = {}
    for before, after in pairwise(upright):
        first, second = rows[before], rows[after]
        em = min(first[0].em, second[0].em)
        ends.setdefault(before, max(word.box.right for word in first))
        gap = min(word.box.left for word in second) - ends[before]
        if abs(first[0].baseline - second[0].baseline) < 0.15 * em and -0.2 * em < gap < _JOIN_GAP * em:
            target[after] = target[before]
    groups: dict[int, list[list[PlacedWord]]] = {}
    for index in upright:
        groups.setdefault(target[index], []).append(rows[index])
    result = []
    for index, row in enumerate(rows):
        if index in groups:
            result.append(_in_reading_order(groups[index]))
        elif target[index] == index:
            result.append(row)
    return result


def _in_reading_order(pieces: list[list[PlacedWord]]) -> list[PlacedWord]:
    """Pieces come from left to right."""
    if len(pieces) == 1:
        return pieces[0]
    if is_right_to_left("".join(word.text for piece in pieces for word in piece)):
        pieces = pieces[::-1]
    result = list(pieces[0])
    for piece in pieces[1:]:
        last, first = result[-1], piece[0]
        if _gap(last.box, first.box) < _SPACE * min(last.em, first.em):
            result[-1] = last._replace(text=last.text + first.text, box=_around((last, first)))
            result.extend(piece[1:])
        else:
            result.extend(piece)
    return result


def _around(words: Sequence[PlacedWord]) -> Box:
    if len(words) == 1:
        return words[0].box
    left, top, right, bottom = zip(*(word.box for word in words), strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def _line(row: Sequence[PlacedWord]) -> Line:
    text = " ".join([word.text for word in row])
    if not text.isascii() and is_right_to_left(text):
        row = _mended(row)
        text = " ".join([word.text for word in row])
        direction: Direction = "rtl"
    else:
        direction = "ltr"
    box = _around(row)
    angle = row[0].angle
    em, baseline = row[0].em, row[0].baseline
    if row[-1].run is not row[0].run:
        em = max(row, key=lambda word: len(word.text)).em
    words = [Word(text=word.text, box=word.box, confidence=1.0, style=_styled(word, em, baseline)) for word in row]
    return Line(
        text=text,
        box=box,
        words=tuple(words),
        confidence=1.0,
        outline=_outline(box, angle, em) if abs(angle) > _UPRIGHT else (),
        direction=direction,
        reader=READER,
    )


def _mended(row: Sequence[PlacedWord]) -> list[PlacedWord]:
    texts = mended_line([word.text for word in row])
    return [word._replace(text=text) for word, text in zip(row, texts, strict=True)]


def _without_lone_marks(words: Sequence[PlacedWord]) -> list[PlacedWord]:
    """A mark drawn on its own cuts its word in two: the pieces are joined, the mark is lost."""
    if not any(is_lone_mark(word.text) for word in words if not word.text.isascii()):
        return list(words)
    result: list[PlacedWord] = []
    cut = False
    for word in words:
        if not word.text.isascii() and is_lone_mark(word.text):
            cut = True
            continue
        last = result[-1] if result else None
        if cut and last and not word.breaks and _gap(last.box, word.box) < _SPACE * min(last.em, word.em):
            result[-1] = last._replace(text=last.text + word.text, box=_around((last, word)))
        else:
            result.append(word)
        cut = False
    return result


def _styled(word: PlacedWord, em: float, baseline: float) -> Style:
    shift = word.baseline - baseline
    if word.em > _SMALL * em or abs(shift) < _RAISED * em or abs(shift) > em:
        return word.run.style
    style = word.run.style
    return Style(
        bold=style.bold, italic=style.italic, monospace=style.monospace, script="sub" if shift > 0 else "super"
    )


def _outline(box: Box, angle: float, em: float) -> Outline:
    """The slanted rectangle whose upright box this is, corners as read: of the line's length and height."""
    turn = math.radians(angle)
    cosine, sine = math.cos(turn), math.sin(turn)
    width, height = box.width, box.height
    spread = cosine * cosine - sine * sine
    if abs(spread) > 0.3:
        along = abs((width * abs(cosine) - height * abs(sine)) / spread)
        across = abs((height * abs(cosine) - width * abs(sine)) / spread)
    else:  # near 45 degrees the box says nothing of the sides: the font's height does
        across = em
        along = max(em, width / max(1e-6, abs(cosine)) - across)
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    corners = ((-along, -across), (along, -across), (along, across), (-along, across))
    return tuple((x + (a * cosine - b * sine) / 2, y + (a * sine + b * cosine) / 2) for a, b in corners)
