"""Shadows lifted, and faint or dark pages brought to the contrast of print.

The paper's own brightness is told from a small picture, from which what is dark and small is taken away. A page on
which it is much the same all over, bright, and whose ink is dark is left alone, which costs a millisecond.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.image import PageImage, Pixels
from ocrchat.document.model import Step
from ocrchat.engines.grey import shrunk

_SIDE = 160
"""Of the small picture: its pixels are larger than the strokes of letters."""

_REACH = 17
"""Pixels of it in which somewhere the paper shows."""

_UNEVEN = 0.65
"""By how much of itself the paper's brightness may vary under text: the readers see through lighter shadows, and
lifting them adds grain."""

_SHEET = 0.2
"""Of the brightest paper: what is darker is no part of the sheet, or too dark to be read."""

_INKED = 0.95
"""Of the paper's brightness: where a few strokes of letters darken a pixel of the small picture."""

_DARK = 60.0
"""Paper darker than that is under-exposed."""

_FAINT = 90.0
"""Grey levels between paper and ink below which a page is faint; print has 150 and more."""

_INK_SHARE = 0.2
"""Per cent of pixels that are ink on any page with text."""

_BRIGHT_SHARE = 60.0

_PAPER, _BLACK = 235.0, 40.0


def lit(image: PageImage, grey: Pixels) -> PageImage:
    """The same object where the light is good. `grey` is the image without its colours."""
    paper, has_ink = _paper(grey)
    if not has_ink.any():
        return image
    # What a sheet lies on is darker than any shadow on it: only where something is written counts.
    high = float(np.percentile(paper[has_ink], 95))
    sheet = paper[has_ink & (paper >= _SHEET * high)]
    low, middle = (float(value) for value in np.percentile(sheet, (10, 50)))
    uneven = high > 0 and (high - low) / high > _UNEVEN
    # White on black is read as it is: there the "paper" is the letters.
    if middle <= 0:
        return image
    flat = _flat(grey, paper) if uneven or middle < _DARK else grey
    ink, bright = _levels(flat, (_INK_SHARE, _BRIGHT_SHARE))
    faint = 8 < bright - ink < _FAINT
    if faint:
        flat = _stretched(flat, ink, bright)
    if flat is grey:
        return image
    reasons = [name for name, found in (("shadow", uneven), ("dark", middle < _DARK), ("faint", faint)) if found]
    step = Step(name="light", engine="ocrchat", settings=(("for", "+".join(reasons)),))
    return replace(image, pixels=flat, steps=(*image.steps, step))


def _paper(grey: Pixels) -> tuple[Pixels, npt.NDArray[np.bool_]]:
    """The brightness of the paper behind each place, small; and where something darker stands on it."""
    scale = _SIDE / max(grey.shape)
    size = max(8, round(grey.shape[1] * scale)), max(8, round(grey.shape[0] * scale))
    small = shrunk(grey, *size, last=4)
    # Closing takes what is dark and small away, and leaves the edge of a shadow where it is.
    bright = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_REACH, _REACH), np.uint8)), 5)
    near = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 5)
    has_ink: npt.NDArray[np.bool_] = small < _INKED * near
    return np.asarray(bright, dtype=np.uint8), has_ink


def _levels(grey: Pixels, shares: tuple[float, float]) -> tuple[float, float]:
    """So many per cent of the pixels are as dark as the first of these, or as the second."""
    counts = cv2.calcHist([np.ascontiguousarray(grey[::2, ::2])], [0], None, [256], [0, 256])
    below = 100.0 * np.cumsum(counts) / max(1.0, float(counts.sum()))
    first, second = np.searchsorted(below, shares)
    return float(first), float(second)


def _flat(grey: Pixels, paper: Pixels) -> Pixels:
    """As if the paper were equally bright everywhere."""
    height, width = grey.shape
    behind = cv2.resize(cv2.GaussianBlur(paper, (0, 0), 1.5), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(behind, 1), scale=_PAPER), dtype=np.uint8)


def _stretched(grey: Pixels, ink: float, bright: float) -> Pixels:
    gain = (_PAPER - _BLACK) / (bright - ink)
    table = np.clip((np.arange(256) - ink) * gain + _BLACK, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(grey, table), dtype=np.uint8)
