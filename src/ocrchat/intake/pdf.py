"""PDFs through PDFium: pages as pixels, and their text layer.

PDFium may be used by one thread of a process only. Pages and everything on them are closed before a call returns, so
that a thousand pages take the memory of one.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
import pypdfium2.raw as pdfium
from pypdfium2 import PDFIUM_INFO

from ocrchat.document.geometry import area
from ocrchat.document.image import PageImage, Pixels
from ocrchat.document.model import Step
from ocrchat.errors import DamagedInput, PageDamaged, PasswordNeeded, PasswordWrong
from ocrchat.intake.ink import INK_DPI, ink_of
from ocrchat.intake.limits import Limits, require_page, require_page_count, scale_within
from ocrchat.intake.page_geometry import POINTS_PER_INCH, PageGeometry
from ocrchat.intake.page_objects import Picture, find_pictures
from ocrchat.intake.pdf_text import dominant_angle, read_words
from ocrchat.intake.read_layer import read_layer
from ocrchat.intake.sniff import PDF
from ocrchat.intake.text_layer import LAYER_DPI, TextLayer

_READING_DPI = 200.0
"""For pages that are drawn: the engines' letters are 20 to 40 pixels high at this."""

_LEAST_DPI, _MOST_DPI = 150.0, 300.0
"""For scans, which are rendered at their own resolution within these."""

_TINY_PAGE_PIXELS = 1000.0
_TINY_PAGE_MOST_DPI = 2400.0
"""A page smaller than a visiting card has its measures wrong, or a user unit, which PDFium does not know: it is
rendered to a size at which its text can be read."""

_TURNING_CHARACTERS = 100
"""Text that is to turn a page must be more than a stamp on its margin."""

_SCAN_SHARE = 0.5
_INK_SIDE = 2000
"""Pixels: the picture for the ink check of a huge page box comes at fewer dpi."""

_COLOUR = 12
"""Channels that differ by less are a grey scan's noise."""

_NOT_ENCRYPTED = -1
"""PDFium's security handler revision of a file without one."""

_initialised = False


class PDFSource:
    def __init__(self, path: Path, *, password: str, limits: Limits) -> None:
        _initialise()
        self._limits = limits
        self._document = _open_document(path, password)
        self._form: Any = None
        try:
            self._page_count = int(pdfium.FPDF_GetPageCount(self._document))
            if self._page_count < 1:
                raise DamagedInput("The PDF is damaged: it has no pages that can be found.")
            require_page_count(self._page_count, limits)
            self._open_form()
        except BaseException:
            self.close()
            raise

    @property
    def media_type(self) -> str:
        return PDF

    @property
    def page_count(self) -> int:
        return self._page_count

    @property
    def title(self) -> str:
        length = pdfium.FPDF_GetMetaText(self._document, b"Title", None, 0)
        if length <= 2:
            return ""
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDF_GetMetaText(self._document, b"Title", buffer, length)
        return " ".join(buffer.raw[: length - 2].decode("utf-16-le", "replace").replace("\0", " ").split())

    @property
    def notices(self) -> tuple[str, ...]:
        is_encrypted = pdfium.FPDF_GetSecurityHandlerRevision(self._document) != _NOT_ENCRYPTED
        return ("The PDF is encrypted. What is made from it, a searchable PDF too, is not.",) if is_encrypted else ()

    def page_image(self, number: int, dpi: float | None = None) -> PageImage:
        with self._page(number) as (page, _):
            geometry = _geometry(page)
            wide, high = geometry.size_points
            wanted = dpi
            if wanted is None:
                wanted = _reading_dpi(find_pictures(self._document, page, geometry).found, geometry)
            scale = wanted / POINTS_PER_INCH
            scale *= scale_within(wide * scale, high * scale, self._limits)
            width, height = max(1, round(wide * scale)), max(1, round(high * scale))
            pixels = _grey_or_colour(self._render(page, width, height, colour=True))
            return PageImage(
                pixels=pixels,
                dpi=max(0.01, round(scale * POINTS_PER_INCH, 2)),
                rotation=geometry.rotation,
                to_source=geometry.to_source(width, height),
                steps=(Step(name="render", engine="pdfium", version=_version()),),
            )

    def text_layer(self, number: int) -> TextLayer | None:
        with self._page(number) as (page, text_page):
            geometry = _geometry(page)
            wide, high = geometry.size_points
            scale = min(INK_DPI / POINTS_PER_INCH, _INK_SIDE / max(wide, high))
            grey = self._render(page, max(1, round(wide * scale)), max(1, round(high * scale)), colour=False)
            ink = ink_of(grey, scale * POINTS_PER_INCH / LAYER_DPI)
            pictures = find_pictures(self._document, page, geometry)
            found = read_words(text_page)
            return read_layer(found, geometry, ink, pictures, version=_version())

    def close(self) -> None:
        if self._form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(self._form)
            self._form = None
        if self._document:
            pdfium.FPDF_CloseDocument(self._document)
            self._document = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_form(self) -> None:
        if pdfium.FPDF_GetFormType(self._document) == pdfium.FORMTYPE_NONE:
            return
        # Kept for as long as the form: PDFium holds a pointer to it.
        self._form_info = pdfium.FPDF_FORMFILLINFO(version=2)
        self._form = pdfium.FPDFDOC_InitFormFillEnvironment(self._document, self._form_info)
        if self._form:
            pdfium.FPDF_SetFormFieldHighlightAlpha(self._form, 0)

    @contextmanager
    def _page(self, number: int) -> Iterator[tuple[Any, Any]]:
        """The page and its text page; with its annotations made part of it, turned so that its text runs upright."""
        require_page(number, self._page_count)
        page = self._load(number)
        rotation = pdfium.FPDFPage_GetRotation(page)
        try:
            if _has_visible_annotations(page) and pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == 1:
                pdfium.FPDF_ClosePage(page)
                page = None
                page = self._load(number)
            with _text_page(page, number) as text_page:
                turn = dominant_angle(text_page, least_characters=_TURNING_CHARACTERS)
                if turn is None or turn == rotation * 90:
                    yield page, text_page
                    return
            pdfium.FPDFPage_SetRotation(page, turn // 90)
            # PDFium puts words in order by how the page is displayed: on a page turned otherwise it has to look anew.
            with _text_page(page, number) as text_page:
                yield page, text_page
        finally:
            if page:
                pdfium.FPDFPage_SetRotation(page, rotation)
                pdfium.FPDF_ClosePage(page)

    def _load(self, number: int) -> Any:
        page = pdfium.FPDF_LoadPage(self._document, number - 1)
        if not page:
            raise PageDamaged(f"Page {number} is damaged: the file does not say what is on it.", page=number)
        return page

    def _render(self, page: Any, width: int, height: int, *, colour: bool) -> Pixels:
        shape = (height, width, 3) if colour else (height, width)
        kind = pdfium.FPDFBitmap_BGR if colour else pdfium.FPDFBitmap_Gray
        pixels = np.full(shape, 255, np.uint8)
        stride = width * (3 if colour else 1)
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, kind, pixels.ctypes.data_as(ctypes.c_void_p), stride)
        if not bitmap:
            raise MemoryError
        flags = pdfium.FPDF_ANNOT | (pdfium.FPDF_REVERSE_BYTE_ORDER if colour else 0)
        try:
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
            if self._form:
                pdfium.FPDF_FFLDraw(self._form, bitmap, page, 0, 0, width, height, 0, flags)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return pixels


