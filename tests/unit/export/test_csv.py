from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import pytest

import ocrchat
from ocrchat.document.model import Document, TableBlock
from ocrchat.export.csv import defused
from ocrchat.export.spec import ExportOptions
from tests import factories
from tests.factories import table_of

LONG = tuple(
    replace(
        factories.page("empty", number=number),
        blocks=(replace(table_of([["Name", "Sum"], [f"row {number}", "1"]]), continues=0 if number > 1 else None),),
    )
    for number in (1, 2, 3)
)


def _csv_of(document: Document, options: ExportOptions | None = None, name: str = "csv") -> bytes:
    data = ocrchat.export(document, name, options=options)
    assert data is not None
    return data


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_when_there_are_tables_writes_them_with_an_empty_line_between() -> None:
    rows = _rows(_csv_of(factories.document("english table", "plain", "arabic table")))
    assert rows == [*map(list, factories.ENGLISH_ROWS), [], *map(list, factories.ARABIC_ROWS)]


def test_csv_when_one_table_is_chosen_writes_only_it() -> None:
    document = factories.document("english table", "arabic table")
    assert _rows(_csv_of(document, ExportOptions(table=2))) == [list(row) for row in factories.ARABIC_ROWS]
    assert _csv_of(document, ExportOptions(table=9)) == b""


def test_csv_when_a_table_goes_on_over_pages_is_one_table_with_one_heading() -> None:
    assert _rows(_csv_of(Document(pages=LONG))) == [["Name", "Sum"], ["row 1", "1"], ["row 2", "1"], ["row 3", "1"]]


def test_csv_when_the_page_before_is_missing_begins_a_new_table() -> None:
    assert _rows(_csv_of(Document(pages=(LONG[0], LONG[2]))))[2:4] == [[], ["Name", "Sum"]]


def test_csv_when_cells_span_leaves_the_covered_places_empty() -> None:
    assert _rows(_csv_of(factories.document("spans"))) == [
        ["Both", "", "One"],
        ["Tall", "b1", "c1 | d"],
        ["", "b2", ""],
    ]


def test_csv_when_there_is_no_table_gives_lines_with_pages_and_boxes() -> None:
    rows = _rows(_csv_of(factories.document("plain", "failed", "styles")))
    assert rows[:2] == [
        ["page", "left", "top", "right", "bottom", "text"],
        ["1", "100", "100", "700", "130", "The quick brown fox"],
    ]
    assert {row[0] for row in rows[1:]} == {"1", "3"}
    assert not any("Page 7 of 9" in row for row in rows)


def test_csv_when_a_byte_order_mark_is_wanted_begins_with_it() -> None:
    data = _csv_of(factories.document("arabic table"), ExportOptions(byte_order_mark=True))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\xef\xbb\xbf") == 1


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        (" =A1", "' =A1"),
        ("-5", "-5"),
        ("+3.5 %", "+3.5 %"),
        ("- 1,204.50", "- 1,204.50"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_defused_when_a_spreadsheet_would_run_the_cell_makes_it_text(cell: str, safe: str) -> None:
    assert defused(cell) == safe


def test_csv_when_text_is_hostile_is_still_csv_and_runs_nothing() -> None:
    rows = _rows(_csv_of(factories.hostile_document()))
    assert any("</script>" in cell for row in rows for cell in row)
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)


def test_csv_zip_when_there_are_tables_has_a_file_each() -> None:
    document = Document(pages=(*LONG, replace(factories.page("english table"), number=4)))
    with zipfile.ZipFile(io.BytesIO(_csv_of(document, name="csv.zip"))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["table-1.csv", "table-2.csv"]
        assert len(_rows(archive.read("table-1.csv"))) == 4
        assert _rows(archive.read("table-2.csv")) == [list(row) for row in factories.ENGLISH_ROWS]


def test_csv_zip_when_there_is_no_table_has_the_lines() -> None:
    data = _csv_of(factories.document("plain"), ExportOptions(byte_order_mark=True), name="csv.zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["lines.csv"]
        assert len(_rows(archive.read("lines.csv"))) == 4


def test_csv_when_a_table_has_no_cells_is_not_counted() -> None:
    empty = TableBlock(box=factories.page("english table").blocks[0].box, cells=())
    page = replace(factories.page("empty"), blocks=(empty, table_of([["a"]])))
    assert _rows(_csv_of(Document(pages=(page,)), ExportOptions(table=1))) == [["a"]]
