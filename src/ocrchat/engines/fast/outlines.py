"""From the detector's map to the outlines of lines: components, their tightest rectangles, grown to whole letters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.image import Region
from ocrchat.document.model import Box, Direction

Map = npt.NDArray[np.float32]

# The detector's own training: a pixel counts from this likelihood on; it marks lines shrunk, and growing the rectangle
# by area × ratio ÷ perimeter on every side gives the letters back.
PIXEL_THRESHOLD = 0.3
GROWTH = 1.6

# Below this mean likelihood a component is texture, not text.
LINE_THRESHOLD = 0.5

# Components thinner than this in the map are specks: letters of so few pixels cannot be read.
MIN_SIDE = 3.0

# A line whose ends differ in height by less than this share of its height is read as well from an upright box.
LEVEL_SHARE = 0.12

# From this ratio of height to width on a line is written downwards, or stands on its side.
TALL_RATIO = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Of a map on its page: where it begins, in its own pixels, and how many of the page's one of them is."""

    left: int = 0
    top: int = 0
    scale_x: float
    scale_y: float


def regions_from_map(odds: Map, place: Place, *, width: int, height: int) -> list[Region]:
    """`odds`: logarithms of those of text at each pixel of the map. Lines in pixels of the page, which is `width` ×
    `height`; top to bottom."""
    origin = np.array((place.left, place.top), np.float64)
    regions = [
        _region((corners + origin) * (place.scale_x, place.scale_y), score, width=width, height=height)
        for corners, score in _rectangles(odds)
    ]
    return sorted((region for region in regions if region.box.width >= 1 and region.box.height >= 1), key=_top_left)


def _top_left(region: Region) -> tuple[float, float]:
    return region.box.top, region.box.left


def _rectangles(odds: Map) -> Iterator[tuple[npt.NDArray[np.float64], float]]:
    marked = (odds > math.log(PIXEL_THRESHOLD / (1 - PIXEL_THRESHOLD))).view(np.uint8)
    contours, _ = cv2.findContours(marked, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        center, (side_a, side_b), angle = cv2.minAreaRect(contour)
        if min(side_a, side_b) + 1 < MIN_SIDE:
            continue
        score = _mean_inside(odds, contour)
        if score < LINE_THRESHOLD:
            continue
        # minAreaRect goes through the centres of the border pixels: half a pixel is missing on every side.
        side_a, side_b = side_a + 1, side_b + 1
        growth = side_a * side_b * GROWTH / (side_a + side_b)
        corners = cv2.boxPoints((center, (side_a + growth, side_b + growth), angle)).astype(np.float64)
        yield corners + 0.5, score


def _mean_inside(odds: Map, contour: npt.NDArray[np.int32]) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - (left, top)], (1,))
    # Likelihoods are worked out only where lines are: for the whole map they cost a tenth of the detector's time.
    likelihood = 1.0 / (1.0 + np.exp(-odds[top : top + height, left : left + width]))
    return float(cv2.mean(likelihood, mask)[0])


def _region(corners: npt.NDArray[np.float64], score: float, *, width: int, height: int) -> Region:
    corners = _in_reading_order(corners)
    corners[:, 0] = corners[:, 0].clip(0, width)
    corners[:, 1] = corners[:, 1].clip(0, height)
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    along = math.dist(corners[0], corners[1])
    across = math.dist(corners[0], corners[3])
    direction: Direction = "ltr"
    if across >= along * TALL_RATIO:
        # As read, such a line begins at its top and its "top" edge is the right one.
        direction = "ttb"
        corners = np.roll(corners, -1, axis=0)
    drift = corners[1] - corners[0]
    level = min(abs(drift)) <= LEVEL_SHARE * min(along, across)
    return Region(
        box=Box(float(left), float(top), float(right), float(bottom)),
        outline=() if level else tuple((float(x), float(y)) for x, y in corners),
        direction=direction,
        confidence=score,
    )


def _in_reading_order(corners: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Top left, top right, bottom right, bottom left of a rectangle turned by less than 45°."""
    sums, differences = corners.sum(axis=1), corners[:, 1] - corners[:, 0]
    order = [int(sums.argmin()), int(differences.argmin()), int(sums.argmax()), int(differences.argmax())]
    if len(set(order)) == 4:
        return corners[order]
    # A square on its corner: begin with the leftmost of the two top corners.
    top = int(np.lexsort((corners[:, 0], corners[:, 1]))[0])
    return np.roll(corners, -top, axis=0)
