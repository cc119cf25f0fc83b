"""The text to be laid over a PDF's own pages, as a small PDF of our own: what takes the original apart (pdf_graft.py)
runs in another process, and needs nothing but that file.

Its catalogue holds the array /Layers, of dictionaries with /Page (a number), /Form (the text's operators) and /Replace
(whether an older invisible layer goes); and /Font, which all forms share and call F; /Language and /Title.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final

from ocrchat.document.model import DocumentHead, Line, Page
from ocrchat.document.text import printable
from ocrchat.export.markers import printed_lines_of_page
from ocrchat.export.markup import language_tag
from ocrchat.export.pdf_font import Codes, write_font
from ocrchat.export.pdf_text import text_objects
from ocrchat.export.pdf_writer import PDFWriter, text_string

TEXT_LAYER_READER: Final = "text-layer"
"""Line.reader of what is the PDF's own text: it is on the page already."""


def write_layers(head: DocumentHead, pages: Iterable[Page], sink: BinaryIO) -> None:
    out = PDFWriter(sink)
    codes = Codes()
    layers = []
    for page in pages:
        lines = list(printed_lines_of_page(page))
        added = [line for line in lines if line.reader != TEXT_LAYER_READER]
        if any(line.text.strip() for line in added):
            form = out.add_stream(_operators(added, page, codes), "/Type /XObject /Subtype /Form /BBox [0 0 1 1]")
            # What was read replaces an older invisible layer, or every search would find its errors too. But where
            # some of the page's own text is kept, that layer may be it.
            replaces = "true" if len(added) == len(lines) else "false"
            layers.append(f"<< /Page {page.number} /Form {form} 0 R /Replace {replaces} >>")
    font, tree = out.reserve(), out.add("<< /Type /Pages /Kids [] /Count 0 >>")
    write_font(out, font, codes)
    language = next((tag for tag in map(language_tag, head.languages) if tag), "")
    root = out.add(
        f"<< /Type /Catalog /Pages {tree} 0 R /Layers [{' '.join(layers)}] /Font {font} 0 R "
        f"/Language ({language}) /Title {text_string(printable(head.title))} >>"
    )
    out.finish(root=root, info=out.add("<< >>"))


def _operators(lines: Sequence[Line], page: Page, codes: Codes) -> bytes:
    return "\n".join(filter(None, text_objects(lines, page.to_source, codes))).encode("ascii")
