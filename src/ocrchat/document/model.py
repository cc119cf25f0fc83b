"""What was read, in reading order, whatever engine read it.

Coordinates are pixels of the upright page image, origin top left; Page.dpi
relates them to paper. Values are frozen: a stage returns a new page.
Pixels are never in here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

Direction = Literal["ltr", "rtl", "ttb"]
Role = Literal["title", "heading", "paragraph", "list_item", "caption", "footnote", "code", "furniture"]
Outline = tuple[tuple[float, float], ...]
Transform = tuple[float, float, float, float, float, float, float, float, float]

SCHEMA = "ocrchat.document/1"
IDENTITY: Transform = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    bold: bool = False
    italic: bool = False
    monospace: bool = False
    script: Literal["", "sub", "super"] = ""


PLAIN = Style()


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """Text as printed: a hyphen at a line's end stays; joining is the business of document/text.py."""

    text: str
    box: Box
    confidence: float | None = None
    """0..1; None when the engine reports none."""
    style: Style = PLAIN
    unsure: bool = False
    """Nothing on the page supports it well enough to be passed on as fact."""
    readings: tuple[str, ...] = ()
    """What other readers made of the same ink."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    text: str
    """Authoritative: words may be absent, or unspaced where the script is."""
    box: Box
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    outline: Outline = ()
    """Where a box is too coarse: a skewed or curved line."""
    direction: Direction = "ltr"
    language: str = ""
    reader: str = ""
    """Who read this line; pages may mix readers. "text-layer" for a PDF's own text."""
    latex: str = ""
    """A formula within or instead of the text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextBlock:
    kind: ClassVar[Literal["text"]] = "text"
    box: Box
    lines: tuple[Line, ...]
    role: Role = "paragraph"
    level: int = 0
    """Of a heading (1 is the highest) or of a list item's nesting (0 is the outermost)."""
    marker: str = ""
    """Of a list item or footnote, as printed: "•", "3.", "(b)"; the lines do not repeat it."""
    translation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    row: int
    column: int
    box: Box
    lines: tuple[Line, ...] = ()
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    translation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableBlock:
    kind: ClassVar[Literal["table"]] = "table"
    box: Box
    cells: tuple[Cell, ...]
    caption: str = ""
    continues: int | None = None
    """Index of the block on the previous page that this table goes on from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormulaBlock:
    kind: ClassVar[Literal["formula"]] = "formula"
    box: Box
    latex: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureBlock:
    kind: ClassVar[Literal["figure"]] = "figure"
    box: Box
    alt: str = ""


Block = TextBlock | TableBlock | FormulaBlock | FigureBlock


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing done to a page, told well enough to reproduce it or to doubt it."""

    name: str
    engine: str
    model: str = ""
    version: str = ""
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    code: str
    message: str
    """A sentence a person understands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    number: int
    """1-based, as in the source file."""
    width: int
    height: int
    dpi: float
    rotation: int = 0
    """Degrees clockwise already applied to make the page upright."""
    to_source: Transform = IDENTITY
    """Row-major 3×3: upright pixels → the source page. An image's source page is its stored pixel grid before any
    EXIF rotation, origin top left; a PDF's is its default user space in points, origin bottom left."""
    blocks: tuple[Block, ...] = ()
    """This order is the reading order."""
    languages: tuple[str, ...] = ()
    """BCP 47, most used first."""
    steps: tuple[Step, ...] = ()
    failure: Failure | None = None
    """A failed page stays in the document."""
    blank: bool = False
    """Nothing on the page looks like text: read, and rightly empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A person's edit. The original stays in the page: exporters apply corrections, nothing overwrites."""

    page: int
    block: int
    line: int | None = None
    cell: int | None = None
    before: str
    after: str
    account: str = ""
    time: str = ""
    """ISO 8601, UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentHead:
    """All of a document but its pages, so that exporters can stream those."""

    title: str = ""
    languages: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    furniture: tuple[str, ...] = ()
    """What runs through its pages, as document/furniture.py knows it again; stored pages do not change for it."""
    schema: str = SCHEMA


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    pages: tuple[Page, ...]
    title: str = ""
    languages: tuple[str, ...] = ()
    """Those of the pages, the document's vote first."""
    notices: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    furniture: tuple[str, ...] = ()
    """As of DocumentHead."""
    schema: str = SCHEMA

    @property
    def head(self) -> DocumentHead:
        return DocumentHead(
            title=self.title,
            languages=self.languages,
            notices=self.notices,
            corrections=self.corrections,
            furniture=self.furniture,
            schema=self.schema,
        )


def lines_of_block(block: Block) -> Iterator[Line]:
    """Every line in a block, table cells in row order."""
    match block:
        case TextBlock() | FormulaBlock():
            yield from block.lines
        case TableBlock():
            for cell in block.cells:
                yield from cell.lines
        case FigureBlock():
            return


def lines_of_page(page: Page) -> Iterator[Line]:
    for block in page.blocks:
        yield from lines_of_block(block)
