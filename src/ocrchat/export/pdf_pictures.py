"""A PDF made of pictures: a page each, the picture as it came, the text over it.

A page is as large as its picture on paper and stands upright to the nearest quarter turn; slight skew stays, as
nothing is redrawn. Structure, language and title are those of the document.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from ocrchat import __version__
from ocrchat.document.model import DocumentHead, Page, Transform
from ocrchat.document.source import Source
from ocrchat.document.text import printable
from ocrchat.errors import OCRChatError
from ocrchat.export.markers import printed_lines
from ocrchat.export.markup import language_tag
from ocrchat.export.pdf_font import Codes, write_font
from ocrchat.export.pdf_images import Picture, picture_from_file, picture_from_pixels
from ocrchat.export.pdf_structure import Laid, Structure
from ocrchat.export.pdf_text import text_objects
from ocrchat.export.pdf_writer import PDFWriter, Reference, dictionary, references, text_string

Matrix = npt.NDArray[np.float64]

_USUAL_DPI = 150.0
"""Where neither the page nor its picture says."""

_LARGEST_SIDE = 14_400.0
"""Points: what is larger is no page to most readers."""

_EMPTY_PAGE = (595.0, 842.0)
"""A4, for a page of which nothing is known."""


class Placed(NamedTuple):
    """A picture, if there is one, on its page."""

    picture: Picture | None
    width: float
    height: float
    to_page: Matrix
    """Upright pixels of the document's page → points, origin bottom left."""
    picture_to_page: Matrix
    """Pixels of the picture → points."""


def write_pictures(head: DocumentHead, pages: Iterable[Page], sink: BinaryIO, source: Source) -> None:
    data = b""
    if source.media_type.startswith("image/"):
        with source.open() as file:
            data = file.read()
    book = _Book(PDFWriter(sink))
    for page in pages:
        book.add_page(page, placed_page(page, source, data))
    book.finish(head)


# --- where a picture stands on its page ------------------------------------------------------------------------------


def placed_page(page: Page, source: Source, data: bytes) -> Placed:
    picture = picture_from_file(data, source.media_type, page.number - 1) if data else None
    to_picture = np.array(page.to_source, dtype=np.float64).reshape(3, 3)
    if picture is None:
        try:
            image = source.page_image(page.number)
        except OCRChatError:
            return _without_picture(page)
        picture = picture_from_pixels(image.pixels, image.dpi)
        to_picture = _inverse(np.array(image.to_source, dtype=np.float64).reshape(3, 3)) @ to_picture
    linear = _linear_at_centre(to_picture, page)
    scale = math.sqrt(abs(float(np.linalg.det(linear)))) or 1.0
    dpi = page.dpi * scale if page.dpi > 0 else picture.dpi or _USUAL_DPI
    view_from_picture, width, height = _upright(linear, picture)
    points = min(72 / dpi, _LARGEST_SIDE / max(width, height))
    to_points = np.array([[points, 0, 0], [0, -points, height * points], [0, 0, 1]])
    picture_to_page = to_points @ view_from_picture
    return Placed(picture, width * points, height * points, picture_to_page @ to_picture, picture_to_page)


def _without_picture(page: Page) -> Placed:
    if page.width <= 0 or page.height <= 0 or page.dpi <= 0:
        return Placed(None, *_EMPTY_PAGE, np.eye(3), np.eye(3))
    points = min(72 / page.dpi, _LARGEST_SIDE / max(page.width, page.height))
    to_page = np.array([[points, 0, 0], [0, -points, page.height * points], [0, 0, 1]])
    return Placed(None, page.width * points, page.height * points, to_page, np.eye(3))


def _inverse(matrix: Matrix) -> Matrix:
    try:
        return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.eye(3)


def _linear_at_centre(matrix: Matrix, page: Page) -> Matrix:
    """What the transform does to lengths and directions in the middle of the page."""
    centre = np.array([page.width / 2, page.height / 2, 1.0])
    at = matrix @ centre
    weight = at[2] or 1.0
    linear: Matrix = (matrix[:2, :2] * weight - np.outer(at[:2], matrix[2, :2])) / weight**2
    return linear


def _upright(linear: Matrix, picture: Picture) -> tuple[Matrix, float, float]:
    """Turns the picture's pixels by quarters, or mirrors them, so that it stands as the page was read:
    (pixels → upright pixels, width, height)."""
    width, height = float(picture.width), float(picture.height)
    (a, b), (c, d) = linear
    if abs(a) + abs(d) >= abs(b) + abs(c):
        x = [1.0, 0.0, 0.0] if a >= 0 else [-1.0, 0.0, width]
        y = [0.0, 1.0, 0.0] if d >= 0 else [0.0, -1.0, height]
        return np.array([x, y, [0, 0, 1]]), width, height
    x = [0.0, 1.0, 0.0] if c >= 0 else [0.0, -1.0, height]
    y = [1.0, 0.0, 0.0] if b >= 0 else [-1.0, 0.0, width]
    return np.array([x, y, [0, 0, 1]]), height, width


