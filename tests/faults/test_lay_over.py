"""PDFs made to harm whoever takes them apart: laying text over them costs a worker process at the most."""

from __future__ import annotations

import io
import os
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Dictionary, Name, Pdf

from ocrchat.document.model import Document, Page, TextBlock
from ocrchat.errors import ExportError
from ocrchat.export.pdf_layers import write_layers
from ocrchat.export.registry import export
from ocrchat.intake.limits import Limits
from ocrchat.pipeline.file_source import FileSource
from ocrchat.pipeline.pipeline import new_pool
from ocrchat.pipeline.pool import WorkerPool
from tests.factories import line_at

_LIMITS = replace(Limits(), open_seconds=5.0, memory_bytes=200 * 1024 * 1024)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with new_pool(slots=1, limits=_LIMITS) as pool:
        yield pool


def _page(number: int = 1) -> Page:
    line = line_at("Read by us", (100, 100, 500, 140))
    block = TextBlock(box=line.box, lines=(line,))
    scale = 72 / 150
    return Page(
        number=number,
        width=1250,
        height=1667,
        dpi=150.0,
        blocks=(block,),
        to_source=(scale, 0.0, 0.0, 0.0, -scale, 800.0, 0.0, 0.0, 1.0),
    )


def _file_with(folder: Path, content: bytes, *, times: int = 1) -> Path:
    """A PDF with a page whose content unpacks to `content`, so many times over."""
    pdf = Pdf.new()
    packer = zlib.compressobj(1)
    packed = b"".join([*(packer.compress(content) for _ in range(times)), packer.flush()])
    stream = pikepdf.Stream(pdf, packed, Filter=Name.FlateDecode)
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=[0, 0, 600, 800]))))
    pdf.pages[0].Contents = pdf.make_indirect(stream)
    path = folder / "hostile.pdf"
    pdf.save(path, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return path


def _made(source: FileSource, *pages: Page) -> bytes:
    sink = io.BytesIO()
    export(Document(pages=pages or (_page(),)), "pdf", sink, source=source)
    with pdfium.PdfDocument(sink.getvalue()) as pdf:
        assert [page.get_textpage().get_text_range() for page in pdf][: len(pages) or 1] == ["Read by us"]
    return sink.getvalue()


def test_lay_over_when_content_unpacks_to_more_than_memory_takes_none_of_ours(tmp_path: Path, pool: WorkerPool) -> None:
    path = _file_with(tmp_path, b"3 Tr " + b" " * 1_000_000, times=400)
    assert path.stat().st_size < 3_000_000
    sink = io.BytesIO()
    before = _resident_bytes()
    export(Document(pages=(_page(),)), "pdf", sink, source=FileSource(path, pool=pool, limits=_LIMITS))
    assert _resident_bytes() - before < 50_000_000
    with pikepdf.open(sink) as pdf:
        assert len(pdf.pages) == 1


def test_lay_over_when_taking_content_apart_takes_for_ever_is_given_up(tmp_path: Path, pool: WorkerPool) -> None:
    limits = replace(_LIMITS, open_seconds=0.7)
    path = _file_with(tmp_path, b"3 Tr " + b"0 0 m " * 200_000, times=8)
    started = time.monotonic()
    _made(FileSource(path, pool=pool, limits=limits))
    assert time.monotonic() - started < 30


def test_lay_over_when_nothing_is_wrong_keeps_the_pages(tmp_path: Path, pool: WorkerPool) -> None:
    source = FileSource(_file_with(tmp_path, b"0 g"), pool=pool, limits=_LIMITS)
    with pikepdf.open(io.BytesIO(_made(source))) as pdf:
        assert "/OcrchatText" in pdf.pages[0].Resources.XObject


def test_lay_over_when_the_result_cannot_be_written_says_so(tmp_path: Path, pool: WorkerPool) -> None:
    source = FileSource(_file_with(tmp_path, b"0 g"), pool=pool, limits=_LIMITS)
    layers = tmp_path / "layers.pdf"
    with layers.open("wb") as file:
        write_layers(Document(pages=()).head, [_page()], file)
    with pytest.raises(ExportError, match="No such file or directory"):
        source.lay_over(layers, tmp_path / "no such folder" / "result.pdf")


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
