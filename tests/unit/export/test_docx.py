from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import numpy as np
import pypdfium2 as pdfium
import pytest
from docx.oxml.ns import qn

import ocrchat
from ocrchat.document.image import PageImage
from ocrchat.document.model import (
    Block,
    Box,
    Cell,
    Document,
    FigureBlock,
    FormulaBlock,
    Line,
    Style,
    TableBlock,
    TextBlock,
)
from ocrchat.document.source import Source
from ocrchat.export.docx_math import equation_from_latex
from ocrchat.export.docx_runs import run_xml, stretches
from ocrchat.export.spec import ExportOptions
from tests import factories
from tests.factories import BytesSource, block_of, line_at, table_of


def _bytes_of(document: Document, source: Source | None = None, options: ExportOptions | None = None) -> bytes:
    data = ocrchat.export(document, "docx", source=source, options=options)
    assert data is not None
    return data


def _word(document: Document, source: Source | None = None, options: ExportOptions | None = None) -> Any:
    return docx.Document(io.BytesIO(_bytes_of(document, source, options)))


def _word_of(*blocks: Block, source: Source | None = None) -> Any:
    return _word(Document(pages=(replace(factories.page("empty"), blocks=blocks),)), source)


def _part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_docx_when_blocks_have_roles_gives_them_styles() -> None:
    word = _word(factories.document("styles"))
    told = [(paragraph.style.name if paragraph.style else "", paragraph.text) for paragraph in word.paragraphs]
    assert told[0] == ("Heading 1", "On styles")
    assert told[1] == ("Normal", "Some bold words and italics")
    assert ("Caption", "Figure 1: the mill") in told
    assert ("footnote text", "1 See the appendix.") in told
    assert ("Code", "if x:") in told
    assert ("Normal", "[Figure: A mill by the river]") in told
    assert not any("Page 7 of 9" in text for _, text in told)


def test_docx_when_words_have_styles_keeps_them() -> None:
    runs = _word(factories.document("styles")).paragraphs[1].runs
    told = {run.text.strip(): (run.bold, run.italic) for run in runs if run.text.strip()}
    assert told == {"Some": (None, None), "bold words": (True, None), "and": (None, None), "italics": (None, True)}
    line = line_at("H 2 O mono", (0, 0, 90, 9))
    styles = (Style(), Style(script="sub"), Style(script="super"), Style(monospace=True))
    words = tuple(replace(word, style=style) for word, style in zip(line.words, styles, strict=True))
    runs = _word_of(TextBlock(box=line.box, lines=(replace(line, words=words),))).paragraphs[0].runs
    marked = {run.text: (run.font.subscript, run.font.superscript, run.font.name) for run in runs if run.text.strip()}
    assert marked == {
        "H": (None, None, None),
        "2": (True, False, None),
        "O": (False, True, None),
        "mono": (None, None, "Courier New"),
    }


def test_docx_when_items_are_numbered_uses_words_lists_and_keeps_the_numbers() -> None:
    items = [
        block_of("three", role="list_item", marker="3."),
        block_of("four", role="list_item", marker="4."),
        block_of("inner", role="list_item", marker="•", level=1),
        block_of("five", role="list_item", marker="5."),
        block_of("nine", role="list_item", marker="9."),
        block_of("letter", role="list_item", marker="(b)"),
        block_of("bare", role="list_item"),
    ]
    data = _bytes_of(Document(pages=(replace(factories.page("empty"), blocks=tuple(items)),)))
    word: Any = docx.Document(io.BytesIO(data))
    numbers = []
    for paragraph in word.paragraphs:
        properties = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
        numbers.append((properties.numId.val, properties.ilvl.val) if properties is not None else None)
    assert numbers == [(2, 0), (2, 0), (1, 1), (2, 0), (3, 0), None, (1, 0)]
    assert word.paragraphs[5].text == "(b)\tletter"
    assert '<w:startOverride w:val="3"/>' in _part(data, "word/numbering.xml")
    assert '<w:startOverride w:val="9"/>' in _part(data, "word/numbering.xml")


