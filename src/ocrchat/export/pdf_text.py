"""The invisible text of a page: every word where its ink is, so that readers select, search and copy what was printed.

docs/decisions/0005-searchable-pdf.md tells why it is made as it is; pdf_bidi.py lays lines that run from the right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ocrchat.document.model import Line, Transform
from ocrchat.export.pdf_bidi import bidi_runs, has_rtl
from ocrchat.export.pdf_font import ADVANCE, EM, Codes
from ocrchat.export.pdf_lines import (
    Axis,
    TextRun,
    axis_of_line,
    cut_axis,
    cuts_of_lines,
    one_piece,
    pieces_of_line,
    plain_runs,
    point_on,
    widened,
)

_SMALLEST = 0.01
"""Points: what a size or a width is at least, as a matrix of zeros is an error to some readers."""

_LEVEL = 0.001
"""Sine: over a whole line that slants by less, words stand on one level."""


def text_objects(lines: Sequence[Line], to_page: Transform, codes: Codes) -> list[str]:
    """A text object for each of a page's lines, in the operators of a content stream; empty for an empty line. The
    font is called F."""
    cuts = cuts_of_lines(lines)
    shown = [
        _shown_of_line(line, cut_axis(axis_of_line(line), *cuts.get(id(line), (0.0, 0.0))), to_page)
        if line.text.strip()
        else []
        for line in lines
    ]
    _keep_lines_apart([texts for texts in shown if texts])
    return [_operators(texts, codes) for texts in shown]


class _Shown(NamedTuple):
    """A text and where it stands on the PDF's page."""

    text: str
    x: float
    y: float
    stretch: float
    """How much wider than the font's its characters are."""
    frame: _Frame


def _shown_of_line(line: Line, axis: Axis, to_page: Transform) -> list[_Shown]:
    frame = _frame(axis, to_page, 0.0, axis.length)
    is_affine = to_page[6:] == (0.0, 0.0, 1.0)
    out = []
    for text, start, end in _runs_of_line(line, axis, frame):
        if not is_affine:
            # Perspective: each word has its own size and direction.
            frame = _frame(axis, to_page, start, end)
            start, end = 0.0, end - start
        stretch = EM / ADVANCE * max(_SMALLEST, (end - start) * frame.scale) / (len(text) * frame.size)
        x, y = frame.x + frame.across[0] * start, frame.y + frame.across[1] * start
        out.append(_Shown(text, x, y, stretch, frame))
    return out


def _operators(texts: Sequence[_Shown], codes: Codes) -> str:
    if not texts:
        return ""
    font = ""
    out = ["BT 3 Tr"]
    for text, x, y, stretch, frame in texts:
        if frame.font != font:
            font = frame.font
            out.append(font)
        out.append(f"{100 * stretch:.2f} Tz {frame.matrix} {x:.2f} {y:.2f} Tm <{codes.encode(text)}> Tj")
    return "\n".join([*out, "ET"])


def _runs_of_line(line: Line, axis: Axis, frame: _Frame) -> list[TextRun]:
    """In the order in which they are shown."""
    pieces = widened(pieces_of_line(line, axis), axis)
    if frame.is_upside_down:
        # PDFium sorts words from left to right: upside down only a line in one piece stays in order.
        pieces = one_piece(pieces)
    if not (line.direction == "rtl" or has_rtl(line.text)):
        runs = list(plain_runs(pieces))
    else:
        runs = list(bidi_runs(pieces))
        if not frame.is_level:
            # And it does not sort those that are not level: their order is that on the page.
            runs.sort(key=lambda run: run[1])
    if frame.is_upside_down:
        return runs
    return _with_ends_apart(runs, axis.height) if frame.is_upright else _without_single_characters(runs)


def _without_single_characters(runs: list[TextRun]) -> list[TextRun]:
    """PDFium takes a text of a single character for level, also in a line that runs up or down."""
    out = runs[:1]
    for text, start, end in runs[1:]:
        before = out[-1]
        if min(len(text), len(before[0])) == 1:
            out[-1] = (before[0] + text, before[1], end)
        else:
            out.append((text, start, end))
    return out


