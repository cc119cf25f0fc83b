"""Text over a PDF's own pages, which stay as they are: nothing is drawn or compressed anew; links, bookmarks and forms
survive. Pages whose text is the PDF's own are not touched. What was encrypted comes out open, and says so."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

import pikepdf

from ocrchat import __version__
from ocrchat.document.model import DocumentHead, Line, Page, lines_of_page
from ocrchat.document.source import Source
from ocrchat.document.text import printable
from ocrchat.errors import ExportError
from ocrchat.export.markup import language_tag
from ocrchat.export.pdf_font import Codes, write_font
from ocrchat.export.pdf_text import cuts_of_lines, text_layer
from ocrchat.export.pdf_writer import PDFWriter

TEXT_LAYER_READER: Final = "text-layer"
"""Line.reader of what is the PDF's own text: it is on the page already."""

_LAYER: Final = "/OcrchatText"
_INVISIBLE = re.compile(rb"(?<![\d.])3\s+Tr\b")
_SHOWS_TEXT: Final = frozenset({"Tj", "TJ", "'", '"'})
_IN_MEMORY: Final = 8 << 20


class UnusablePDF(Exception):
    """The file cannot be opened as a PDF of pages that could be kept."""


def write_overlaid(head: DocumentHead, pages: Iterable[Page], sink: BinaryIO, source: Source) -> None:
    """UnusablePDF is raised before a page was taken or a byte written."""
    with source.open() as file, _opened(file, source.password) as pdf:
        layers = _Layers(pdf)
        kept = pdf.pages
        for page in pages:
            if 1 <= page.number <= len(kept):
                layers.add(kept[page.number - 1], page)
        layers.finish()
        _describe(pdf, head)
        _save(pdf, sink)


@contextmanager
def _opened(file: BinaryIO, password: str) -> Iterator[pikepdf.Pdf]:
    try:
        pdf = pikepdf.open(file, password=password)
        count = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise ExportError(
            "The PDF needs its password once more to be written with its text. Read it again with the password."
        ) from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise UnusablePDF from error
    with pdf:
        if not count:
            raise UnusablePDF
        yield pdf


class _Layers:
    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._codes = Codes()
        self._font = pdf.make_indirect(pikepdf.Dictionary())
        self._save_state = pdf.make_stream(b"q\n")
        self._draw = pdf.make_stream(b"\nQ\nq " + _LAYER.encode() + b" Do Q\n")
        self._used = False

    def add(self, target: pikepdf.Page, page: Page) -> None:
        lines = [line for line in lines_of_page(page) if line.reader != TEXT_LAYER_READER]
        if not any(line.text.strip() for line in lines):
            return
        if not any(line.reader == TEXT_LAYER_READER for line in lines_of_page(page)):
            # What was read replaces an older invisible layer, or every search would find its errors too.
            _remove_invisible_text(self._pdf, target)
        self._show(target, self._form(target, page, lines))
        self._used = True

    def _form(self, target: pikepdf.Page, page: Page, lines: Sequence[Line]) -> pikepdf.Object:
        data = "\n".join(text_layer(lines, page.to_source, self._codes, cuts_of_lines(lines))).encode("ascii")
        form = self._pdf.make_stream(data)
        form.Type = pikepdf.Name.XObject
        form.Subtype = pikepdf.Name.Form
        form.BBox = pikepdf.Array([float(value) for value in target.mediabox])
        form.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=self._font))
        return form

    def _show(self, target: pikepdf.Page, form: pikepdf.Object) -> None:
        # Resources may be shared between pages or inherited: this page gets its own.
        resources = pikepdf.Dictionary(dict(_resources(target).items()))
        objects = resources.get("/XObject", pikepdf.Dictionary())
        objects = pikepdf.Dictionary(dict(objects.items()))
        objects[_LAYER] = form
        resources["/XObject"] = objects
        target.obj["/Resources"] = resources
        target.contents_add(self._save_state, prepend=True)
        target.contents_add(self._draw)

    def finish(self) -> None:
        """The font can only say what its codes mean when all pages are done."""
        if not self._used:
            return
        file = io.BytesIO()
        out = PDFWriter(file)
        reference = out.reserve()
        write_font(out, reference, self._codes)
        tree = out.add(f"<< /Type /Pages /Kids [] /Count 0 /F {reference} 0 R >>")
        root = out.add(f"<< /Type /Catalog /Pages {tree} 0 R >>")
        out.finish(root=root, info=out.add("<< >>"))
        with pikepdf.open(file) as made:
            font = self._pdf.copy_foreign(made.Root.Pages.F)
            for key, value in font.items():
                self._font[key] = value


def _resources(target: pikepdf.Page) -> pikepdf.Object:
    node: pikepdf.Object | None = target.obj
    # The page tree of a hostile file may be a ring: real ones are a few levels deep.
    for _ in range(50):
        if node is None:
            break
        if "/Resources" in node:
            return node["/Resources"]
        node = node.get("/Parent")
    return pikepdf.Dictionary()


def _describe(pdf: pikepdf.Pdf, head: DocumentHead) -> None:
    language = next((tag for tag in map(language_tag, head.languages) if tag), "")
    if language and "/Lang" not in pdf.Root:
        pdf.Root["/Lang"] = pikepdf.String(language)
    info = pdf.docinfo
    if head.title and "/Title" not in info:
        info["/Title"] = pikepdf.String(printable(head.title))
    if pdf.is_encrypted:
        info["/OcrchatNotice"] = pikepdf.String(
            f"The original of this file is encrypted; ocrchat {__version__} wrote it without encryption."
        )


def _save(pdf: pikepdf.Pdf, sink: BinaryIO) -> None:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        try:
            pdf.save(
                cast("BinaryIO", file),
                encryption=False,
                compress_streams=True,
                recompress_flate=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.preserve,
                deterministic_id=True,
            )
        except (pikepdf.PdfError, RuntimeError, ValueError) as error:
            raise ExportError(
                "The PDF is damaged in a way that it cannot be written again. Take another format."
            ) from error
        file.seek(0)
        shutil.copyfileobj(file, sink)


# --- an older layer --------------------------------------------------------------------------------------------------


def _remove_invisible_text(pdf: pikepdf.Pdf, target: pikepdf.Page) -> None:
    try:
        if _INVISIBLE.search(_content_of(target)):
            target.obj["/Contents"] = pdf.make_stream(_visible(target))
        for form in _forms_of(target):
            if _INVISIBLE.search(form.read_bytes()):
                form.write(_visible(form))
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError):
        # A content stream that cannot be taken apart is left whole: the page must look as it did.
        return


def _content_of(target: pikepdf.Page) -> bytes:
    contents = target.obj.get("/Contents")
    if contents is None:
        return b""
    streams = list(contents.as_list()) if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams)


def _forms_of(target: pikepdf.Page) -> list[pikepdf.Object]:
    objects = _resources(target).get("/XObject", pikepdf.Dictionary())
    return [one for _, one in objects.items() if one.get("/Subtype") == pikepdf.Name.Form]


def _visible(content: pikepdf.Page | pikepdf.Object) -> bytes:
    """The content without what shows text in the invisible mode. The mode is part of the graphics state."""
    kept = []
    mode = 0
    states: list[int] = []
    for instruction in pikepdf.parse_content_stream(content):
        operator = str(instruction.operator)
        if operator == "q":
            states.append(mode)
        elif operator == "Q" and states:
            mode = states.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        if not (mode == 3 and operator in _SHOWS_TEXT):
            kept.append(instruction)
    return pikepdf.unparse_content_stream(kept)
