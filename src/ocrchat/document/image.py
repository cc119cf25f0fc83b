"""The upright page's pixels and the regions of it that hold text. Never stored in the document."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocrchat.document.model import IDENTITY, Box, Direction, Outline, Step, Transform

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, slots=True)
class PageImage:
    pixels: Pixels
    """Height × width for grey, height × width × 3 for RGB (in this channel order); contiguous."""
    dpi: float
    rotation: int = 0
    to_source: Transform = IDENTITY
    """As Page.to_source."""
    steps: tuple[Step, ...] = ()
    """What was done to the pixels since they were decoded."""

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """One line of text to be read."""

    box: Box
    outline: Outline = ()
    """Four corners in reading order of the text (top left, top right, bottom right, bottom left of the line as read);
    empty when the box says it all."""
    direction: Direction = "ltr"
    script: str = ""
    """ISO 15924, where something has looked."""
    confidence: float | None = None