def test_docx_when_a_table_has_spans_merges_its_cells() -> None:
    table = _word(factories.document("spans")).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Both", "Both", "One"],
        ["Tall", "b1", "c1 | d"],
        ["Tall", "b2", ""],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.cell(0, 0).paragraphs[0].runs[0].bold


def test_docx_when_a_table_runs_from_the_right_is_mirrored() -> None:
    word = _word(factories.document("arabic table"))
    table = word.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [list(row) for row in factories.ARABIC_ROWS]
    assert table._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    heading = word.paragraphs[0]
    assert heading._p.pPr.find(qn("w:bidi")) is not None
    assert heading.runs[0].font.rtl
    assert heading.runs[0]._r.rPr.rFonts.get(qn("w:cs")) == "Arial"


def test_docx_when_columns_differ_gives_them_their_widths_on_the_page() -> None:
    cells = [
        Cell(row=0, column=column, box=Box(left, 0, right, 9), lines=(line_at("x", (left, 0, right, 9)),))
        for column, (left, right) in enumerate([(100, 700), (700, 800), (800, 1100)])
    ]
    table = _word_of(TableBlock(box=Box(100, 0, 1100, 9), cells=tuple(cells))).tables[0]
    widths = [column.width.inches for column in table.columns]
    assert [width / sum(widths) for width in widths] == pytest.approx([0.6, 0.1, 0.3], abs=0.001)
    assert sum(widths) == pytest.approx(1240 / 150 - 1.8, abs=0.01)


def test_docx_when_text_follows_a_table_keeps_off_it() -> None:
    word = _word_of(table_of([["a"]]), block_of("after"), block_of("then"))
    assert [paragraph.paragraph_format.space_before is not None for paragraph in word.paragraphs] == [True, False]


def test_docx_when_a_table_is_wider_than_word_takes_is_written_as_lines() -> None:
    word = _word_of(table_of([[f"c{column}" for column in range(70)]], header=False))
    assert not word.tables
    assert word.paragraphs[0].text.split("\t")[69] == "c69"


def test_docx_when_tables_touch_has_a_paragraph_between_and_after() -> None:
    body = _word_of(table_of([["a"]]), table_of([["b"]]))._body._body
    assert [child.tag.split("}")[1] for child in body] == ["tbl", "p", "tbl", "p", "sectPr"]


def test_docx_when_there_are_pages_begins_each_on_a_new_one() -> None:
    word = _word(factories.document("plain", "failed", "empty", "english table"))
    breaks = [
        paragraph.text
        for paragraph in word.paragraphs
        if paragraph._p.pPr is not None and paragraph._p.pPr.find(qn("w:pageBreakBefore")) is not None
    ]
    assert breaks == ["[Page 2 could not be read: Reading took longer than 120 seconds.]", "", "Stock list"]


def test_docx_when_a_page_begins_with_a_table_breaks_before_it() -> None:
    word = _word(factories.document("plain", "spans"))
    tags = [child.tag.split("}")[1] for child in word._body._body]
    assert tags == ["p", "p", "p", "tbl", "p", "sectPr"]


def test_docx_when_a_table_goes_on_over_a_page_has_one_with_one_heading() -> None:
    first = table_of([["Name", "Sum"], ["hemp", "1"]])
    second = replace(table_of([["Name", "Sum"], ["jute", "2"]]), continues=0)
    pages = tuple(replace(factories.page("empty", number=n), blocks=(table,)) for n, table in ((1, first), (2, second)))
    word = _word(Document(pages=pages))
    (table,) = word.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Name", "Sum"], ["hemp", "1"], ["jute", "2"]]


def test_docx_when_text_stands_between_parts_of_a_table_keeps_them_apart() -> None:
    first, second = table_of([["Name", "Sum"], ["hemp", "1"]]), replace(table_of([["jute", "2"]]), continues=0)
    pages = (
        replace(factories.page("empty", number=1), blocks=(first, block_of("A note."))),
        replace(factories.page("empty", number=2), blocks=(second,)),
    )
    assert len(_word(Document(pages=pages)).tables) == 2


