"""Lines cut out of the page and brought to the height the recognisers read: upright, left to right."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.image import Pixels, Region
from ocrchat.document.model import Box, Outline
from ocrchat.engines.fast.networks import LINE_HEIGHT, MIDDLE_ROWS

# Longer strips than this are cut off by memory, not by sense: 400 letters in a line.
MAX_WIDTH = 8192

# Of a line's ink, what may stand in the rows that are left out: the ends of a few letters, not those of a bent line.
_INK_IN_MARGINS = 0.02


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    pixels: Pixels
    """LINE_HEIGHT × width, grey."""
    corners: Outline
    """Of the line as read, on the page."""

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    def box(self, start: float, end: float) -> Box:
        """On the page, of the part between two columns of the strip."""
        first, last = start / self.width, end / self.width
        points = [
            _between(self.corners[edge[0]], self.corners[edge[1]], share)
            for edge in ((0, 1), (3, 2))
            for share in (first, last)
        ]
        return Box(
            min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)
        )


def _between(start: tuple[float, float], end: tuple[float, float], share: float) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def rows_of(pixels: Pixels) -> int:
    """As many of a line's middle rows as hold its letters."""
    darkness = pixels.mean(axis=1)
    darkness = darkness.max() - darkness
    margin = (LINE_HEIGHT - MIDDLE_ROWS) // 2
    outside = darkness[:margin].sum() + darkness[-margin:].sum()
    return MIDDLE_ROWS if outside <= _INK_IN_MARGINS * darkness.sum() else LINE_HEIGHT


def cut_strip(grey: Pixels, region: Region) -> Strip | None:
    """None where the region holds no pixel."""
    corners = region.outline or _corners_of_box(region)
    image = _warp(grey, corners) if region.outline else _slice(grey, region)
    height, width = image.shape
    if height == 0 or width == 0:
        return None
    size = min(MAX_WIDTH, max(8, round(width * LINE_HEIGHT / height))), LINE_HEIGHT
    pixels = cv2.resize(image, size, interpolation=cv2.INTER_AREA if height > LINE_HEIGHT else cv2.INTER_LINEAR)
    return Strip(pixels=pixels, corners=corners)


def _corners_of_box(region: Region) -> Outline:
    left, top, right, bottom = region.box
    if region.direction == "ttb":
        return (right, top), (right, bottom), (left, bottom), (left, top)
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _slice(grey: Pixels, region: Region) -> Pixels:
    left, top = max(0, math.floor(region.box.left)), max(0, math.floor(region.box.top))
    part = grey[top : max(top, math.ceil(region.box.bottom)), left : max(left, math.ceil(region.box.right))]
    return np.rot90(part) if region.direction == "ttb" else part


def _warp(grey: Pixels, corners: Outline) -> Pixels:
    width = round(max(math.dist(corners[0], corners[1]), math.dist(corners[3], corners[2])))
    height = round(max(math.dist(corners[0], corners[3]), math.dist(corners[1], corners[2])))
    if width < 1 or height < 1:
        return np.empty((0, 0), np.uint8)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    transform = cv2.getPerspectiveTransform(np.array(corners, np.float32), target)
    warped: npt.NDArray[np.uint8] = cv2.warpPerspective(
        grey, transform, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return warped
