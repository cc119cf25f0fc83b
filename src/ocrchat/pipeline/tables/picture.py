"""What else there is to see where a table may be: a chart's words stand in rows and columns too, among its bars."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

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
        scale = self._scale
        left, top = max(0, int(box.left * scale)), max(0, int(box.top * scale))
        part = self._rest[top : int(box.bottom * scale) + 1, left : int(box.right * scale) + 1]
        return bool(np.count_nonzero(part) > _DRAWN * max(1, part.size))

    @cached_property
    def _scale(self) -> float:
        return min(1.0, _LONG_SIDE / max(self._page.width, self._page.height))

    @cached_property
    def _rest(self) -> npt.NDArray[np.uint8]:
        """Contrast that is neither words nor rules."""
        pixels = self._page.pixels
        small = cv2.resize(pixels, None, fx=self._scale, fy=self._scale, interpolation=cv2.INTER_AREA)
        grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
        kernel = np.ones((3, 3), np.uint8)
        contrast = cv2.subtract(cv2.dilate(grey, kernel), cv2.erode(grey, kernel))
        mask = cv2.compare(contrast, _CONTRAST, cv2.CMP_GT)
        for line in self._lines:
            self._clear(mask, line.box, 0.15 * line.box.height)
        for rule in (*self._rules.across, *self._rules.down):
            self._clear(mask, rule, 3.0 / self._scale)
        return np.asarray(mask, dtype=np.uint8)

    def _clear(self, mask: npt.NDArray[np.uint8], box: Box, margin: float) -> None:
        scale = self._scale
        top, bottom = max(0, int((box.top - margin) * scale)), max(0, int((box.bottom + margin) * scale) + 1)
        left, right = max(0, int((box.left - margin) * scale)), max(0, int((box.right + margin) * scale) + 1)
        mask[top:bottom, left:right] = 0
