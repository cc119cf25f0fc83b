from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocrchat.document.model import Block, Document, FigureBlock, FormulaBlock, Page, Role, TableBlock, TextBlock
from ocrchat.export.spec import ExportOptions
from ocrchat.export.walker import Walk, heading_level, presentable_page
from tests import factories
from tests.factories import block_of


class _Told(Walk):
    def __init__(self, **options: bool) -> None:
        super().__init__(ExportOptions(**options))
        self.told: list[str] = []

    def begin_page(self, page: Page) -> None:
        self.told.append(f"page {page.number}")

    def text(self, block: TextBlock) -> None:
        self.told.append(f"{block.role}: {block.lines[0].text}")

    def item_list(self, items: Sequence[TextBlock]) -> None:
        self.told.append(f"list of {len(items)}")

    def table(self, block: TableBlock) -> None:
        self.told.append("table")

    def formula(self, block: FormulaBlock) -> None:
        self.told.append("formula")

    def figure(self, block: FigureBlock) -> None:
        self.told.append("figure")


def _told(document: Document, **options: bool) -> list[str]:
    walk = _Told(**options)
    walk.walk(document.head, document.pages)
    return walk.told


def test_walk_when_a_page_has_every_kind_tells_them_in_reading_order() -> None:
    assert _told(factories.document("styles", "english table")) == [
        "page 1",
        "title: On styles",
        "paragraph: Some bold words and it-",
        "list of 3",
        "code: if x:",
        "formula",
        "figure",
        "caption: Figure 1: the mill",
        "footnote: See the appendix.",
        "page 2",
        "heading: Stock list",
        "table",
        "paragraph: Counted on Monday.",
    ]


def test_walk_when_a_running_head_stands_in_a_list_does_not_break_it() -> None:
    items: list[Block] = [
        block_of("a", role="list_item"),
        block_of("head", role="furniture"),
        block_of("b", role="list_item"),
    ]
    document = Document(pages=(replace(factories.page("empty"), blocks=tuple(items)),))
    assert _told(document) == ["page 1", "list of 2"]
    assert _told(document, furniture=True) == ["page 1", "list of 1", "furniture: head", "list of 1"]


@pytest.mark.parametrize(
    ("role", "level", "expected"),
    [("title", 0, 1), ("heading", 0, 2), ("heading", 9, 6), ("heading", -4, 1), ("heading", 3, 3)],
)
def test_heading_level_when_out_of_range_is_brought_in(role: Role, level: int, expected: int) -> None:
    assert heading_level(block_of("x", role=role, level=level)) == expected


@pytest.mark.parametrize("kind", ["plain", "styles", "english table", "arabic table", "spans", "empty"])
def test_presentable_page_when_text_is_clean_is_the_same_page(kind: str) -> None:
    page = factories.page(kind)
    assert presentable_page(page) is page


def test_presentable_page_when_text_is_hostile_holds_no_control() -> None:
    for page in factories.hostile_document().pages:
        shown = repr(presentable_page(page).blocks)
        assert "\\x00" not in shown
        assert "\\ud83d'" not in shown
        assert "\\u2028" not in shown
