"""Where a line and its words are on the upright page, and how much of lines that overlap is left out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ocrchat.document.model import Line
from ocrchat.document.text import spans_of_line
from ocrchat.export.pdf_bidi import Piece

TextRun = tuple[str, float, float]
"""A text to show, with where it begins and ends along its line."""


class Axis(NamedTuple):
    """A line on the upright page: where its lower left corner is, which way it runs, how long and how high it is."""

    x: float
    y: float
    along: tuple[float, float]
    up: tuple[float, float]
    length: float
    height: float


def axis_of_line(line: Line) -> Axis:
    box = line.box
    if len(line.outline) == 4:
        top_left, _, bottom_right, bottom_left = line.outline
        length, height = math.dist(bottom_left, bottom_right), math.dist(bottom_left, top_left)
        if length > 0 and height > 0:
            along = ((bottom_right[0] - bottom_left[0]) / length, (bottom_right[1] - bottom_left[1]) / length)
            up = ((top_left[0] - bottom_left[0]) / height, (top_left[1] - bottom_left[1]) / height)
            return Axis(*bottom_left, along, up, length, height)
    if line.direction == "ttb":
        return Axis(box.left, box.top, (0.0, 1.0), (1.0, 0.0), box.height, box.width)
    return Axis(box.left, box.bottom, (1.0, 0.0), (0.0, -1.0), box.width, box.height)


def pieces_of_line(line: Line, axis: Axis) -> list[Piece]:
    """In the order of the text. Where words have no places, they share the line by their lengths."""
    spans = spans_of_line(line)
    if not spans:
        return _shared_pieces(line.text.split(), axis.length, rtl=line.direction == "rtl")
    pieces = []
    for index, span in enumerate(spans):
        box = span.word.box
        middle = ((box.left + box.right) / 2 - axis.x, (box.top + box.bottom) / 2 - axis.y)
        at = middle[0] * axis.along[0] + middle[1] * axis.along[1]
        cosine, sine = abs(axis.along[0]), abs(axis.along[1])
        # The upright box around a slanted word is longer than the word by the share of its height.
        if cosine >= sine:
            half = max(0.0, box.width - axis.height * sine) / cosine / 2
        else:
            half = max(0.0, box.height - axis.height * cosine) / sine / 2
        pieces.append(Piece(span.text, at - half, at + half, bool(span.gap) and index + 1 < len(spans)))
    return pieces


def widened(pieces: list[Piece], axis: Axis) -> list[Piece]:
    """The outermost words reach towards the line's ends, so that selecting the line covers all of it; but not far, or
    readers see no gap between the cells of a row."""
    most = axis.height / 2
    first = min(range(len(pieces)), key=lambda index: pieces[index].start)
    start = pieces[first].start
    pieces[first] = pieces[first]._replace(start=min(start, max(0.0, start - most)))
    last = max(range(len(pieces)), key=lambda index: pieces[index].end)
    end = pieces[last].end
    pieces[last] = pieces[last]._replace(end=max(end, min(axis.length, end + most)))
    return pieces


def one_piece(pieces: Sequence[Piece]) -> list[Piece]:
    text = "".join(piece.text + (" " if piece.gap else "") for piece in pieces)
    return [Piece(text, min(piece.start for piece in pieces), max(piece.end for piece in pieces), False)]


def _shared_pieces(texts: Sequence[str], length: float, *, rtl: bool) -> list[Piece]:
    units = sum(map(len, texts)) + len(texts) - 1
    step = length / max(1, units)
    pieces = []
    at = 0
    for index, text in enumerate(texts):
        start, end = at * step, (at + len(text)) * step
        if rtl:
            start, end = length - end, length - start
        pieces.append(Piece(text, start, end, index + 1 < len(texts)))
        at += len(text) + 1
    return pieces


def plain_runs(pieces: Sequence[Piece]) -> Iterator[tuple[str, float, float]]:
    """Texts to show with where each begins and ends. A run reaches to the next one, so that no reader sees a gap where
    the text has none, and holds the space where it has one."""
    for index, piece in enumerate(pieces):
        following = pieces[index + 1].start if index + 1 < len(pieces) else piece.end
        end = following if following > piece.start else piece.end
        yield piece.text + (" " if piece.gap else ""), piece.start, end


def point_on(axis: Axis, along: float, up: float) -> tuple[float, float]:
    return (
        axis.x + axis.along[0] * along + axis.up[0] * up,
        axis.y + axis.along[1] * along + axis.up[1] * up,
    )


# --- lines that overlap ----------------------------------------------------------------------------------------------

_ONE_ROW = 0.35
"""Lines whose middles are nearer than this share of their height stand in one row, side by side or over each other."""

_MOST_CUT = 0.13
"""Of a line's height, from above or from below: selecting it must still cover it."""


Cuts = Mapping[int, tuple[float, float]]
"""By a line's `id`: pixels to leave out at its top and at its bottom."""


def cuts_of_lines(lines: Sequence[Line]) -> Cuts:
    """Boxes around lines set close overlap, and PDFium takes lines that overlap for one: each gives up its half."""
    cuts: dict[int, tuple[float, float]] = {}
    bands = [band for line in lines if line.text.strip() and (band := _band_of_line(line))]
    bands.sort(key=lambda band: band.top)
    for index, one in enumerate(bands):
        for other in bands[index + 1 :]:
            if other.top >= one.bottom:
                break
            _separate(one, other, cuts)
    return cuts


class _Band(NamedTuple):
    """A line that runs nearly level: its middle falls by `slope` from left to right."""

    line: Line
    left: float
    right: float
    top: float
    bottom: float
    slope: float
    height: float

    def middle_at(self, x: float) -> float:
        return (self.top + self.bottom) / 2 + self.slope * (x - (self.left + self.right) / 2)


def _band_of_line(line: Line) -> _Band | None:
    axis = axis_of_line(line)
    across, down = axis.along
    if abs(across) < 2 * abs(down):
        return None
    box = line.box
    return _Band(line, box.left, box.right, box.top, box.bottom, down / across, axis.height)


def _separate(one: _Band, other: _Band, cuts: dict[int, tuple[float, float]]) -> None:
    left, right = max(one.left, other.left), min(one.right, other.right)
    if left >= right:
        return
    x = (left + right) / 2
    upper, lower = (one, other) if one.middle_at(x) <= other.middle_at(x) else (other, one)
    apart = lower.middle_at(x) - upper.middle_at(x)
    overlap = (upper.height + lower.height) / 2 - apart
    # PDFium compares a line's last word with the next line's first: on falling lines these come nearer.
    last, first = (upper.left, lower.right) if upper.line.direction == "rtl" else (upper.right, lower.left)
    overlap = max(overlap, overlap + apart - (lower.middle_at(first) - upper.middle_at(last)))
    if overlap <= 0 or apart < _ONE_ROW * min(upper.height, lower.height):
        return
    top, bottom = cuts.get(id(upper.line), (0.0, 0.0))
    cuts[id(upper.line)] = top, max(bottom, min(overlap / 2, _MOST_CUT * upper.height))
    top, bottom = cuts.get(id(lower.line), (0.0, 0.0))
    cuts[id(lower.line)] = max(top, min(overlap / 2, _MOST_CUT * lower.height)), bottom


def cut_axis(axis: Axis, top: float, bottom: float) -> Axis:
    if not top and not bottom:
        return axis
    x, y = point_on(axis, 0.0, bottom)
    return axis._replace(x=x, y=y, height=axis.height - top - bottom)