def _with_ends_apart(runs: list[TextRun], height: float) -> list[TextRun]:
    """PDFium takes a line for the continuation of one above that it overlaps, unless that one ends in a text of a
    single character. And it sorts the first text of a line into the line above where these are nearer than half of
    their characters' width: so a stretched text (a word before a wide gap) begins and ends a line with a usual one."""
    from_right = len(runs) > 1 and runs[0][1] > runs[-1][1]
    first, last = (-1, 0) if from_right else (0, -1)
    leading, rest = _without_end(runs[0], first, height) if from_right or _is_wide(runs[0], height) else ([], runs[0])
    runs = [*leading, rest, *runs[1:]]
    if from_right and not _is_wide(runs[-1], height):
        return runs
    trailing, rest = _without_end(runs[-1], last, height)
    return [*runs[:-1], rest, *trailing]


def _is_wide(run: TextRun, height: float) -> bool:
    text, start, end = run
    return end - start > height * len(text)


def _without_end(run: TextRun, end_index: int, height: float) -> tuple[list[TextRun], TextRun]:
    """(The character at one end, the rest of the run)."""
    text, start, end = run
    if len(text) < 2:
        return [], run
    width = (end - start) / len(text)
    if _is_wide(run, height):
        width = height / 2
    if end_index == 0:
        return [(text[0], start, start + width)], (text[1:], start + width, end)
    return [(text[-1], end - width, end)], (text[:-1], start, end - width)


def _keep_lines_apart(lines: Sequence[list[_Shown]]) -> None:
    """Where a slanting line ends as high as the next one begins, PDFium sorts the two into each other. Its last
    character, which stands apart, then moves a little up or down: by less than would begin a new line."""
    for upper, lower in pairwise(lines):
        last, first = upper[-1], lower[0]
        if last.frame.is_upright and not last.frame.is_level:
            rise = first.y - last.y
            level = max(_level_of(last), _level_of(first))
            shifts = (0.0, -0.35 * last.frame.size, 0.23 * last.frame.size)
            best = next((by for by in shifts if abs(rise - by) > 1.05 * level), None)
            if best is None:
                best = max(shifts, key=lambda by: abs(rise - by))
            upper[-1] = last._replace(y=last.y + best)


def _level_of(shown: _Shown) -> float:
    """Half a character's width, as PDFium measures it: what is less apart is on one level."""
    return shown.frame.size * ADVANCE / EM * (shown.stretch + 1) / 4


class _Frame(NamedTuple):
    """A line, or a stretch of it, on the PDF's page."""

    x: float
    y: float
    across: tuple[float, float]
    """Points for each pixel along the line."""
    scale: float
    size: float
    matrix: str
    font: str
    is_upright: bool
    """As seen: from left to right, not upwards, downwards or upside down."""
    is_upside_down: bool
    is_level: bool


def _frame(axis: Axis, to_page: Transform, start: float, end: float) -> _Frame:
    x, y = _mapped(to_page, point_on(axis, start, 0.0))
    right, over = _mapped(to_page, point_on(axis, end, 0.0)), _mapped(to_page, point_on(axis, start, axis.height))
    length = math.hypot(right[0] - x, right[1] - y)
    cosine, sine = ((right[0] - x) / length, (right[1] - y) / length) if length > _SMALLEST else (1.0, 0.0)
    scale = length / (end - start) if end > start else 0.0
    size = max(_SMALLEST, abs(cosine * (over[1] - y) - sine * (over[0] - x)))
    # PDF knows no exponents, and hundredths of a point are finer than any printer.
    matrix = f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f}"
    if abs(sine) < 0.000005:
        matrix = "1 0 0 1" if cosine > 0 else "-1 0 0 -1"
    across = (cosine * scale, sine * scale)
    is_level = abs(sine) < _LEVEL
    return _Frame(x, y, across, scale, size, matrix, f"/F {size:.2f} Tf", cosine > 0.7, cosine < -0.5, is_level)


def _mapped(transform: Transform, point: tuple[float, float]) -> tuple[float, float]:
    a, b, c, d, e, f, g, h, i = transform
    x, y = point
    w = g * x + h * y + i or 1.0
    return (a * x + b * y + c) / w, (d * x + e * y + f) / w
