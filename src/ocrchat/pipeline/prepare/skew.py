"""By how many degrees the rows of a page are off the level, and the page turned back.

Rows of text end at the foot of their letters: looked at along the right angle, these feet fall together. They are
counted at low resolution, which takes a few milliseconds, for all angles up to MOST.
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

MOST = 10.0
"""Degrees. Beyond, photographs and drawings fit as well as text."""

LEAST = 0.25
"""Degrees below which a page is left alone: its rows drift by less than their own height."""

_BENT = 1.5
"""Degrees between the halves of a page; a flat one measures alike to half a degree."""

_SIDE = 1200
"""Of the picture looked at: a tenth of a degree moves the end of a row by more than a pixel."""

_COARSE, _FINE = 0.5, 0.05
_COARSELY = 4
"""Every so many feet do for the first look."""

_FEWEST = 400
"""Feet of letters; fewer are no text to go by."""

_STRIP = 4.0
"""Of its height; what is wider is a line or two cut out of a page: they have too few feet to go by, and the finder
follows a line that leans."""

_PARTS = 4
"""Over twice the longest side: a portrait page falls into four of them, each about a column wide."""

_MOST_FEET = 40_000
_CLEAR = 1.25
"""By how much the best angle must stand out over the middle of all."""

_BLOCK, _CONTRAST = 25, 12

Feet = tuple[npt.NDArray[np.float32], ...]
"""Their x and y."""


def find_skew(grey: Pixels) -> float:
    """Degrees clockwise by which rows fall towards their right end; 0 where nothing tells."""
    feet = _feet(grey)
    if feet is None:
        return 0.0
    angles = np.arange(-MOST, MOST + _COARSE / 2, _COARSE)
    some = tuple(part[::_COARSELY] for part in feet)
    scores = np.array([_score(some, angle) for angle in angles.tolist()])
    best = int(scores.argmax())
    if scores[best] < _CLEAR * float(np.median(scores)) or best in (0, len(angles) - 1):
        return 0.0
    near = np.arange(angles[best] - _COARSE, angles[best] + _COARSE + _FINE / 2, _FINE)
    fine = np.array([_score(feet, angle) for angle in near.tolist()])
    # The peak is a pixel wide: the middle of what comes near it is steadier than its highest point.
    high = near[fine >= fine.max() - 0.1 * (fine.max() - fine.min())]
    return float(high.mean())


def levelled(image: PageImage, grey: Pixels) -> PageImage:
    """The page turned so that its rows are level; the same object where they are. `grey` is the image without its
    colours."""
    degrees = find_skew(grey)
    if abs(degrees) < LEAST or _is_bent(grey):
        return image
    width, height, turn = _turning(image.width, image.height, degrees)
    pixels = cv2.warpAffine(
        image.pixels,
        np.array(turn[:6], dtype=np.float64).reshape(2, 3),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_border_colour(image.pixels),
    )
    step = Step(name="deskew", engine="ocrchat", settings=(("degrees", f"{degrees:.2f}"),))
    return PageImage(
        pixels=np.ascontiguousarray(pixels, dtype=np.uint8),
        dpi=image.dpi,
        rotation=image.rotation,
        to_source=compose(invert(turn), image.to_source),
        steps=(*image.steps, step),
    )


def _is_bent(grey: Pixels) -> bool:
    """Whether the halves of a page lean different ways: then levelling one would tilt the other."""
    middle = grey.shape[0] // 2
    upper, lower = find_skew(grey[:middle]), find_skew(grey[middle:])
    return bool(upper and lower) and abs(upper - lower) > _BENT


def _turning(width: int, height: int, degrees: float) -> tuple[int, int, Transform]:
    """The size that holds the whole turned page, and the way there."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    new_width = math.ceil(width * abs(cosine) + height * abs(sine))
    new_height = math.ceil(width * abs(sine) + height * abs(cosine))
    x = new_width / 2 - (cosine * width / 2 + sine * height / 2)
    y = new_height / 2 - (-sine * width / 2 + cosine * height / 2)
    return new_width, new_height, (cosine, sine, x, -sine, cosine, y, 0.0, 0.0, 1.0)


def _border_colour(pixels: Pixels) -> tuple[float, ...]:
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return tuple(np.atleast_1d(np.median(edge, axis=0)).astype(float).tolist())


def _feet(grey: Pixels) -> Feet | None:
    """Where dark meets light below it, about the middle of the page."""
    height, width = grey.shape
    scale = _SIDE / max(height, width)
    if scale < 1:
        grey = shrunk(grey, max(1, round(width * scale)), max(1, round(height * scale)))
    if min(grey.shape) <= _BLOCK or grey.shape[1] > _STRIP * grey.shape[0]:
        return None
    dark = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _BLOCK, _CONTRAST)
    # Speckle and the grain of photographs have feet all over: letters are more than two pixels wide.
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, 2), np.uint8))
    y, x = np.nonzero((dark[:-1] == 1) & (dark[1:] == 0))
    if len(x) < _FEWEST:
        return None
    if len(x) > _MOST_FEET:
        kept = np.random.default_rng(0).choice(len(x), _MOST_FEET, replace=False)
        x, y = x[kept], y[kept]
    return (x - grey.shape[1] / 2).astype(np.float32), y.astype(np.float32)


def _score(feet: Feet, degrees: float) -> float:
    """Each part of the width by itself: rows of two columns that meet at a wrong angle must not count."""
    x, y = feet
    rows = (y - x * np.float32(math.tan(math.radians(degrees))) + np.float32(_SIDE)).astype(np.int32)
    part = ((x + np.float32(_SIDE)) * np.float32(_PARTS / (2 * _SIDE))).astype(np.int32)
    counts = np.bincount(part * (3 * _SIDE) + rows, minlength=3 * _SIDE * _PARTS).astype(np.float64)
    return float((np.diff(counts) ** 2).sum())
