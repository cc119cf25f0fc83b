"""What runs through a document's pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocrchat.document.furniture import Running, edge_signatures, with_furniture
from ocrchat.document.model import Box, Failure, Line, Page, TextBlock


def _block(text: str, top: float) -> TextBlock:
    box = Box(50, top, 50 + 6 * len(text), top + 12)
    return TextBlock(box=box, lines=(Line(text=text, box=box),))


def _page(number: int, *blocks: TextBlock, **more: object) -> Page:
    return Page(number=number, width=600, height=800, dpi=100, blocks=blocks, **more)  # type: ignore[arg-type]


def _book(pages: int) -> list[Page]:
    return [
        _page(n, _block(f"A History of Rope {n}", 20), _block(f"Chapter text of page {n}", 300), _block(str(n), 770))
        for n in range(1, pages + 1)
    ]


def _running(pages: list[Page]) -> tuple[str, ...]:
    running = Running()
    for page in pages:
        if page.failure is None and not page.blank:
            running.add(edge_signatures(page))
    return running.signatures()


def _roles(page: Page) -> list[str]:
    return [block.role for block in page.blocks if isinstance(block, TextBlock)]


def test_heads_and_page_numbers_when_on_every_page_are_furniture() -> None:
    pages = _book(6)
    signatures = _running(pages)
    assert _roles(with_furniture(pages[2], signatures)) == ["furniture", "paragraph", "furniture"]


def test_heads_when_on_two_pages_only_are_text() -> None:
    pages = [_page(n, _block("A History of Rope", 20), _block("Text", 300)) for n in (1, 2)]
    assert _running(pages) == ()
    assert with_furniture(pages[0], ()) is pages[0]


def test_heads_when_numbered_as_two_pages_are_furniture() -> None:
    pages = _book(2)
    assert _roles(with_furniture(pages[1], _running(pages))) == ["furniture", "paragraph", "furniture"]


def test_page_numbers_when_they_begin_elsewhere_count_by_their_distance() -> None:
    pages = [_page(n, _block("Text", 300), _block(f"Page {n + 40} of 98", 770)) for n in (1, 2)]
    assert _running(pages) == ("foot #",)


def test_headings_when_numbered_as_two_pages_are_text() -> None:
    pages = [_page(n, replace(_block(f"Chapter {n}", 20), role="heading"), _block("Text", 300)) for n in (1, 2)]
    assert _running(pages) == ()


def test_numbers_when_the_same_on_two_pages_are_no_page_numbers() -> None:
    pages = [_page(n, _block("Report of 2024", 20), _block("Text", 300)) for n in (1, 2)]
    assert _running(pages) == ()


def test_text_in_the_middle_when_the_same_on_every_page_is_text() -> None:
    pages = [_page(n, _block("The same words", 400)) for n in range(5)]
    assert _running(pages) == ()


def test_heads_when_left_and_right_pages_differ_are_furniture_both() -> None:
    pages = [_page(n, _block("The Book" if n % 2 else "The Chapter", 20)) for n in range(8)]
    assert len(_running(pages)) == 2


def test_headings_at_the_top_when_different_on_each_page_are_text() -> None:
    words = ("Rope", "Hemp", "Sisal", "Jute", "Cotton", "Nylon")
    assert _running([_page(n, _block(f"On {word}", 30)) for n, word in enumerate(words)]) == ()


def test_page_numbers_when_written_in_many_ways_are_one() -> None:
    numbers = ("- 1 -", "Page 2", "3", "Page 4 of 9", "5 / 9")
    assert _running([_page(n, _block(text, 780)) for n, text in enumerate(numbers)]) == ("foot #",)


def test_failed_and_blank_pages_do_not_count() -> None:
    failed = _page(9, failure=Failure(code="x", message="y"))
    assert _running([*_book(3), failed, _page(10, blank=True)]) != ()


def test_page_when_it_says_nothing_but_what_runs_keeps_it_as_text() -> None:
    pages = [_page(number, _block(f"Page {number} of a long one", 30)) for number in range(1, 9)]
    assert with_furniture(pages[4], _running(pages)) is pages[4]


def test_signatures_of_long_rows_and_of_many_lines_are_none() -> None:
    line = Line(text="one", box=Box(50, 20, 100, 30))
    tall = TextBlock(box=Box(50, 20, 100, 60), lines=(line,) * 3)
    assert edge_signatures(_page(1, _block("word " * 40, 20), tall)) == ()


def test_running_when_a_book_says_something_else_on_every_page_keeps_only_so_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ocrchat.document.furniture._MOST_KEPT", 2)
    running = Running()
    for _ in range(4):
        running.add(("head a", "head b"))
        running.add(("head c",))
    assert running.signatures() == ("head a", "head b")