# --- the file --------------------------------------------------------------------------------------------------------


class _Book:
    """What of the PDF can only be written when all its pages are."""

    def __init__(self, out: PDFWriter) -> None:
        self._out = out
        self._codes = Codes()
        self._font, self._tree = out.reserve(), out.reserve()
        self._structure = Structure(out)
        self._pages: list[Reference] = []
        self._numbers: list[int] = []

    def add_page(self, page: Page, placed: Placed) -> None:
        reference = self._out.reserve()
        images, drawing = self._drawn(placed)
        key = self._structure.next_page_key
        content = self._text(page, placed, reference)
        contents = self._out.add_stream("\n".join([*drawing, *content]).encode("ascii"))
        resources = f"<< /XObject << {images} >> /Font << /F {self._font} 0 R >> >>"
        self._out.write_object(
            reference,
            f"<< /Type /Page /Parent {self._tree} 0 R /MediaBox [0 0 {placed.width:.3f} {placed.height:.3f}] "
            f"/Contents {contents} 0 R /Resources {resources} /StructParents {key} /Tabs /S >>",
        )
        self._pages.append(reference)
        self._numbers.append(page.number)

    def _drawn(self, placed: Placed) -> tuple[str, list[str]]:
        """The picture's image objects: (resources, operators)."""
        picture = placed.picture
        if picture is None:
            return "", []
        profile = ""
        if picture.profile:
            stream = self._out.add_stream(picture.profile, f"/N {picture.components}")
            profile = f"[/ICCBased {stream} 0 R]"
        names, operators = [], ["/Artifact BMC"]
        top = 0
        for index, strip in enumerate(picture.strips):
            entries = strip.entries
            if profile:
                entries = _with_profile(entries, profile)
            size = f"/Width {picture.width} /Height {strip.rows}"
            image = self._out.add_stream(strip.data, f"/Type /XObject /Subtype /Image {size} {entries}", compress=False)
            names.append(f"/I{index} {image} 0 R")
            corners = np.array([[0, picture.width, 0], [top + strip.rows, top + strip.rows, top], [1, 1, 1]])
            origin, right, up = ((placed.picture_to_page @ corners)[:2]).T
            matrix = " ".join(f"{value:.4f}" for value in (*(right - origin), *(up - origin), *origin))
            operators.append(f"q {matrix} cm /I{index} Do Q")
            top += strip.rows
        return " ".join(names), [*operators, "EMC"]

    def _text(self, page: Page, placed: Placed, reference: Reference) -> list[str]:
        a, b, c, d, e, f, g, h, i = placed.to_page.ravel().tolist()
        to_page: Transform = (a, b, c, d, e, f, g, h, i)
        printed = [list(printed_lines(block)) for block in page.blocks]
        texts = iter(text_objects(list(chain.from_iterable(printed)), to_page, self._codes))
        blocks = [
            Laid(block, lines, list(islice(texts, len(lines))))
            for block, lines in zip(page.blocks, printed, strict=True)
        ]
        return self._structure.operators_of_page(reference, blocks)

    def finish(self, head: DocumentHead) -> None:
        out = self._out
        if not self._pages:
            # A PDF has at least one page.
            self.add_page(Page(number=1, width=0, height=0, dpi=0), Placed(None, *_EMPTY_PAGE, np.eye(3), np.eye(3)))
        out.write_object(self._tree, f"<< /Type /Pages /Kids {references(self._pages)} /Count {len(self._pages)} >>")
        write_font(out, self._font, self._codes)
        self._structure.finish()
        catalogue = {
            "Type": "/Catalog",
            "Pages": f"{self._tree} 0 R",
            "MarkInfo": "<< /Marked true >>",
            "StructTreeRoot": f"{self._structure.root} 0 R",
            **_labels(self._numbers),
        }
        info = {"Producer": text_string(f"ocrchat {__version__}")}
        language = next((tag for tag in map(language_tag, head.languages) if tag), "")
        if language:
            catalogue["Lang"] = f"({language})"
        if head.title:
            info["Title"] = text_string(printable(head.title))
            catalogue["ViewerPreferences"] = "<< /DisplayDocTitle true >>"
        out.finish(root=out.add(dictionary(catalogue)), info=out.add(dictionary(info)))


def _with_profile(entries: str, profile: str) -> str:
    for space in ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK"):
        entries = entries.replace(f"/ColorSpace {space}", f"/ColorSpace {profile}")
    return entries


def _labels(numbers: list[int]) -> dict[str, str]:
    """Where pages were chosen from a longer file, viewers show the numbers they had there."""
    ranges = [
        f"{index} << /S /D /St {number} >>"
        for index, number in enumerate(numbers)
        if index == 0 or number != numbers[index - 1] + 1
    ]
    return {"PageLabels": f"<< /Nums [{' '.join(ranges)}] >>"} if numbers != list(range(1, len(numbers) + 1)) else {}
