from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

import ocrchat
from ocrchat.document.model import Document
from ocrchat.export import xlsx
from ocrchat.export.numbers import Number, decimal_comma, number_from_text
from tests import factories
from tests.factories import table_of
from tests.unit.export.test_csv import LONG


def _workbook(document: Document) -> Workbook:
    data = ocrchat.export(document, "xlsx")
    assert data is not None
    return openpyxl.load_workbook(io.BytesIO(data))


def _values(book: Workbook, index: int = 0) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book.worksheets[index].rows]


def test_xlsx_when_there_are_tables_has_a_sheet_each_with_typed_numbers() -> None:
    book = _workbook(factories.document("english table", "arabic table"))
    assert book.sheetnames == ["Table 1, page 1", "Table 2, page 2"]
    assert _values(book) == [["Item", "Count", "Price"], ["Apples", 12, 3.5], ["Pears, ripe", 7, 1204.25]]
    assert book.worksheets[0]["C3"].number_format == "#,##0.00"
    assert book.worksheets[0]["A1"].font.b
    assert not book.worksheets[0].sheet_view.rightToLeft


def test_xlsx_when_a_table_runs_from_the_right_so_does_its_sheet() -> None:
    book = _workbook(factories.document("arabic table"))
    assert book.worksheets[0].sheet_view.rightToLeft
    assert _values(book)[0] == list(factories.ARABIC_ROWS[0])


def test_xlsx_when_cells_span_merges_them() -> None:
    book = _workbook(factories.document("spans"))
    assert {str(merged) for merged in book.worksheets[0].merged_cells.ranges} == {"A1:B1", "A2:A3"}
    assert _values(book)[1] == ["Tall", "b1", "c1 | d"]


def test_xlsx_when_a_table_goes_on_over_pages_is_one_sheet() -> None:
    book = _workbook(Document(pages=LONG))
    assert _values(book) == [["Name", "Sum"], ["row 1", 1], ["row 2", 1], ["row 3", 1]]


def test_xlsx_when_a_continued_table_has_spans_merges_the_right_rows() -> None:
    spans = factories.page("spans").blocks[0]
    pages = (
        replace(factories.page("empty"), blocks=(spans,)),
        replace(factories.page("empty", number=2), blocks=(replace(spans, continues=0),)),  # type: ignore[arg-type]
    )
    merged = _workbook(Document(pages=pages)).worksheets[0].merged_cells.ranges
    assert {str(one) for one in merged} == {"A1:B1", "A2:A3", "A4:A5"}


def test_xlsx_when_there_is_no_table_lists_the_lines() -> None:
    values = _values(_workbook(factories.document("plain")))
    assert values[0] == ["page", "left", "top", "right", "bottom", "text"]
    assert values[1] == [1, 100, 100, 700, 130, "The quick brown fox"]


def test_xlsx_when_lines_are_more_than_a_sheet_holds_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_MOST_ROWS", 3)
    book = _workbook(factories.document("plain"))
    assert book.sheetnames == ["Lines", "Lines 2"]
    assert [row[5] for row in _values(book)[1:] + _values(book, 1)[1:]] == [
        "The quick brown fox",
        "jumps over the lazy",
        "dog and runs home.",
    ]


def test_xlsx_when_there_is_nothing_at_all_has_still_a_sheet() -> None:
    assert _workbook(Document(pages=())).sheetnames == ["Lines"]


def test_xlsx_when_text_is_hostile_opens_and_runs_nothing() -> None:
    book = _workbook(factories.hostile_document())
    cells = [cell for sheet in book.worksheets for row in sheet.rows for cell in row]
    assert any("</script>" in str(cell.value) for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)


def test_xlsx_when_a_cell_is_too_long_is_cut_and_says_so() -> None:
    page = replace(factories.page("empty"), blocks=(table_of([["x" * 40_000, "_x0041_ stays"]], header=False),))
    values = _values(_workbook(Document(pages=(page,))))
    assert values[0][0] == "x" * 32_766 + "…"
    # The reader here leaves the escape in; the programs that people use take it out.
    assert values[0][1] == "_x005F_x0041_ stays"


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "value", "code"),
        [
            ("12", "12", "0"),
            ("-3.50", "-3.50", "0.00"),
            ("−7", "-7", "0"),
            ("+7", "7", "0"),
            ("1,204", "1204", "#,##0"),
            ("1,204,300.5", "1204300.5", "#,##0.0"),
            ("1 204", "1204", "#,##0"),
            ("12.5%", "0.125", "0.0%"),
            ("150 %", "1.50", "0%"),
            ("0", "0", "0"),
            ("0.5", "0.5", "0.0"),
            ("١٢٣", "123", "0"),
            ("٣٫٥", "3.5", "0.0"),
            (" 8 ", "8", "0"),
        ],
    )
    def test_number_when_the_cell_is_one_keeps_how_it_was_printed(self, text: str, value: str, code: str) -> None:
        assert number_from_text(text, comma=False) == Number(value, code)

    @pytest.mark.parametrize(
        ("text", "value", "code"),
        [
            ("3,5", "3.5", "0.0"),
            ("1.204,25", "1204.25", "#,##0.00"),
            ("1.204", "1204", "#,##0"),
            ("1,204", "1.204", "0.000"),
        ],
    )
    def test_number_when_the_table_writes_decimal_commas_reads_them(self, text: str, value: str, code: str) -> None:
        assert number_from_text(text, comma=True) == Number(value, code)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "abc",
            "007",
            "2024-01-02",
            "12:30",
            "1,2,3",
            "3,5",
            "1.204,25",
            "1234567890123456",
            "(12)",
            "1,204.5.6",
            "12 34",
            "½",
        ],
    )
    def test_number_when_the_cell_is_none_stays_text(self, text: str) -> None:
        assert number_from_text(text, comma=False) is None

    def test_number_when_groups_contradict_the_table_stays_text(self) -> None:
        assert number_from_text("1,204,300", comma=True) is None
        assert number_from_text("1,204.5", comma=True) is None

    @pytest.mark.parametrize(
        ("texts", "languages", "comma"),
        [
            (["3,5", "x"], (), True),
            (["3.5"], ("de",), False),
            (["1.204,25"], (), True),
            (["1,204,300"], ("de",), False),
            (["1.204.300"], (), True),
            (["1.204"], ("de-AT",), True),
            (["1.204"], ("en",), False),
            (["1.204"], (), False),
        ],
    )
    def test_decimal_comma_when_cells_leave_no_doubt_decides_by_them(
        self, texts: list[str], languages: tuple[str, ...], comma: bool
    ) -> None:
        assert decimal_comma(texts, languages) is comma

    @given(st.text(alphabet="0123456789.,- '%٣٫", max_size=12), st.booleans())
    def test_number_when_the_cell_is_any_is_one_that_python_reads_too(self, text: str, comma: bool) -> None:
        number = number_from_text(text, comma=comma)
        assert number is None or abs(float(number.value)) < 10**15
