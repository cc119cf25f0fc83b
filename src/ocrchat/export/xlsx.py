"""A workbook with a sheet a table: numbers as numbers, spans merged, sheets from the right where the table is.

Written as a zip of small XML parts straight to the sink: a library would keep every sheet, or a file open for each,
until the end.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import IO, BinaryIO

from ocrchat.document.model import DocumentHead, Page
from ocrchat.document.source import Source
from ocrchat.document.text import joined_text
from ocrchat.export.markup import xml
from ocrchat.export.numbers import decimal_comma, number_from_text
from ocrchat.export.sheets import LINE_COLUMNS, Part, Sheets
from ocrchat.export.spec import ExportOptions
from ocrchat.export.tables import Grid, texts_of_grid

_LONGEST_TEXT = 32_767
_MOST_ROWS = 1_048_576
"""Of a cell and of a sheet, by the programs that open them."""

_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Four hexadecimal digits between these would be read as a character code."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class XLSXExporter:
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = ".xlsx"

    def export(
        self,
        head: DocumentHead,
        pages: Iterable[Page],
        sink: BinaryIO,
        *,
        source: Source | None,
        options: ExportOptions,
    ) -> None:
        sheets = Sheets(head, pages)
        try:
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
                book = _Workbook(archive)
                sheet: _Sheet | None = None
                for part in sheets.parts():
                    if sheet is None or not part.continues:
                        book.close_sheet(sheet)
                        sheet = book.open_sheet(f"Table {part.number}, page {part.page}", part)
                    sheet.add(part, book)
                book.close_sheet(sheet)
                if not sheets.tables:
                    _write_lines(book, sheets)
                book.finish()
        finally:
            sheets.close()


def _write_lines(book: _Workbook, sheets: Sheets) -> None:
    lines = iter(sheets.lines())
    number = 1
    while True:
        chunk = islice(lines, _MOST_ROWS - 1)
        first = next(chunk, None)
        if first is None and number > 1:
            return
        sheet = book.open_sheet("Lines" if number == 1 else f"Lines {number}", None)
        sheet.add_row([_text_cell(0, column, name, style=1) for column, name in enumerate(LINE_COLUMNS)])
        for line in [] if first is None else (first, *chunk):
            sheet.add_row(_line_cells(line, sheet.rows))
        book.close_sheet(sheet)
        number += 1


def _line_cells(line: Sequence[int | str], row: int) -> list[str]:
    numbers = [f'<c r="{_name(row, column)}"><v>{value}</v></c>' for column, value in enumerate(line[:5])]
    return [*numbers, _text_cell(row, 5, str(line[5]))]


class _Sheet:
    """One worksheet while it is written; what must stand after the rows is kept till then."""

    def __init__(self, entry: IO[bytes], *, rtl: bool, widths: Sequence[int]) -> None:
        self._entry = entry
        self.rows = 0
        self._merges: list[str] = []
        direction = ' rightToLeft="1"' if rtl else ""
        columns = "".join(
            f'<col min="{index}" max="{index}" width="{width}" customWidth="1"/>'
            for index, width in enumerate(widths, 1)
        )
        entry.write(
            (
                f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"{direction}/>'
                f"</sheetViews>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
            ).encode()
        )

    def add_row(self, cells: Sequence[str]) -> None:
        self._entry.write(f'<row r="{self.rows + 1}">{"".join(cells)}</row>'.encode())
        self.rows += 1

    def add(self, part: Part, book: _Workbook) -> None:
        texts = [joined_text(placed.cell.lines) for placed in part.grid.cells]
        comma = decimal_comma(texts, part.languages)
        offset = self.rows - part.first_row
        for number, row in enumerate(part.grid.by_row()):
            if number < part.first_row:
                continue
            cells = []
            for column, placed in enumerate(row):
                if placed is None:
                    continue
                text = joined_text(placed.cell.lines)
                cells.append(book.cell(self.rows, column, text, header=placed.cell.header, comma=comma))
                if placed.row_span > 1 or placed.column_span > 1:
                    end = _name(offset + number + placed.row_span - 1, column + placed.column_span - 1)
                    self._merges.append(f'<mergeCell ref="{_name(offset + number, column)}:{end}"/>')
            self.add_row(cells)

    def close(self) -> None:
        merges = f'<mergeCells count="{len(self._merges)}">{"".join(self._merges)}</mergeCells>' if self._merges else ""
        self._entry.write(f"</sheetData>{merges}</worksheet>".encode())
        self._entry.close()


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names: list[str] = []
        self._codes: dict[str, int] = {}
        """Number format → index of its cell style; 0 and 1 are plain and heading."""

    def open_sheet(self, name: str, part: Part | None) -> _Sheet:
        self._names.append(name[:31])
        entry = self._archive.open(_entry(f"xl/worksheets/sheet{len(self._names)}.xml"), "w", force_zip64=True)
        return _Sheet(entry, rtl=part.grid.rtl if part else False, widths=_widths(part.grid) if part else ())

    def close_sheet(self, sheet: _Sheet | None) -> None:
        if sheet is not None:
            sheet.close()

    def cell(self, row: int, column: int, text: str, *, header: bool, comma: bool) -> str:
        number = None if header else number_from_text(text, comma=comma)
        if number is None:
            return _text_cell(row, column, text, style=1 if header else 0)
        style = self._codes.setdefault(number.code, len(self._codes) + 2)
        return f'<c r="{_name(row, column)}" s="{style}"><v>{number.value}</v></c>'

    def finish(self) -> None:
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name="{xml(name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(numbers, self._names, strict=True)
        )
        self._add(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        )
        relations = "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in numbers
        )
        styles = f'<Relationship Id="rId0" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        self._add("xl/_rels/workbook.xml.rels", _relationships(styles + relations))
        self._add("xl/styles.xml", _styles(list(self._codes)))
        book = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        self._add("_rels/.rels", _relationships(book))
        self._add("[Content_Types].xml", _content_types(numbers))

    def _add(self, name: str, content: str) -> None:
        self._archive.writestr(_entry(name), _DECLARATION + content)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _relationships(content: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{content}</Relationships>'


def _content_types(numbers: Iterable[int]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{kind}.worksheet+xml"/>'
        for number in numbers
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{overrides}</Types>'
    )


def _styles(codes: Sequence[str]) -> str:
    # Numbers of own formats begin at 164; those before are the programs'.
    formats = "".join(
        f'<numFmt numFmtId="{164 + index}" formatCode="{xml(code)}"/>' for index, code in enumerate(codes)
    )
    cells = "".join(
        f'<xf numFmtId="{164 + index}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for index in range(len(codes))
    )
    wrap = '<alignment vertical="top" wrapText="1"/>'
    return (
        f'<styleSheet xmlns="{_MAIN}">'
        + (f'<numFmts count="{len(codes)}">{formats}</numFmts>' if codes else "")
        + '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
        '<patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{2 + len(codes)}">'
        f'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">{wrap}</xf>'
        f'<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">{wrap}</xf>'
        f'{cells}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _text_cell(row: int, column: int, text: str, *, style: int = 0) -> str:
    text = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
    text = xml(_ESCAPED.sub("_x005F_", text))
    return f'<c r="{_name(row, column)}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _name(row: int, column: int) -> str:
    """A1 for the first row and column."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _widths(grid: Grid) -> list[int]:
    """In characters: what the longest cell needs, within what fits a screen."""
    texts = texts_of_grid(grid)
    return [min(60, max(8, 2 + max(len(row[column]) for row in texts))) for column in range(grid.columns)]
