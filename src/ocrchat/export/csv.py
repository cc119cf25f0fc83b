"""The tables as CSV (RFC 4180, UTF-8): one after another with an empty line between, or one of them, or each in a file
of a zip. A document without tables gives its lines with their pages and boxes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, BinaryIO

from ocrchat.document.model import DocumentHead, Page
from ocrchat.document.source import Source
from ocrchat.export.sheets import LINE_COLUMNS, Part, Sheets
from ocrchat.export.spec import ExportOptions
from ocrchat.export.tables import texts_of_grid

_RUNS = re.compile(r"\s*[=+\-@|%]")
_NUMBER = re.compile(r"\s*[-+]?[\d.,\s'’]*\d\s*%?\s*")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can hold: the same document gives the same bytes."""


class CSVExporter:
    media_type = "text/csv; charset=utf-8"
    suffix = ".csv"

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
        if options.byte_order_mark:
            sink.write(b"\xef\xbb\xbf")
        try:
            for part in sheets.parts():
                if options.table in (None, part.number):
                    separate = options.table is None and part.number > 1 and not part.continues
                    sink.write((b"\r\n" if separate else b"") + _rows_of_part(part))
            if not sheets.tables:
                _write_lines(sheets.lines(), sink)
        finally:
            sheets.close()


class CSVZipExporter:
    media_type = "application/zip"
    suffix = ".csv.zip"

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
        mark = b"\xef\xbb\xbf" if options.byte_order_mark else b""
        try:
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
                for number, data in _tables(sheets.parts()):
                    archive.writestr(_entry(f"table-{number}.csv"), mark + data)
                if not sheets.tables:
                    with archive.open(_entry("lines.csv"), "w", force_zip64=True) as entry:
                        entry.write(mark)
                        _write_lines(sheets.lines(), entry)
        finally:
            sheets.close()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _tables(parts: Iterator[Part]) -> Iterator[tuple[int, bytes]]:
    number, data = 0, b""
    for part in parts:
        if number and not part.continues:
            yield number, data
            data = b""
        number, data = part.number, data + _rows_of_part(part)
    if number:
        yield number, data


def _rows_of_part(part: Part) -> bytes:
    return _csv_bytes(texts_of_grid(part.grid)[part.first_row :])


def _write_lines(lines: Iterable[Sequence[int | str]], sink: IO[bytes]) -> None:
    sink.write(_csv_bytes([LINE_COLUMNS]))
    for line in lines:
        sink.write(_csv_bytes([line]))


def _csv_bytes(rows: Iterable[Sequence[int | str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([defused(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode()


def defused(text: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front, which makes it text. Numbers with
    a sign are no formulas."""
    return "'" + text if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text
