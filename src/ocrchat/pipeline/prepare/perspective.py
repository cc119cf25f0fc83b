"""A sheet photographed aslant, laid flat.

Only a sheet that lies bright on something darker, seen with all four corners, is flattened: anything else (a scan, a
screen, part of a page) is left as it is. Looked at small, which takes a millisecond or two.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.geometry import compose, invert
from ocrchat.document.image import PageImage, Pixels
from ocrchat.document.model import Step, Transform
from ocrchat.engines.grey import shrunk

_SIDE = 400
_FRAME = 0.02
"""Of the picture's width: its rim, where a scan shows paper and a photograph what the sheet lies on."""

_DARKER = 0.75
"""Of the sheet's brightness: from here down a rim is something else."""

_RIM_SHARE = 0.3
"""Of the rim that must be darker: a sheet may touch one side of the picture."""

_SMALLEST = 0.2
"""Of the picture: a smaller sheet is one thing among several."""

_FITS = 0.9
"""Share of the four-cornered outline that the sheet fills, and of the sheet that it covers: torn or bent ones less."""

_THRESHOLDS = (0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.2)
"""Of what parts bright from dark best: a sheet may lie half in shadow, or on something almost as bright."""

_ASLANT = 1.2
"""Degrees by which sides that face each other differ: less than that, the eye does not see."""

_LARGEST = 1.5
"""Of the picture's sides: a sheet is not blown up beyond, as that adds no letter."""

Corners = npt.NDArray[np.float32]


def flattened(image: PageImage, grey: Pixels) -> PageImage:
    """The sheet alone, flat; the same object where none is seen aslant. `grey` is the image without its colours."""
    corners = find_sheet(grey)
    if corners is None or not _is_aslant(corners):
        return image
    top, right, bottom, left = (math.dist(corners[at], corners[(at + 1) % 4]) for at in range(4))
    width = min(round(max(top, bottom)), round(_LARGEST * image.width))
    height = min(round(max(left, right)), round(_LARGEST * image.height))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    pixels = cv2.warpPerspective(
        image.pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    there: Transform = tuple(matrix.ravel().tolist())
    where = " ".join(f"{x:.0f},{y:.0f}" for x, y in corners.tolist())
    return PageImage(
        pixels=np.ascontiguousarray(pixels, dtype=np.uint8),
        dpi=image.dpi,
        rotation=image.rotation,
        to_source=compose(invert(there), image.to_source),
        steps=(*image.steps, Step(name="perspective", engine="ocrchat", settings=(("corners", where),))),
    )


def find_sheet(grey: Pixels) -> Corners | None:
    """Its corners, clockwise from the top left, in pixels of the image."""
    height, width = grey.shape
    scale = _SIDE / max(width, height)
    if scale >= 1:
        return None
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = shrunk(grey, *size)
    if not _has_dark_rim(small):
        return None
    blurred = np.asarray(cv2.medianBlur(small, 7), dtype=np.uint8)
    middle, _ = cv2.threshold(blurred, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    found = [sheet for share in _THRESHOLDS if (sheet := _sheet(blurred, share * middle)) is not None]
    if not found:
        return None
    return _clockwise(max(found, key=lambda sheet: sheet[0])[1] / np.float32(scale))


def _sheet(blurred: Pixels, threshold: float) -> tuple[float, Corners] | None:
    """What is brighter, if it has four corners, and how well they fit."""
    _, bright = cv2.threshold(blurred, threshold, 255, cv2.THRESH_BINARY)
    # Lines of text and dark pictures on the sheet must not cut it up.
    bright = np.asarray(cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), dtype=np.uint8)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    corners = _four_corners(hull)
    if corners is None or cv2.contourArea(corners) < _SMALLEST * blurred.size or _touches(corners, blurred):
        return None
    fit = _fit(bright, corners, cv2.contourArea(hull))
    return (fit, corners) if fit >= _FITS else None


def _touches(corners: Corners, small: Pixels) -> bool:
    """Whether a corner lies on the picture's rim: then the sheet goes on beyond it, and where is not known."""
    height, width = small.shape
    margin = 2
    x, y = corners[:, 0], corners[:, 1]
    return bool(((x < margin) | (y < margin) | (x > width - 1 - margin) | (y > height - 1 - margin)).any())


def _has_dark_rim(small: Pixels) -> bool:
    depth = max(1, round(_FRAME * small.shape[1]))
    rim = np.concatenate(
        [small[:depth].ravel(), small[-depth:].ravel(), small[:, :depth].ravel(), small[:, -depth:].ravel()]
    )
    paper = float(np.percentile(small, 85))
    return float((rim < _DARKER * paper).mean()) >= _RIM_SHARE


def _four_corners(hull: npt.NDArray[np.int32]) -> Corners | None:
    around = cv2.arcLength(hull, True)
    for share in (0.02, 0.03, 0.04, 0.06, 0.08):
        outline = cv2.approxPolyDP(hull, share * around, True)
        if len(outline) == 4:
            return np.asarray(outline.reshape(4, 2), dtype=np.float32)
    return None


def _fit(bright: Pixels, corners: Corners, hull_area: float) -> float:
    """The lesser of two shares: of the four-cornered outline that is bright, and of the sheet that lies in it."""
    mask = np.zeros_like(bright)
    cv2.fillConvexPoly(mask, corners.astype(np.int32), (255,))
    filled = cv2.countNonZero(cv2.bitwise_and(mask, bright))
    return min(filled / max(1, cv2.countNonZero(mask)), filled / max(1.0, hull_area))


def _clockwise(corners: Corners) -> Corners:
    """From the top left, as the sheet lies in the picture: quarter turns are told by its text."""
    sums, differences = corners.sum(axis=1), corners[:, 1] - corners[:, 0]
    order = [int(sums.argmin()), int(differences.argmin()), int(sums.argmax()), int(differences.argmax())]
    if len(set(order)) == 4:
        return np.ascontiguousarray(corners[order])
    start = int(sums.argmin())
    return np.ascontiguousarray(np.roll(corners, -start, axis=0))


def _is_aslant(corners: Corners) -> bool:
    sides = [corners[(at + 1) % 4] - corners[at] for at in range(4)]
    angles = [math.degrees(math.atan2(float(side[1]), float(side[0]))) for side in sides]

    def differ(one: float, other: float) -> float:
        apart = abs(one - other + 180.0) % 180.0
        return min(apart, 180.0 - apart)

    return max(differ(angles[0], angles[2]), differ(angles[1], angles[3])) >= _ASLANT
