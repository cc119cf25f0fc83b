"""A PDF page's two coordinate systems: user space (points, y upwards) and pixels of the page as displayed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocrchat.document.model import Transform

POINTS_PER_INCH = 72.0


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """`rotation` is clockwise, a multiple of 90; the box is what of user space is displayed."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    @property
    def size_points(self) -> tuple[float, float]:
        """Width and height as displayed."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.rotation % 180 else (width, height)

    def to_source(self, width: int, height: int) -> Transform:
        """Pixels of an upright picture of this size → user space."""
        points_wide, points_high = self.size_points
        x, y = points_wide / width, points_high / height
        match self.rotation:
            case 90:
                return (0.0, y, self.left, x, 0.0, self.bottom, 0.0, 0.0, 1.0)
            case 180:
                return (-x, 0.0, self.right, 0.0, y, self.bottom, 0.0, 0.0, 1.0)
            case 270:
                return (0.0, -y, self.right, -x, 0.0, self.top, 0.0, 0.0, 1.0)
            case _:
                return (x, 0.0, self.left, 0.0, -y, self.top, 0.0, 0.0, 1.0)

    def to_pixels(self, boxes: npt.NDArray[np.float64], dpi: float) -> npt.NDArray[np.float64]:
        """Rows of left, bottom, right, top in user space → left, top, right, bottom in pixels."""
        scale = dpi / POINTS_PER_INCH
        left, bottom, right, top = boxes.T
        match self.rotation:
            case 90:
                columns = (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
            case 180:
                columns = (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
            case 270:
                columns = (self.top - top, self.right - right, self.top - bottom, self.right - left)
            case _:
                columns = (left - self.left, self.top - top, right - self.left, self.top - bottom)
        return np.column_stack(columns) * scale

    def point_to_pixels(self, x: float, y: float, dpi: float) -> tuple[float, float]:
        scale = dpi / POINTS_PER_INCH
        match self.rotation:
            case 90:
                return (y - self.bottom) * scale, (x - self.left) * scale
            case 180:
                return (self.right - x) * scale, (y - self.bottom) * scale
            case 270:
                return (self.top - y) * scale, (self.right - x) * scale
            case _:
                return (x - self.left) * scale, (self.top - y) * scale