def _initialise() -> None:
    global _initialised
    if not _initialised:
        pdfium.FPDF_InitLibrary()
        _initialised = True


def _version() -> str:
    return str(PDFIUM_INFO.version)


def _open_document(path: Path, password: str) -> Any:
    """A password that is not ASCII may have been encoded in two ways, by the age of the file."""
    for encoding in ("utf-8", "latin-1"):
        given = password.encode(encoding, "replace") if password else None
        document = pdfium.FPDF_LoadDocument(os.fsencode(path), given)
        if document:
            return document
        error = pdfium.FPDF_GetLastError()
        if error != pdfium.FPDF_ERR_PASSWORD:
            break
    if error == pdfium.FPDF_ERR_PASSWORD:
        if password:
            raise PasswordWrong("The PDF does not open with this password.")
        raise PasswordNeeded("The PDF is locked: give its password.")
    if error == pdfium.FPDF_ERR_SECURITY:
        raise DamagedInput("The PDF is encrypted in a way that cannot be opened. Save it without protection.")
    raise DamagedInput("The file begins like a PDF, but it is damaged and cannot be opened. Save or export it again.")


@contextmanager
def _text_page(page: Any, number: int) -> Iterator[Any]:
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        raise PageDamaged(f"Page {number} is damaged: its text cannot be taken out.", page=number)
    try:
        yield text_page
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _geometry(page: Any) -> PageGeometry:
    box = pdfium.FS_RECTF()
    rotation = pdfium.FPDFPage_GetRotation(page) * 90
    if pdfium.FPDF_GetPageBoundingBox(page, box) and box.right > box.left and box.top > box.bottom:
        return PageGeometry(box.left, box.bottom, box.right, box.top, rotation)
    # A page box without area: PDFium displays it as US Letter, and so do we.
    return PageGeometry(0.0, 0.0, 612.0, 792.0, rotation)


def _has_visible_annotations(page: Any) -> bool:
    """Links have no looks of their own, and most annotations are links."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if annotation:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            pdfium.FPDFPage_CloseAnnot(annotation)
            if kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
                return True
    return False


def _reading_dpi(pictures: Sequence[Picture], geometry: PageGeometry) -> float:
    """A scan's own resolution, so that its pixels arrive as they are."""
    wide, high = geometry.size_points
    whole = wide * high * (LAYER_DPI / POINTS_PER_INCH) ** 2
    scans = [picture for picture in pictures if area(picture.box) > _SCAN_SHARE * whole and picture.dpi > 0]
    dpi = _READING_DPI
    if scans:
        dpi = min(_MOST_DPI, max(_LEAST_DPI, max(scans, key=lambda picture: area(picture.box)).dpi))
    tiny = _TINY_PAGE_PIXELS * POINTS_PER_INCH / max(wide, high)
    return max(dpi, min(tiny, _TINY_PAGE_MOST_DPI))


def _grey_or_colour(pixels: Pixels) -> Pixels:
    sample = pixels[::3, ::3].astype(np.int16)
    if sample.size and int((sample.max(axis=2) - sample.min(axis=2)).max()) > _COLOUR:
        return pixels
    return np.ascontiguousarray(pixels[..., 1])
