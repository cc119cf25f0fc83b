"""A page with a table, in English and in Arabic, through every format and back by a reader that others wrote."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

import docx
import openpyxl
import pytest
from markdown_it import MarkdownIt

import ocrchat
from ocrchat.document.model import Page, TableBlock, lines_of_page
from ocrchat.export.registry import FORMATS
from tests import factories
from tests.unit.export.readers import pdfium_pages, poppler_lines

Rows = list[list[str]]


def _json_rows(data: bytes) -> Rows:
    page = json.loads(data)["pages"][0]
    rows: dict[int, dict[int, str]] = {}
    for cell in next(block for block in page["blocks"] if block["kind"] == "table")["cells"]:
        rows.setdefault(cell["row"], {})[cell["column"]] = cell["lines"][0]["text"]
    return [[row[column] for column in sorted(row)] for row in rows.values()]


def _html_rows(html: str) -> Rows:
    start, end = html.index("<table"), html.index("</table>") + len("</table>")
    table = ElementTree.fromstring(html[start:end].replace('xml:lang="', 'lang="'))
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.iter("tr")]


def _markdown_rows(data: bytes) -> Rows:
    return _html_rows(MarkdownIt("commonmark", {"html": True}).enable("table").render(data.decode()))


def _alto_rows(data: bytes) -> Rows:
    """ALTO knows no rows: cells of one height on the page are one."""
    namespace = "{http://www.loc.gov/standards/alto/ns-v4#}"
    block = next(ElementTree.fromstring(data).iter(f"{namespace}ComposedBlock"))
    rows: dict[str, list[str]] = {}
    for line in block.iter(f"{namespace}TextLine"):
        words = [word.get("CONTENT") or "" for word in line.iter(f"{namespace}String")]
        rows.setdefault(line.get("VPOS") or "", []).append(" ".join(words))
    return list(rows.values())


def _docx_rows(data: bytes) -> Rows:
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(data)).tables[0].rows]


def _xlsx_rows(data: bytes) -> Rows:
    rows = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()
    return [
        [f"{cell.value:,.2f}" if isinstance(cell.value, float) else str(cell.value) for cell in row] for row in rows
    ]


def _zip_rows(data: bytes) -> Rows:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _csv_rows(archive.read("table-1.csv"))


def _csv_rows(data: bytes) -> Rows:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


TABLES: dict[str, Callable[[bytes], Rows]] = {
    "json": _json_rows,
    "md": _markdown_rows,
    "hocr": lambda data: _html_rows(data.decode()),
    "alto": _alto_rows,
    "docx": _docx_rows,
    "xlsx": _xlsx_rows,
    "csv": _csv_rows,
    "csv.zip": _zip_rows,
    "txt": lambda data: [line.split("\t") for line in data.decode().splitlines() if "\t" in line],
}


def _page_texts(page: Page) -> set[str]:
    return {line.text for line in lines_of_page(page)}


@pytest.mark.parametrize(
    ("kind", "rows"), [("english table", factories.ENGLISH_ROWS), ("arabic table", factories.ARABIC_ROWS)]
)
@pytest.mark.parametrize("name", TABLES)
def test_table_when_read_back_by_another_is_the_table(kind: str, rows: tuple[tuple[str, ...], ...], name: str) -> None:
    data = ocrchat.export(factories.document(kind), name)
    assert data is not None
    expected = [list(row) for row in rows]
    if kind == "arabic table" and name in ("json", "alto"):
        # These say what stood where on the page: columns count from the left.
        expected = [row[::-1] for row in expected]
    got = TABLES[name](data)
    assert [sorted(row) for row in got] == [sorted(row) for row in expected] if name == "alto" else got == expected


@pytest.mark.parametrize("kind", ["english table", "arabic table"])
@pytest.mark.parametrize("reader", ["pdfium", "poppler"])
def test_pdf_when_read_back_by_another_has_every_text_of_the_page(kind: str, reader: str) -> None:
    document = factories.document(kind)
    data = ocrchat.export(document, "pdf", source=factories.source_of(document))
    assert data is not None
    # A row of a table is a line to a reader of PDFs, its cells in the order of the page.
    page = document.pages[0]
    table = next(block for block in page.blocks if isinstance(block, TableBlock))
    in_cells = {line.text for cell in table.cells for line in cell.lines}
    if reader == "pdfium":
        text = " ".join(pdfium_pages(data)[0])
        assert all(one in text for one in _page_texts(page))
    else:
        text = " ".join(poppler_lines(data))
        # Poppler moves the space beside digits in a line from the right.
        assert all(one in text for one in in_cells if kind == "english table" or not one[0].isdigit())


def test_every_format_when_added_is_read_back_here() -> None:
    assert set(FORMATS) == {*TABLES, "pdf"}