def test_docx_when_the_paper_has_a_size_takes_it() -> None:
    section = _word(factories.document("failed", "plain")).sections[0]
    assert section.page_width is not None and section.page_height is not None
    assert section.page_width.inches == pytest.approx(1240 / 150, abs=0.01)
    assert section.page_height.inches == pytest.approx(1754 / 150, abs=0.01)


class TestFigures:
    def _source(self, *, photo: bool) -> BytesSource:
        pixels = np.full((1754, 1240, 3), 255, np.uint8)
        if photo:
            noise = np.random.default_rng(7).integers(0, 255, (200, 300, 3), dtype=np.uint8)
            pixels[700:900, 100:400] = noise
        else:
            pixels[700:900, 100:400] = (200, 30, 30)
        return BytesSource(b"", "image/webp", [PageImage(pixels=pixels, dpi=150.0)])

    @pytest.mark.parametrize(("photo", "kind"), [(True, "image/jpeg"), (False, "image/png")])
    def test_figure_when_the_source_is_there_is_a_picture_of_its_size(self, photo: bool, kind: str) -> None:
        word = _word(factories.document("styles"), self._source(photo=photo))
        shape = word.inline_shapes[0]
        assert (shape.width.inches, shape.height.inches) == (pytest.approx(2.0), pytest.approx(200 / 150))
        picture = next(part for part in word.part.package.iter_parts() if part.partname.startswith("/word/media"))
        assert picture.content_type == kind
        assert shape._inline.docPr.get("descr") == "A mill by the river"

    def test_figure_when_the_page_cannot_be_shown_is_its_description(self) -> None:
        word = _word(factories.document("styles"), BytesSource(b"", "image/webp"))
        assert not word.inline_shapes
        assert "[Figure: A mill by the river]" in [paragraph.text for paragraph in word.paragraphs]

    def test_figure_when_wider_than_the_text_is_made_smaller(self) -> None:
        figure = FigureBlock(box=Box(0, 0, 1240, 600))
        word = _word_of(figure, source=self._source(photo=False))
        assert word.inline_shapes[0].width.inches == pytest.approx(1240 / 150 - 1.8, abs=0.01)

    def test_figure_when_the_page_stands_nowhere_is_its_description(self) -> None:
        page = replace(factories.page("styles"), to_source=(0.0,) * 9)
        word = _word(Document(pages=(page,)), self._source(photo=False))
        assert not word.inline_shapes
        assert "[Figure: A mill by the river]" in [paragraph.text for paragraph in word.paragraphs]

    def test_figure_when_its_box_is_no_area_is_left_out(self) -> None:
        assert not _word_of(FigureBlock(box=Box(5, 5, 5, 50)), source=self._source(photo=False)).inline_shapes


class TestFormulas:
    def test_formula_when_it_converts_is_an_equation(self) -> None:
        data = _bytes_of(factories.document("styles"))
        body = _part(data, "word/document.xml")
        assert "<m:oMathPara><m:oMath>" in body
        assert "<m:f><m:num>" in body
        assert r"\frac" not in body

    @pytest.mark.parametrize("latex", [r"\frac{a", "x & y", "", "  ", "a" * 10_000, "</w:p>"])
    def test_formula_when_it_does_not_convert_stays_text(self, latex: str) -> None:
        word = _word_of(FormulaBlock(box=Box(0, 0, 1, 1), latex=latex))
        assert latex == "</w:p>" or "".join(paragraph.text for paragraph in word.paragraphs).strip() == latex.strip()

    def test_formula_when_within_a_paragraph_is_among_its_words(self) -> None:
        lines = (
            line_at("where", (0, 0, 50, 10)),
            Line(text="x2", box=Box(50, 0, 70, 10), latex="$x^2$"),
            line_at("holds", (0, 20, 50, 30)),
        )
        word = _word_of(TextBlock(box=Box(0, 0, 70, 30), lines=lines))
        assert word.paragraphs[0].text == "where  holds"
        assert len(word.paragraphs[0]._p.findall(qn("m:oMath"))) == 1

    def test_equation_when_a_root_has_no_degree_names_an_empty_one(self) -> None:
        assert "<m:degHide" in equation_from_latex(r"\sqrt{x}")
        assert "<m:t>&lt;</m:t>" in equation_from_latex("a<b")


