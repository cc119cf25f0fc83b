from __future__ import annotations

from dataclasses import replace

import ocrchat
from ocrchat.document.model import Box, Correction, Document, FormulaBlock, Line, TableBlock, TextBlock
from ocrchat.export.spec import ExportOptions
from tests import factories
from tests.factories import block_of


def _text_of(document: Document, **options: bool) -> str:
    data = ocrchat.export(document, "txt", options=ExportOptions(**options))
    assert data is not None
    return data.decode()


def _text_of_blocks(*blocks: TextBlock | FormulaBlock | TableBlock) -> str:
    return _text_of(Document(pages=(replace(factories.page("empty"), blocks=blocks),)))


def test_plain_when_blocks_have_several_lines_keeps_them_as_printed() -> None:
    assert _text_of(factories.document("plain")) == "The quick brown fox\n\njumps over the lazy\ndog and runs home.\n"


def test_plain_when_there_are_several_pages_puts_a_form_feed_between() -> None:
    pages = _text_of(factories.document("plain", "failed", "empty", "two columns")).split("\f")
    assert pages[1:] == [
        "[Page 2 could not be read: Reading took longer than 120 seconds.]\n",
        "\n",
        "Left one,\nleft two.\n\nRight one,\nright two.\n",
    ]


def test_plain_when_text_holds_form_feeds_has_still_one_a_page() -> None:
    document = factories.hostile_document()
    assert _text_of(document).count("\f") == len(document.pages) - 1
    assert "\x00" not in _text_of(document)


def test_plain_when_there_is_a_table_separates_cells_by_tabs() -> None:
    text = _text_of(factories.document("english table"))
    assert "Item\tCount\tPrice\nApples\t12\t3.50\nPears, ripe\t7\t1,204.25" in text
    assert "الصنف\tالعدد\tالسعر" in _text_of(factories.document("arabic table"))


def test_plain_when_list_items_nest_indents_them_and_their_second_lines() -> None:
    assert "1. First\n  • Inner\n2. Second, on\n   two lines" in _text_of(factories.document("styles"))
    item = TextBlock(box=Box(0, 0, 1, 1), lines=(), role="list_item", marker="3.")
    assert _text_of_blocks(item, block_of("bare", role="list_item", level=99)) == "3.\n" + " " * 40 + "bare\n"


def test_plain_when_a_footnote_has_a_marker_begins_with_it() -> None:
    assert _text_of_blocks(block_of("Note", "goes on", role="footnote", marker="†")) == "† Note\ngoes on\n"
    empty = TextBlock(box=Box(0, 0, 1, 1), lines=(), role="footnote", marker="†")
    assert _text_of_blocks(empty) == "†\n"


def test_plain_when_a_formula_has_text_prefers_it_to_latex() -> None:
    line = Line(text="a = b", box=Box(0, 0, 1, 1))
    assert _text_of_blocks(FormulaBlock(box=line.box, latex=r"a\eq b", lines=(line,))) == "a = b\n"
    assert _text_of_blocks(FormulaBlock(box=line.box, latex="x^2")) == "x^2\n"
    assert _text_of_blocks(block_of(), FormulaBlock(box=line.box, lines=(replace(line, text="", latex="y"),))) == "y\n"


def test_plain_when_running_heads_are_wanted_keeps_them() -> None:
    assert "Page 7 of 9" not in _text_of(factories.document("styles"))
    assert "Page 7 of 9" in _text_of(factories.document("styles"), furniture=True)


def test_plain_when_a_person_corrected_a_line_writes_the_correction() -> None:
    correction = Correction(page=1, block=0, line=0, before="The quick brown fox", after="A slow brown fox")
    assert _text_of(replace(factories.document("plain"), corrections=(correction,))).startswith("A slow brown fox\n")
