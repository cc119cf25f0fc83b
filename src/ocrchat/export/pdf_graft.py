"""Text over a PDF's own pages, which stay as they are: nothing is drawn or compressed anew; links, bookmarks and forms
survive. What was encrypted comes out open, and says so.

The original may be made to do harm: this runs in a worker process, with its limits, and not where the program does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pikepdf

from ocrchat import __version__
from ocrchat.errors import DamagedInput, ExportError, PasswordNeeded

_LAYER: Final = "/OcrchatText"
_INVISIBLE = re.compile(rb"(?<![\d.])3\s+Tr\b")
_SHOWS_TEXT: Final = frozenset({"Tj", "TJ", "'", '"'})


def graft(original: Path, layers: Path, result: Path, *, password: str) -> None:
    """`layers` as pdf_layers.py writes them. DamagedInput where the original is no PDF whose pages could be kept;
    PasswordNeeded also where only its attachments are locked, and its pages can be seen."""
    with _opened(original, password) as pdf, pikepdf.open(layers) as added:
        try:
            _lay_over(pdf, added)
            _describe(pdf, str(added.Root.Language), str(added.Root.Title))
            pdf.save(
                result,
                encryption=False,
                compress_streams=True,
                recompress_flate=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.preserve,
                deterministic_id=True,
            )
        except OSError as error:
            raise ExportError(
                f"The PDF could not be written: {error.strerror or 'there is no room for it'}."
            ) from error
        except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise DamagedInput("The PDF is damaged in a way that its pages cannot be kept.") from error


@contextmanager
def _opened(original: Path, password: str) -> Iterator[pikepdf.Pdf]:
    try:
        pdf = pikepdf.open(original, password=password)
        count = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise PasswordNeeded("The PDF is locked: give its password.") from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
        raise DamagedInput("The PDF is damaged in a way that it cannot be opened for writing.") from error
    with pdf:
        if not count:
            raise DamagedInput("The PDF has no pages that can be found.")
        yield pdf


def _lay_over(pdf: pikepdf.Pdf, added: pikepdf.Pdf) -> None:
    layers = list(added.Root.Layers.as_list())
    if not layers:
        return
    font = pdf.copy_foreign(added.Root.Font)
    before = pdf.make_stream(b"q\n")
    after = pdf.make_stream(b"\nQ\nq " + _LAYER.encode() + b" Do Q\n")
    kept = pdf.pages
    for layer in layers:
        number = int(layer.Page)
        if 1 <= number <= len(kept):
            target = kept[number - 1]
            if bool(layer.Replace):
                _remove_invisible_text(pdf, target)
            form = pdf.copy_foreign(layer.Form)
            form.BBox = pikepdf.Array([float(value) for value in target.mediabox])
            form.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
            _show(target, form, before, after)


def _show(target: pikepdf.Page, form: pikepdf.Object, before: pikepdf.Stream, after: pikepdf.Stream) -> None:
    # Resources may be shared between pages or inherited: this page gets its own.
    resources = pikepdf.Dictionary(dict(_resources(target).items()))
    objects = resources.get("/XObject", pikepdf.Dictionary())
    objects = pikepdf.Dictionary(dict(objects.items()))
    objects[_LAYER] = form
    resources["/XObject"] = objects
    target.obj["/Resources"] = resources
    # The page's own content may leave any state behind.
    target.contents_add(before, prepend=True)
    target.contents_add(after)


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


def _describe(pdf: pikepdf.Pdf, language: str, title: str) -> None:
    if language and "/Lang" not in pdf.Root:
        pdf.Root["/Lang"] = pikepdf.String(language)
    info = pdf.docinfo
    if title and "/Title" not in info:
        info["/Title"] = pikepdf.String(title)
    if pdf.is_encrypted:
        info["/OcrchatNotice"] = pikepdf.String(
            f"The original of this file is encrypted; ocrchat {__version__} wrote it without encryption."
        )


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