class TestRuns:
    @pytest.mark.parametrize(
        ("text", "cut"),
        [
            ("plain", [(False, "plain")]),
            ("שלום עולם", [(True, "שלום עולם")]),
            ("see שלום עולם here", [(False, "see "), (True, "שלום עולם"), (False, " here")]),
            ("في 2024 كتب PDF جديد", [(True, "في 2024 كتب"), (False, " PDF "), (True, "جديد")]),
            ("", []),
        ],
    )
    def test_stretches_when_directions_mix_are_cut_where_letters_change(
        self, text: str, cut: list[tuple[bool, str]]
    ) -> None:
        assert list(stretches(text)) == cut

    @pytest.mark.parametrize(
        ("text", "language", "font"),
        [
            ("日本語です", "", "Yu Mincho"),
            ("汉字", "", "SimSun"),
            ("漢字", "zh-Hant", "PMingLiU"),
            ("漢字", "ja-JP", "Yu Mincho"),
            ("한국어", "", "Malgun Gothic"),
            ("हिन्दी", "", "Nirmala UI"),
            ("ไทย", "", "Leelawadee UI"),
            ("שלום", "he", "Arial"),
            ("ሰላም", "", "Ebrima"),
        ],
    )
    def test_run_when_the_script_needs_a_font_names_one(self, text: str, language: str, font: str) -> None:
        assert f'"{font}"' in run_xml(text, language=language)

    def test_run_when_the_text_is_plain_names_none(self) -> None:
        assert run_xml("é à plain") == '<w:r><w:t xml:space="preserve">é à plain</w:t></w:r>'


def test_docx_when_text_is_hostile_opens_and_keeps_it() -> None:
    data = _bytes_of(factories.hostile_document(), factories.source_of(factories.hostile_document()))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
    word = docx.Document(io.BytesIO(data))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "</script><script>alert(1)</script>" in text
    assert "x" * 1_000_000 in text.replace("\n", "")
    assert max(len(paragraph.text) for paragraph in word.paragraphs) <= 30_100


def test_docx_when_there_is_nothing_opens() -> None:
    assert _word(Document(pages=())).paragraphs == []


def test_docx_when_furniture_is_wanted_keeps_it() -> None:
    word = _word(factories.document("styles"), options=ExportOptions(furniture=True))
    assert "Page 7 of 9" in [paragraph.text for paragraph in word.paragraphs]


def test_docx_when_written_twice_is_the_same_file() -> None:
    assert _bytes_of(factories.document("styles")) == _bytes_of(factories.document("styles"))


def test_docx_when_opened_by_libreoffice_shows_text_and_tables_in_order() -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LIBREOFFICE IS MISSING: what it opens is not tested here (apt-get install libreoffice-writer)")
    data = _bytes_of(factories.document("styles", "english table", "arabic table", "spans", "failed"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.docx"
        path.write_bytes(data)
        command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", folder, path], check=True, capture_output=True, timeout=180)
        with pdfium.PdfDocument(path.with_suffix(".pdf")) as pdf:
            pages = [page.get_textpage().get_text_range() for page in pdf]
    assert len(pages) == 5
    assert "Some bold words and italics" in pages[0]
    assert "2. Second, on two lines" in " ".join(pages[0].split())
    for text in ("Pears, ripe", "1,204.25", "Counted on Monday."):
        assert text in pages[1]
    assert "كمثرى ناضجة" in pages[2]
    assert "c1 | d" in pages[3]
