"""Tables over a page break, in the pages and in what is written of them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest

from ocrchat.document.model import Block, Box, Cell, DocumentHead, Page, TableBlock, TextBlock
from ocrchat.export.registry import exporter_for
from ocrchat.export.spec import ExportOptions
from ocrchat.pipeline.finish import finish
from ocrchat.pipeline.tables.breaks import with_continued_tables
from tests.factories import block_of, line_at

HEAD = ("Country", "Cases")
LEFTS = (100.0, 400.0)


def table(
    rows: Sequence[Sequence[str]], *, top: float, head: bool = True, lefts: Sequence[float] = LEFTS
) -> TableBlock:
    cells = []
    for at, texts in enumerate(rows):
        for column, text in enumerate(texts):
            y, x = top + 30 * at, lefts[column]
            box = Box(x, y, x + 300, y + 30)
            line = line_at(text, (x, y, x + 100, y + 20))
            cells.append(Cell(row=at, column=column, box=box, lines=(line,), header=head and at == 0))
    return TableBlock(box=Box(lefts[0], top, lefts[-1] + 300, top + 30 * len(rows)), cells=tuple(cells))


def page(number: int, *blocks: Block) -> Page:
    return Page(number=number, width=1000, height=1400, dpi=150, blocks=blocks)


FIRST = table((HEAD, ("Austria", "86"), ("Belgium", "12")), top=1200)
NEXT = table((HEAD, ("Cyprus", "81"), ("Denmark", "3")), top=200)
FOOT = TextBlock(box=Box(480, 1360, 520, 1380), lines=(line_at("12", (480, 1360, 520, 1380)),))
RUNNING_HEAD = TextBlock(box=Box(100, 40, 500, 60), lines=(line_at("Annual report", (100, 40, 500, 60)),))


def continues(*pages: Page) -> list[int | None]:
    return [
        block.continues
        for page in with_continued_tables(pages)
        for block in page.blocks
        if isinstance(block, TableBlock)
    ]


def test_table_when_its_head_is_repeated_then_it_goes_on() -> None:
    prose = block_of("What was reported in that year.", top=100)
    assert continues(page(1, prose, FIRST, FOOT), page(2, RUNNING_HEAD, NEXT)) == [None, 1]


def test_table_when_it_begins_with_figures_then_it_goes_on_without_a_head() -> None:
    rest = table((("Cyprus", "81"), ("Denmark", "3")), top=100)
    first, second = with_continued_tables([page(1, FIRST), page(2, rest)])
    assert isinstance(second.blocks[0], TableBlock)
    assert second.blocks[0].continues == 0
    assert not any(cell.header for cell in second.blocks[0].cells)
    assert first.blocks[0] is FIRST


def test_table_when_it_goes_on_over_three_pages_then_each_part_names_the_one_before() -> None:
    long = table([HEAD, *[(f"Place {n}", str(n)) for n in range(35)]], top=200)
    assert continues(page(1, FIRST), page(2, RUNNING_HEAD, long), page(3, NEXT)) == [None, 0, 1]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(page(3, NEXT), id="a page lies between"),
        pytest.param(page(2, block_of("Another text, which is about that.", top=300), NEXT), id="text comes first"),
        pytest.param(page(2, block_of("Table 7", role="caption", top=80), NEXT), id="it has a caption"),
        pytest.param(page(2, table((HEAD, ("Cyprus", "81")), top=900)), id="it begins far down"),
        pytest.param(page(2, table((HEAD, ("Cyprus", "81")), top=200, lefts=(100, 550))), id="its columns differ"),
        pytest.param(page(2, table((("Name", "Age"), ("Ada", "36")), top=200)), id="its head differs"),
    ],
)
def test_table_when_it_may_be_another_then_it_does_not_go_on(second: Page) -> None:
    assert continues(page(1, FIRST), second) == [None, None]


def test_table_when_it_ends_high_on_its_page_then_none_goes_on_from_it() -> None:
    assert continues(page(1, table((HEAD, ("Austria", "86")), top=100)), page(2, NEXT)) == [None, None]


def test_finish_joins_tables() -> None:
    assert finish([page(1, FIRST), page(2, NEXT)]).pages[1].blocks[0].continues == 0  # type: ignore[union-attr]


def exported(name: str, *pages: Page) -> str:
    sink = io.BytesIO()
    exporter_for(name).export(DocumentHead(), with_continued_tables(pages), sink, source=None, options=ExportOptions())
    return sink.getvalue().decode()


def test_markdown_when_a_table_goes_on_then_it_is_one_table_with_one_head() -> None:
    assert exported("md", page(1, FIRST), page(2, NEXT)) == (
        "| Country | Cases |\n| --- | --- |\n| Austria | 86 |\n| Belgium | 12 |\n| Cyprus | 81 |\n| Denmark | 3 |\n"
    )


def test_markdown_when_a_spanning_table_goes_on_then_its_element_closes_at_its_end() -> None:
    def spanned(block: TableBlock) -> TableBlock:
        wide = Cell(row=3, column=0, column_span=2, box=block.box, lines=(line_at("Sum", (100, 0, 130, 20)),))
        return TableBlock(box=block.box, cells=(*block.cells, wide))

    written = exported("md", page(1, spanned(FIRST)), page(2, spanned(NEXT), block_of("After it.", top=900)))
    assert written.count("<table>") == written.count("</table>") == 1
    assert written.count("Country") == 1
    assert written.index("Denmark") < written.index("</table>") < written.index("After it.")


def test_markdown_when_text_stands_between_then_the_part_is_a_table_of_its_own() -> None:
    written = exported("md", page(1, FIRST, FOOT), page(2, NEXT))
    assert written.count("| Country | Cases |") == 2


def test_plain_text_when_a_table_goes_on_then_its_head_is_not_repeated() -> None:
    assert exported("txt", page(1, FIRST), page(2, NEXT)).count("Country") == 1
