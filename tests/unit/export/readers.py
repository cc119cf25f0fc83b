"""Readers of PDFs that others wrote: PDFium, which browsers use, and Poppler's pdftotext, which search engines use."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Seen(NamedTuple):
    text: str
    box: tuple[float, float, float, float]
    """Left, bottom, right, top in points."""


def pdfium_pages(data: bytes) -> list[list[str]]:
    """Lines of each page. PDFium joins a word broken at a line's end by a sign of its own."""
    with pdfium.PdfDocument(data) as pdf:
        pages = []
        for page in pdf:
            text = page.get_textpage().get_text_range().replace("\ufffe", "-\n")
            pages.append([line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()])
        return pages


def pdfium_lines(data: bytes, page_index: int = 0) -> list[Seen]:
    with pdfium.PdfDocument(data) as pdf:
        text_page = pdf[page_index].get_textpage()
        seen: list[Seen] = []
        for index in range(text_page.count_chars()):
            character = chr(raw.FPDFText_GetUnicode(text_page, index))
            if character in "\r\n":
                seen.append(Seen("", (0, 0, 0, 0)))
                continue
            left, bottom, right, top = text_page.get_charbox(index)
            if not seen:
                seen.append(Seen("", (0, 0, 0, 0)))
            last = seen[-1]
            box = (left, bottom, right, top)
            if last.text:
                box = (
                    min(last.box[0], left),
                    min(last.box[1], bottom),
                    max(last.box[2], right),
                    max(last.box[3], top),
                )
            seen[-1] = Seen(last.text + character, box)
        return [one for one in seen if one.text.strip()]


def poppler_lines(data: bytes) -> list[str]:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("POPPLER IS MISSING: what it reads is not tested here (apt-get install poppler-utils)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(data)
        out = subprocess.run([program, "-enc", "UTF-8", path, "-"], capture_output=True, check=True, timeout=60).stdout
    lines = _DIRECTION_MARKS.sub("", out.decode().replace("\f", "\n")).split("\n")
    return [line.strip() for line in lines if line.strip()]


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Intersection over union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    areas = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return both / (areas - both)
