"""Lines cut out of a page at their own size, upright, and the way back of what is found in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from ocrchat.document.geometry import clip
from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.document.model import Box, Outline


@dataclass(frozen=True, kw_only=True, slots=True)
class Crop:
    pixels: Pixels
    corners: Outline
    """Of the crop on the page: top left, top right, bottom right, bottom left of the line as read."""

    def on_page(self, box: Box, page: PageImage) -> Box:
        height, width = self.pixels.shape
        points = [
            self._point(x / width, y / height)
            for x, y in ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
        ]
        columns, rows = [x for x, _ in points], [y for _, y in points]
        return clip(Box(min(columns), min(rows), max(columns), max(rows)), width=page.width, height=page.height)

    def _point(self, along: float, down: float) -> tuple[float, float]:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.corners
        top = ax + (bx - ax) * along, ay + (by - ay) * along
        bottom = dx + (cx - dx) * along, dy + (cy - dy) * along
        return top[0] + (bottom[0] - top[0]) * down, top[1] + (bottom[1] - top[1]) * down


def cut(grey: Pixels, region: Region) -> Crop | None:
    """None where the region holds no pixel."""
    if region.outline:
        return _cut_outline(grey, region.outline)
    left, top = max(0, math.floor(region.box.left)), max(0, math.floor(region.box.top))
    right, bottom = min(grey.shape[1], math.ceil(region.box.right)), min(grey.shape[0], math.ceil(region.box.bottom))
    if right <= left or bottom <= top:
        return None
    part = grey[top:bottom, left:right]
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    if region.direction == "ttb":
        part, corners = np.rot90(part), (corners[1], corners[2], corners[3], corners[0])
    return Crop(pixels=np.ascontiguousarray(part), corners=corners)


def _cut_outline(grey: Pixels, outline: Outline) -> Crop | None:
    width = round(max(math.dist(outline[0], outline[1]), math.dist(outline[3], outline[2])))
    height = round(max(math.dist(outline[0], outline[3]), math.dist(outline[1], outline[2])))
    if width < 1 or height < 1:
        return None
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    transform = cv2.getPerspectiveTransform(np.array(outline, np.float32), target)
    pixels = cv2.warpPerspective(grey, transform, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return Crop(pixels=np.asarray(pixels, dtype=np.uint8), corners=outline)
