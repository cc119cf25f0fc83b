"""What others read in a PDF that we wrote: PDFium, which browsers use, and Poppler, which search engines use."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from ocrchat.document.model import Line, Page, lines_of_page

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ENOUGH = 0.7
Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Back:
    lines: int
    pdfium: int
    """Lines given back exactly, but for white space at their ends."""
    poppler: int
    covered: int
    """Lines whose selection overlaps the model's box by 0.7 of their union, or more."""
    size: int
    seconds: float

    def told(self) -> str:
        return f"{self.pdfium:4} {self.poppler:4} {self.covered:4} {self.size / 1000:6.1f} {self.seconds:5.2f}"


def back_from_pdf(page: Page, data: bytes, seconds: float, index: int = 0, *, own_pages: bool = False) -> Back:
    """`own_pages`: the PDF's own were kept, and `to_source` leads to them."""
    lines = [line for line in lines_of_page(page) if line.text.strip()]
    wanted = [_folded(line.text) for line in lines]
    with pdfium.PdfDocument(data) as pdf:
        shown = pdf[index]
        text = shown.get_textpage().get_text_range().replace("\ufffe", "-\n")
        selected = _Selected(shown, page, own_pages=own_pages)
        covered = sum(selected.covers(line) for line in lines)
    return Back(
        lines=len(lines),
        pdfium=_exact(wanted, text),
        poppler=_exact(wanted, _poppler(data, index)),
        covered=covered,
        size=len(data),
        seconds=seconds,
    )


def _folded(text: str) -> str:
    return " ".join(text.split())


def _exact(wanted: list[str], text: str) -> int:
    got = Counter(_folded(line) for line in re.split(r"[\r\n\f]+", text))
    return sum((Counter(wanted) & got).values())


def _poppler(data: bytes, index: int) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        return ""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(data)
        pages = ["-f", str(index + 1), "-l", str(index + 1)]
        out = subprocess.run([program, *pages, "-enc", "UTF-8", file.name, "-"], capture_output=True, check=True).stdout
    return _MARKS.sub("", out.decode())


class _Selected:
    """A page's characters as PDFium has them, found again by the text of a line."""

    def __init__(self, shown: pdfium.PdfPage, page: Page, *, own_pages: bool) -> None:
        self._shown, self._page = shown, page
        self._text_page = shown.get_textpage()
        self._from_points = _own_pixels(page) if own_pages else _picture_pixels(page, shown)
        found = [
            (chr(raw.FPDFText_GetUnicode(self._text_page, number)), number)
            for number in range(self._text_page.count_chars())
        ]
        # PDFium puts a sign of its own for a hyphen at a line's end.
        solid = [(one.replace("\ufffe", "-"), number) for one, number in found if not one.isspace()]
        self._text = "".join(one for one, _ in solid)
        self._numbers = [number for _, number in solid]

    def covers(self, line: Line) -> bool:
        wanted = "".join(line.text.split())
        start = self._text.find(wanted)
        while start >= 0:
            numbers = self._numbers[start : start + len(wanted)]
            around = _around([self._text_page.get_charbox(number) for number in numbers])
            if _overlap(tuple(line.box), _in_pixels(around, self._from_points)) >= _ENOUGH:
                return True
            start = self._text.find(wanted, start + 1)
        return False


def _own_pixels(page: Page) -> np.ndarray:
    return np.asarray(np.linalg.inv(np.array(page.to_source).reshape(3, 3)))


def _picture_pixels(page: Page, shown: pdfium.PdfPage) -> np.ndarray:
    """A page made of a picture stands upright as it was read, but for slight skew."""
    scale = page.width / shown.get_width()
    return np.array([[scale, 0, 0], [0, -scale, shown.get_height() * scale], [0, 0, 1]])


def _in_pixels(box: Box, from_points: np.ndarray) -> Box:
    corners = from_points @ np.array([[box[0], box[2], box[0], box[2]], [box[1], box[1], box[3], box[3]], [1, 1, 1, 1]])
    xs, ys = corners[0] / corners[2], corners[1] / corners[2]
    return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())


def _around(boxes: list[Box]) -> Box:
    solid = [box for box in boxes if box[2] > box[0]] or boxes
    return (
        min(box[0] for box in solid),
        min(box[1] for box in solid),
        max(box[2] for box in solid),
        max(box[3] for box in solid),
    )


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - both)
