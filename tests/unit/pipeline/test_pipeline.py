"""Documents read end to end with real worker processes and the fast engine."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import ocrchat
from ocrchat.document.model import Document, Page, lines_of_page
from ocrchat.errors import BadPageRange, EmptyInput, MissingInput, TooManyBytes, UnknownEngine
from ocrchat.intake.limits import Limits
from ocrchat.pipeline.options import ReadOptions
from ocrchat.pipeline.pipeline import new_pool, read, read_pages
from ocrchat.pipeline.pool import WorkerPool
from tests.drawing import PDFDrawing
from tests.pictures import encoded, text_image, text_pixels

_PROSE = "Nobody who reads this page aloud will find a word that is not printed on it."


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with new_pool(slots=2) as pool:
        yield pool


def _text(page: Page) -> str:
    return "\n".join(line.text for line in lines_of_page(page))


def _readers(page: Page) -> set[str]:
    return {line.reader for line in lines_of_page(page)}


def _book(path: Path, pages: int = 5) -> Path:
    drawing = PDFDrawing("A small book")
    for number in range(1, pages + 1):
        drawing.page().text(72, 740, f"Chapter {number}", size=20).text(72, 700, _PROSE).text(72, 684, _PROSE)
    return drawing.save(path)


class TestBornDigital:
    def test_read_when_a_pdf_has_text_takes_it_word_by_word(self, tmp_path: Path, pool: WorkerPool) -> None:
        document = read(_book(tmp_path / "book.pdf"), pool=pool)
        assert document.title == "A small book"
        assert [page.number for page in document.pages] == [1, 2, 3, 4, 5]
        page = document.pages[2]
        assert _text(page) == f"Chapter 3\n{_PROSE}\n{_PROSE}"
        assert _readers(page) == {"text-layer"}
        assert page.blocks[0].kind == "text"
        assert page.blocks[0].role == "heading"
        assert [step.name for step in page.steps] == ["text-layer"]
        assert all(word.confidence == 1.0 for line in lines_of_page(page) for word in line.words)

    def test_read_when_ocr_is_forced_reads_the_pixels(self, tmp_path: Path, pool: WorkerPool) -> None:
        page = read(_book(tmp_path / "book.pdf", 1), ReadOptions(force_ocr=True), pool=pool).pages[0]
        assert _readers(page) == {"fast"}
        assert _PROSE in _text(page)

    def test_read_on_the_vlm_tier_without_a_model_says_what_read_it(self, tmp_path: Path, pool: WorkerPool) -> None:
        text_image(("Stamped on arrival", "in the month of May")).save(tmp_path / "scan.png")
        document = read(tmp_path / "scan.png", ReadOptions(tier="vlm"), pool=pool)
        page = document.pages[0]
        assert (_text(page), _readers(page)) == ("Stamped on arrival\nin the month of May", {"accurate"})
        (step,) = [step for step in page.steps if step.name == "tier"]
        assert (step.engine, step.settings) == ("accurate", (("asked", "vlm"), ("paid_as", "cpu")))
        assert any("accurate engine" in notice for notice in document.notices)

    def test_read_when_a_page_has_a_scan_beside_its_text_reads_only_the_scan(
        self, tmp_path: Path, pool: WorkerPool
    ) -> None:
        drawing = PDFDrawing()
        drawing.page().text(72, 740, _PROSE).picture(72, 400, 450, 150, text_pixels(("Stamped on arrival", "in May")))
        page = read(drawing.save(tmp_path / "mixed.pdf"), pool=pool).pages[0]
        assert _text(page) == f"{_PROSE}\nStamped on arrival\nin May"
        assert [line.reader for line in lines_of_page(page)] == ["text-layer", "fast", "fast"]

    def test_read_when_a_page_is_empty_says_it_is_blank(self, tmp_path: Path, pool: WorkerPool) -> None:
        drawing = PDFDrawing()
        drawing.page()
        document = read(drawing.save(tmp_path / "empty.pdf"), pool=pool)
        assert document.pages[0].blank
        assert document.pages[0].failure is None
        assert document.notices == ("Nothing on page 1 looks like text.",)

    def test_boxes_when_read_from_text_and_from_pixels_lie_on_the_same_ink(
        self, tmp_path: Path, pool: WorkerPool
    ) -> None:
        book = _book(tmp_path / "book.pdf", 1)
        places = []
        for force_ocr in (False, True):
            page = read(book, ReadOptions(force_ocr=force_ocr), pool=pool).pages[0]
            line = list(lines_of_page(page))[1]
            places.append([72 * value / page.dpi for value in line.box])
        assert places[0] == pytest.approx(places[1], abs=5)  # a detector leaves air around a line


class TestPages:
    def test_read_pages_gives_them_in_order_as_they_finish(self, tmp_path: Path, pool: WorkerPool) -> None:
        pages = read_pages(_book(tmp_path / "book.pdf", 12), ReadOptions(pages="2-11"), pool=pool)
        assert [page.number for page in pages] == list(range(2, 12))

    def test_read_reports_each_page(self, tmp_path: Path, pool: WorkerPool) -> None:
        seen: list[int] = []
        read(_book(tmp_path / "book.pdf", 3), pool=pool, report=lambda page: seen.append(page.number))
        assert seen == [1, 2, 3]

    def test_read_when_a_tiff_has_several_pages_reads_all(self, tmp_path: Path, pool: WorkerPool) -> None:
        first, second = text_image(("First page",)), text_image(("Second page",))
        first.save(tmp_path / "two.tif", save_all=True, append_images=[second])
        document = read(tmp_path / "two.tif", pool=pool)
        assert [_text(page) for page in document.pages] == ["First page", "Second page"]

    @pytest.mark.parametrize("degrees", [90, 180, 270])
    def test_read_when_a_picture_lies_on_its_side_turns_it(
        self, degrees: int, tmp_path: Path, pool: WorkerPool
    ) -> None:
        lines = [f"Line number {number} of a page that lies" for number in ("one", "two", "three", "four", "five")]
        picture = text_image(lines, size=(760, 420)).rotate(-degrees, expand=True)
        picture.save(tmp_path / "lying.png")
        page = read(tmp_path / "lying.png", pool=pool).pages[0]
        assert _text(page).splitlines() == lines
        assert page.rotation == 360 - degrees


class TestInputs:
    def test_read_when_given_bytes_or_a_stream_reads_them(self, pool: WorkerPool) -> None:
        data = encoded(text_image(("Seen in passing",)), "PNG")
        for source in (data, io.BytesIO(data)):
            assert _text(read(source, pool=pool).pages[0]) == "Seen in passing"

    def test_read_when_a_file_changes_under_its_name_reads_the_new_one(self, tmp_path: Path, pool: WorkerPool) -> None:
        path = tmp_path / "same.png"
        for words in ("Before noon", "After noon"):
            text_image((words,)).save(path)
            assert _text(read(path, pool=pool).pages[0]) == words

    def test_read_when_the_file_is_missing_empty_or_too_large_says_so(self, tmp_path: Path, pool: WorkerPool) -> None:
        with pytest.raises(MissingInput, match=r"nothing\.pdf"):
            read(tmp_path / "nothing.pdf", pool=pool)
        with pytest.raises(MissingInput, match="not a file"):
            read(tmp_path, pool=pool)
        with pytest.raises(EmptyInput):
            read(b"", pool=pool)
        with pytest.raises(TooManyBytes):
            read(b"P1\n" + b"0" * 4000, pool=pool, limits=Limits(max_bytes=2000))

    def test_read_when_asked_for_what_is_not_there_says_so(self, tmp_path: Path, pool: WorkerPool) -> None:
        book = _book(tmp_path / "book.pdf", 1)
        with pytest.raises(BadPageRange, match="no page 2"):
            read(book, ReadOptions(pages="2"), pool=pool)
        with pytest.raises(UnknownEngine):
            read(book, ReadOptions(engine="slow"), pool=pool)


def test_five_lines_of_the_readme_do_what_they_say(tmp_path: Path) -> None:
    document = ocrchat.read(_book(tmp_path / "scan.pdf", 2))
    assert isinstance(document, Document)
    markdown = ocrchat.export(document, "md")
    assert markdown is not None
    assert markdown.decode().startswith("# Chapter 1")
    assert [page.failure for page in ocrchat.read_pages(tmp_path / "scan.pdf")] == [None, None]


def test_file_source_gives_exporters_the_bytes_and_the_pixels(tmp_path: Path, pool: WorkerPool) -> None:
    from ocrchat.pipeline.file_source import FileSource

    path = _book(tmp_path / "book.pdf", 2)
    source = FileSource(path, pool=pool, limits=Limits())
    assert source.media_type == "application/pdf"
    with source.open() as stream:
        assert stream.read() == path.read_bytes()
    image = source.page_image(2, 72)
    assert (image.width, image.height) == (595, 842)
    assert image.pixels.min() < 100
