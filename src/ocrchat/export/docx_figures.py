"""Figures of a page as pictures in a Word file, cut out of the page's pixels."""

from __future__ import annotations

import io
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from ocrchat.document.image import PageImage
from ocrchat.document.model import Box, Page
from ocrchat.document.source import Source
from ocrchat.errors import OCRChatError
from ocrchat.export.markup import xml

_LONGEST_SIDE: Final = 2000
"""Pixels of a picture; a page at 200 dpi is about as high, and files stay of a size that can be mailed."""

_EMU_PER_INCH: Final = 914_400
_SMALLEST: Final = 4
"""Pixels: what is narrower is no figure."""


class Figure(NamedTuple):
    data: bytes
    suffix: str
    width: float
    height: float
    """Inches on paper."""


class FigureCutter:
    """Asks for a page's pixels once, and only when it has a figure."""

    def __init__(self, source: Source | None) -> None:
        self._source = source
        self._number = 0
        self._image: PageImage | None = None

    def cut(self, page: Page, box: Box) -> Figure | None:
        image = self._image_of(page)
        if image is None or page.dpi <= 0:
            return None
        left, top, right, bottom = _on_image(page, image, box)
        if right - left < _SMALLEST or bottom - top < _SMALLEST:
            return None
        picture = Image.fromarray(np.ascontiguousarray(image.pixels[top:bottom, left:right]))
        picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        out = io.BytesIO()
        few_colours = picture.getcolors(256) is not None
        picture.save(out, "PNG" if few_colours else "JPEG", **({} if few_colours else {"quality": 88}))
        return Figure(
            out.getvalue(), "png" if few_colours else "jpeg", abs(box.width) / page.dpi, abs(box.height) / page.dpi
        )

    def _image_of(self, page: Page) -> PageImage | None:
        if self._source is None:
            return None
        if self._number != page.number:
            self._number = page.number
            try:
                self._image = self._source.page_image(page.number)
            except OCRChatError:
                self._image = None
        return self._image


def _on_image(page: Page, image: PageImage, box: Box) -> tuple[int, int, int, int]:
    """The box in the image's pixels: both know their way to the source page."""
    try:
        to_image = np.linalg.inv(np.array(image.to_source).reshape(3, 3)) @ np.array(page.to_source).reshape(3, 3)
    except np.linalg.LinAlgError:
        to_image = np.eye(3)
    corners = to_image @ np.array(
        [[box.left, box.right, box.left, box.right], [box.top, box.top, box.bottom, box.bottom], [1, 1, 1, 1]]
    )
    if not corners[2].all():
        # The page stands nowhere: no matrix of a real reading, but one that a stored document may claim.
        return 0, 0, 0, 0
    xs, ys = corners[0] / corners[2], corners[1] / corners[2]
    return (
        int(np.clip(xs.min(), 0, image.width)),
        int(np.clip(ys.min(), 0, image.height)),
        int(np.clip(np.ceil(xs.max()), 0, image.width)),
        int(np.clip(np.ceil(ys.max()), 0, image.height)),
    )


def drawing_xml(relation: str, number: int, figure: Figure, alt: str, widest: float) -> str:
    """An inline picture, no wider than the text (in inches)."""
    scale = min(1.0, widest / figure.width) if figure.width > 0 else 1.0
    width, height = (max(1, round(side * scale * _EMU_PER_INCH)) for side in (figure.width, figure.height))
    size = f'cx="{width}" cy="{height}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name="Picture {number}" '
        f'descr="{xml(alt)}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
