"""`python -m bench.exports`: the searchable PDF held against OCRmyPDF's, and how fast and flat every format is.

    text   the same words into both; exact lines back by PDFium and by Poppler, overlap of lines, size, core-seconds
    read   pages of the corpus as our own reader gives them: the same, for ours alone
    long   a drawn document of 300 pages through every format: seconds, and memory from page 20 on

OCRmyPDF (17) is looked for as `ocrmypdf`, or where OCRMYPDF says; Poppler as `pdftotext`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from bench.export_pages import Given, drawn_lines, given_pages, long_page
from bench.export_readers import Back, back_from_pdf
from ocrchat.document.image import PageImage
from ocrchat.document.json import document_from_bytes
from ocrchat.document.model import DocumentHead, Page
from ocrchat.export.registry import FORMATS, export, exporter_for
from ocrchat.export.spec import ExportOptions

SECONDS = {"docx": 10.0}
"""The most that 300 pages may take in a format; 3 elsewhere."""

GROWTH_BYTES = 8_000_000
"""Flat: what may come on top after page 20. A PDF's page list and font grow by some hundred bytes a page."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.exports", description=__doc__)
    parser.add_argument("part", choices=("text", "read", "long", "one-long"))
    parser.add_argument("inputs", nargs="*", help="read: files; one-long: the format")
    parser.add_argument("--pages", type=int, default=300)
    options = parser.parse_args(arguments)
    match options.part:
        case "text":
            return _text()
        case "read":
            return _read(options.inputs)
        case "long":
            return _long(options.pages)
        case _:
            return _one_long(options.inputs[0], options.pages)


# --- text ------------------------------------------------------------------------------------------------------------


def _text() -> int:
    pages = [*given_pages(), *drawn_lines()]
    print(f"{'page':14}{'lines':>6} | {'ours':>26} | {'OCRmyPDF':>26}")
    print(f"{'':14}{'':6} | {'PDFium Poppler kB s':>26} | {'PDFium Poppler kB s':>26}")
    ours_all: list[Back] = []
    theirs_all: list[Back] = []
    for given in pages:
        ours, theirs = _ours(given), _theirs(given)
        ours_all.append(ours)
        if theirs:
            theirs_all.append(theirs)
        print(f"{given.name:14}{ours.lines:6} | {ours.told():>26} | {theirs.told() if theirs else '-':>26}")
    for name, backs in (("ours", ours_all), ("OCRmyPDF", theirs_all)):
        lines = sum(back.lines for back in backs)
        if lines:
            print(
                f"{name}: PDFium {sum(back.pdfium for back in backs)}/{lines}, "
                f"Poppler {sum(back.poppler for back in backs)}/{lines}, "
                f"overlap >= .7 on {sum(back.covered for back in backs)}/{lines}, "
                f"{sum(back.size for back in backs) / 1000:.0f} kB, {sum(back.seconds for back in backs):.1f} core-s"
            )
    return 0 if all(back.pdfium == back.lines for back in ours_all) else 1


def _ours(given: Given) -> Back:
    """In a process of its own, as theirs."""
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "given.json"
        document.write_bytes(export(given.document, "json") or b"")
        out = Path(folder) / "out.pdf"
        command = [sys.executable, "-m", "bench.export_pages", str(document), str(given.path), str(out)]
        seconds = _core_seconds(command, os.environ)
        return back_from_pdf(given.document.pages[0], out.read_bytes(), seconds)


def _theirs(given: Given) -> Back | None:
    program = os.environ.get("OCRMYPDF", "ocrmypdf")
    with tempfile.TemporaryDirectory() as folder:
        words, out = Path(folder) / "words.hocr", Path(folder) / "out.pdf"
        words.write_bytes(export(given.document, "hocr") or b"")
        plugin = Path(__file__).parent / "runners" / "ocrmypdf_words.py"
        command = [program, "--plugin", str(plugin), "--pdf-renderer", "fpdf2", "--output-type", "pdf"]
        command += ["--optimize", "0", "--image-dpi", "150", "-l", "eng", "--jobs", "1", "--quiet"]
        command += [str(given.path), str(out)]
        try:
            seconds = _core_seconds(command, {**os.environ, "OCRMYPDF_WORDS": str(words)})
        except (FileNotFoundError, subprocess.CalledProcessError):
            return None
        return back_from_pdf(given.document.pages[0], out.read_bytes(), seconds)


