"""Pages to be exported, whose words and boxes are known: the corpus's rendered ones, lines drawn here in many scripts,
and the pages of a long document."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from bench.corpus import find_corpus
from bench.drawn_pdf import page_lines
from ocrchat.document.image import PageImage
from ocrchat.document.json import document_from_bytes
from ocrchat.document.model import Box, Cell, Document, Line, Page, TableBlock, TextBlock, Word
from ocrchat.export.registry import export

DPI = 150.0

DRAWN: dict[str, list[str]] = {
    "en": ["The quick brown fox jumps over", "the lazy dog and runs home"],
    "ar": ["لكل إنسان الحق في الحرية", "والأمن على شخصه"],
    "ar digits": ["المادة 9 من عام 1948", "في عام 2024 كتب 12.5% من الناس"],
    "he": ["כל בני האדם נולדו בני חורין", "ושווים בערכם ובזכויותיהם"],
    "he Latin": ["הקובץ PDF נשמר כאן היום", "גרסה A4 של המסמך מוכנה עכשיו"],
    "fa": ["تمام افراد بشر آزاد به دنیا", "کتاب‌های فارسی می‌آیند"],
    "hi": ["सभी मनुष्यों को गौरव और", "दुनिया में अधिकार हैं"],
    "th": ["มนุษย์|ทั้งหลาย|เกิด|มา|มี|อิสระ", "และ|เสมอภาค|กัน"],
    "zh": ["人人|生而|自由|，|在|尊严|和", "权利|上|一律|平等|。"],
    "ja": ["すべて|の|人間|は|、|生まれ|ながら", "に|して|自由|で|ある|。"],
    "ko": ["모든 인간은 태어날 때부터", "자유로우며 존엄하다"],
    "ta": ["மனிதப் பிறவியினர் சகலரும்", "சுதந்திரமாகவே பிறக்கின்றனர்"],
}
"""Words parted by spaces, or by bars where the script writes none."""


@dataclass(frozen=True, kw_only=True)
class Given:
    name: str
    document: Document
    path: Path
    """The page's picture, a PNG."""


def given_pages() -> Iterator[Given]:
    """The rendered pages whose truth has boxes; words share a line by their lengths."""
    for truth in sorted((find_corpus(Path(__file__).parents[1]) / "synth_udhr_pages").glob("*.gt.json")):
        name = truth.name.removesuffix(".gt.json")
        path = truth.with_name(f"{name}.png")
        with Image.open(path) as picture:
            width, height = picture.size
        lines = [
            line_of_words(one["text"].split(), tuple(map(float, one["bbox"])), joint=" ")
            for one in json.loads(truth.read_text())["lines"]
            if one["text"].strip()
        ]
        yield Given(name=name, document=_document(lines, width, height, name[:2]), path=path)


def drawn_lines() -> Iterator[Given]:
    """White paper with lines of a usual width for their text."""
    folder = Path(tempfile.mkdtemp())
    path = folder / "white.png"
    Image.new("L", (1240, 600), 255).save(path)
    for name, texts in DRAWN.items():
        lines = []
        for index, text in enumerate(texts):
            joint = "" if "|" in text else " "
            words = text.split("|" if "|" in text else " ")
            width = (36 if joint == "" and name != "th" else 18) * len(joint.join(words))
            lines.append(
                line_of_words(words, (100.0, 60.0 + 60 * index, 100.0 + width, 100.0 + 60 * index), joint=joint)
            )
        yield Given(name=name, document=_document(lines, 1240, 600, name[:2]), path=path)


def line_of_words(texts: list[str], box: tuple[float, ...], *, joint: str) -> Line:
    """Stretches of one direction lie as printed: from the right in a line from the right."""
    text = joint.join(texts)
    kinds = [unicodedata.bidirectional(character) for character in text]
    rtl = sum(kind in ("R", "AL") for kind in kinds) > sum(kind == "L" for kind in kinds)
    left, top, right, bottom = box
    units = len(text)
    words, at = [], 0
    for one in texts:
        start = left + (right - left) * at / units
        end = left + (right - left) * (at + len(one)) / units
        place = Box(left + right - end, top, left + right - start, bottom) if rtl else Box(start, top, end, bottom)
        words.append(Word(text=one, box=place, confidence=0.95))
        at += len(one) + len(joint)
    direction = "rtl" if rtl else "ltr"
    return Line(text=text, box=Box(left, top, right, bottom), words=tuple(words), direction=direction)  # type: ignore[arg-type]


def _document(lines: list[Line], width: int, height: int, language: str) -> Document:
    block = TextBlock(box=Box(0, 0, width, height), lines=tuple(lines))
    page = Page(number=1, width=width, height=height, dpi=DPI, blocks=(block,), languages=(language,))
    return Document(pages=(page,), languages=(language,))


def long_page(number: int) -> Page:
    """3,000 characters in words with boxes, a heading, and a table on every tenth page."""
    source = random.Random(number)
    texts = page_lines(source)
    lines = tuple(
        line_of_words(text.split(), (120.0, 150.0 + 30 * index, 1120.0, 174.0 + 30 * index), joint=" ")
        for index, text in enumerate(texts)
        if text.strip()
    )
    heading = TextBlock(box=lines[0].box, lines=lines[:1], role="heading", level=1)
    blocks: list[TextBlock | TableBlock] = [heading]
    blocks += [TextBlock(box=lines[at].box, lines=lines[at : at + 8]) for at in range(1, len(lines), 8)]
    if number % 10 == 0:
        cells = tuple(
            Cell(
                row=row,
                column=column,
                box=Box(0, 0, 9, 9),
                lines=(line_of_words([str(row * column)], (0, 0, 9, 9), joint=""),),
            )
            for row in range(10)
            for column in range(5)
        )
        blocks.append(TableBlock(box=Box(0, 0, 9, 9), cells=cells))
    return Page(number=number, width=1240, height=1754, dpi=DPI, blocks=tuple(blocks))


class _Picture:
    media_type = "image/png"
    password = ""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> BinaryIO:
        return self._path.open("rb")

    def page_image(self, number: int, dpi: float | None = None) -> PageImage:
        raise AssertionError("the picture is taken over as it is")

    def lay_over(self, layers: Path, result: Path) -> None:
        raise AssertionError("these are no PDFs")


if __name__ == "__main__":
    given, picture, out = map(Path, sys.argv[1:])
    with out.open("wb") as sink:
        export(document_from_bytes(given.read_bytes()), "pdf", sink, source=_Picture(picture))
