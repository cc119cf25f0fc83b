"""What else there is to see where a table may be: a chart's words stand in rows and columns too, among its bars."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.image import PageImage
from ocrchat.document.model import Box, Line
from ocrchat.document.rules import Rules

_LONG_SIDE = 900
"""Pixels in which this is looked at: bars and curves are still plain to see."""

_CONTRAST = 56
"""Above that of shaded rows and of the paper's grain."""

_DRAWN = 0.05
"""Share of the area with contrast that neither words nor rules account for."""


class Picture:
    def __init__(self, page: PageImage, lines: Sequence[Line], rules: Rules) -> None:
        self._page = page
        self._lines = lines
        self._rules = rules

    def is_drawn(self, box: Box) -> bool:
        """Whether there is much there besides words and rules."""
        left, top = max(0, int(box.left)), max(0, int(box.top))
        part = self._page.pixels[top : int(box.bottom) + 1, left : int(box.right) + 1]
        step = max(1, round(max(self._page.width, self._page.height) / _LONG_SIDE))
        size = (part.shape[1] // step, part.shape[0] // step) if part.size else (0, 0)
        if not all(size):
            return False
        small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        mask = _contrast(small)
        for line in self._lines:
            _clear(mask, line.box, 0.15 * line.box.height, (left, top), step)
        for rule in (*self._rules.across, *self._rules.down):
            _clear(mask, rule, 3.0 * step, (left, top), step)
        return bool(np.count_nonzero(mask) > _DRAWN * mask.size)


def _contrast(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    kernel = np.ones((3, 3), np.uint8)
    contrast = cv2.subtract(cv2.dilate(grey, kernel), cv2.erode(grey, kernel))
    return np.asarray(cv2.compare(contrast, _CONTRAST, cv2.CMP_GT), dtype=np.uint8)


def _clear(mask: npt.NDArray[np.uint8], box: Box, margin: float, origin: tuple[int, int], step: int) -> None:
    left, right = (box.left - margin - origin[0]) / step, (box.right + margin - origin[0]) / step
    top, bottom = (box.top - margin - origin[1]) / step, (box.bottom + margin - origin[1]) / step
    mask[max(0, int(top)) : max(0, int(bottom) + 1), max(0, int(left)) : max(0, int(right) + 1)] = 0