def _core_seconds(command: Sequence[str], environment: dict[str, str] | os._Environ[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=dict(environment))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# --- read ------------------------------------------------------------------------------------------------------------


def _read(inputs: Sequence[str]) -> int:
    """Files → what our reader says of them → PDF → lines back, page by page."""
    lines = pdfium = covered = 0
    for name in inputs:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "ocrchat", "read", name, "--to", "json,pdf", "-o", folder, "--quiet"]
            subprocess.run(command, check=False, capture_output=True)
            for found in sorted(Path(folder).glob("*.json")):
                document = document_from_bytes(found.read_bytes())
                data = found.with_suffix(".pdf").read_bytes()
                for index, page in enumerate(document.pages):
                    back = back_from_pdf(page, data, 0.0, index, own_pages=name.lower().endswith(".pdf"))
                    lines, pdfium, covered = lines + back.lines, pdfium + back.pdfium, covered + back.covered
                    print(f"{Path(name).name:28} p.{page.number:<3} {back.lines:4} lines, {back.told()}")
    print(f"PDFium {pdfium}/{lines}, overlap >= .7 on {covered}/{lines} ({covered / max(1, lines):.1%})")
    return 0


# --- long ------------------------------------------------------------------------------------------------------------


def _long(pages: int) -> int:
    met = True
    for name in FORMATS:
        command = [sys.executable, "-m", "bench.exports", "one-long", name, "--pages", str(pages)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        limit = SECONDS.get(name, 3.0) * pages / 300
        ok = told["seconds"] <= limit and told["growth"] <= GROWTH_BYTES
        met = met and ok
        print(
            f"{name:8} {told['seconds']:6.2f} core-s (limit {limit:.0f})  {told['bytes'] / 1e6:7.2f} MB  "
            f"memory {told['at20'] / 1e6:6.1f} MB at page 20, "
            f"{told['growth'] / 1e6:+6.1f} MB after  {'ok' if ok else 'MISSED'}"
        )
    return 0 if met else 1


class _Paper:
    """White pages, known only by their pixels."""

    media_type = "image/x-drawn"
    password = ""
    _white = np.full((1754, 1240), 255, np.uint8)

    def open(self) -> BinaryIO:
        return io.BytesIO()

    def page_image(self, number: int, dpi: float | None = None) -> PageImage:
        return PageImage(pixels=self._white, dpi=150.0)

    def lay_over(self, layers: Path, result: Path) -> None:
        raise AssertionError("these are no PDFs")


def _one_long(name: str, count: int) -> int:
    """In a process of its own: prints what it took as JSON."""
    seen = {"at20": 0, "most": 0}

    def pages() -> Iterator[Page]:
        for number in range(1, count + 1):
            if number == 21:
                seen["at20"] = _resident()
            if number > 21 and number % 20 == 0:
                seen["most"] = max(seen["most"], _resident())
            yield long_page(number)

    exporter = exporter_for(name)
    with tempfile.TemporaryFile() as sink:
        start = time.process_time()
        for number in range(1, count + 1):
            long_page(number)
        drawing = time.process_time() - start
        start = time.process_time()
        exporter.export(DocumentHead(title="Long"), pages(), sink, source=_Paper(), options=ExportOptions())
        seconds = time.process_time() - start - drawing
        size = sink.tell()
    growth = max(0, max(seen["most"], _resident()) - seen["at20"])
    print(json.dumps({"seconds": seconds, "bytes": size, "at20": seen["at20"], "growth": growth}))
    return 0


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())
