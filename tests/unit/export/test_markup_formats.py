"""hOCR and ALTO say the same of a page; each is read back by a parser and checked against its specification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import ocrchat
from ocrchat.document.model import Box, Document, FormulaBlock, Line, Style, TableBlock, TextBlock
from ocrchat.export.markers import printed_lines_of_page
from ocrchat.export.markup import language_tag
from tests import factories
from tests.factories import block_of, line_at
from tests.unit.export.checkers import Found, check_alto, check_hocr

FORMATS: dict[str, Callable[[bytes], list[Found]]] = {"hocr": check_hocr, "alto": check_alto}
DOCUMENT = factories.document("styles", "failed", "arabic table", "spans", "empty", title="A & B <c>")


def _read(document: Document, name: str) -> list[Found]:
    data = ocrchat.export(document, name)
    assert data is not None
    return FORMATS[name](data)


@pytest.mark.parametrize("name", FORMATS)
def test_export_when_read_back_has_every_line_with_its_box_and_words(name: str) -> None:
    found = {(one.page, one.text.strip()): one for one in _read(DOCUMENT, name)}
    for page in DOCUMENT.pages:
        for line in printed_lines_of_page(page):
            one = found[page.number, line.text]
            assert one.box == tuple(round(value) for value in line.box)
            assert [text for text, _ in one.words] == [word.text for word in line.words]
            assert [box for _, box in one.words] == [tuple(round(v) for v in word.box) for word in line.words]


@pytest.mark.parametrize("name", FORMATS)
def test_export_when_text_is_hostile_is_still_valid(name: str) -> None:
    assert any("x" * 1_000_000 in one.text for one in _read(factories.hostile_document(), name))


@pytest.mark.parametrize("name", FORMATS)
def test_export_when_there_are_no_pages_is_still_valid(name: str) -> None:
    assert _read(Document(pages=()), name) == []


@pytest.mark.parametrize("name", FORMATS)
def test_export_when_words_are_unspaced_puts_no_space_between(name: str) -> None:
    line = line_at("東京都庁 です", (0, 0, 70, 10), words=["東京", "都庁", "です"], language="ja")
    page = replace(factories.page("empty"), blocks=(TextBlock(box=line.box, lines=(line,)),))
    assert [one.text for one in _read(Document(pages=(page,)), name)] == ["東京都庁 です"]


@pytest.mark.parametrize("name", FORMATS)
def test_export_when_boxes_leave_the_page_cuts_them(name: str) -> None:
    line = line_at("far out", (-50, -50, 9000, 9000))
    page = replace(factories.page("empty"), blocks=(TextBlock(box=line.box, lines=(line,)),))
    assert _read(Document(pages=(page,)), name)[0].box == (0, 0, page.width, page.height)


@pytest.mark.parametrize("name", FORMATS)
def test_export_when_a_formula_has_only_latex_keeps_it(name: str) -> None:
    page = replace(factories.page("empty"), blocks=(FormulaBlock(box=Box(1, 2, 3, 4), latex="a<b"),))
    data = ocrchat.export(Document(pages=(page,)), name)
    assert data is not None
    assert "a&lt;b" in data.decode()


def test_hocr_when_blocks_are_furniture_are_headers_above_and_footers_below() -> None:
    blocks = (block_of("Head", role="furniture", top=10), block_of("Foot", role="furniture", top=1700))
    data = ocrchat.export(Document(pages=(replace(factories.page("empty"), blocks=blocks),)), "hocr")
    assert data is not None
    assert data.decode().index('ocr_header" id') < data.decode().index("Head") < data.decode().index('ocr_footer" id')


def test_hocr_when_the_page_failed_says_so() -> None:
    data = ocrchat.export(factories.document("failed"), "hocr")
    assert data is not None
    assert "[Page 1 could not be read" in data.decode()


def test_alto_when_lines_have_outlines_styles_and_directions_writes_them() -> None:
    outline = ((0.0, 1.0), (50.0, 2.0), (50.0, 12.0), (0.0, 11.0))
    line = replace(line_at("קו", (0, 0, 50, 12), rtl=True, language="he"), outline=outline)
    line = replace(line, words=(replace(line.words[0], style=Style(bold=True, italic=True, script="super")),))
    cells = TableBlock(box=Box(0, 0, 5, 5), cells=())
    page = replace(factories.page("empty"), blocks=(TextBlock(box=line.box, lines=(line,)), cells))
    data = ocrchat.export(Document(pages=(page,)), "alto")
    assert data is not None
    check_alto(data)
    text = data.decode()
    assert '<Polygon POINTS="0,1 50,2 50,12 0,11"/>' in text
    assert 'STYLE="bold italics superscript"' in text
    assert 'LANG="he" BASEDIRECTION="rtl"' in text


def test_alto_when_words_do_not_spell_the_line_keeps_the_line() -> None:
    line = Line(text="what it says", box=Box(0, 0, 50, 9), words=line_at("other words", (0, 0, 50, 9)).words)
    page = replace(factories.page("empty"), blocks=(TextBlock(box=line.box, lines=(line,)),))
    assert [one.words for one in _read(Document(pages=(page,)), "alto")] == [[("what it says", (0, 0, 50, 9))]]


@pytest.mark.parametrize(("tag", "kept"), [("en", "en"), ("zh-Hant-TW", "zh-Hant-TW"), ("x\x00<", ""), ("", "")])
def test_language_tag_when_not_well_formed_is_left_out(tag: str, kept: str) -> None:
    assert language_tag(tag) == kept
