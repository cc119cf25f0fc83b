"""Shadows lifted, and faint or dark pages brought to the contrast of print.

The paper's own brightness is told from a small picture (the brightest of each neighbourhood); a page on which it is the
same all over, bright, and whose ink is dark is left alone, which costs a millisecond.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocrchat.document.image import PageImage, Pixels
from ocrchat.document.model import Step

_SIDE = 160
"""Of the small picture: its pixels are larger than the strokes of letters."""

_REACH = 17
"""Pixels of it in which somewhere the paper shows."""

_UNEVEN = 0.3
"""By how much of itself the paper's brightness may vary: more is a shadow."""

_DARK = 140.0
"""Paper darker than that is under-exposed."""

_FAINT = 90.0
"""Grey levels between paper and ink below which a page is faint; print has 150 and more."""

_INK_SHARE = 0.5
"""Per cent of pixels that are ink on any page with text."""

_PAPER, _BLACK = 235.0, 40.0


def lit(image: PageImage, grey: Pixels) -> PageImage:
    """The same object where the light is good. `grey` is the image without its colours."""
    paper = _paper(grey)
    low, middle, high = (float(value) for value in np.percentile(paper, (10, 50, 90)))
    uneven = high > 0 and (high - low) / high > _UNEVEN
    # White on black is read as it is: there the "paper" is the letters.
    if middle <= 0:
        return image
    flat = _flat(grey, paper) if uneven or middle < _DARK else grey
    ink = float(np.percentile(flat[::2, ::2], _INK_SHARE))
    bright = float(np.percentile(flat[::2, ::2], 60))
    faint = 8 < bright - ink < _FAINT
    if faint:
        flat = _stretched(flat, ink, bright)
    if flat is grey:
        return image
    reasons = [name for name, found in (("shadow", uneven), ("dark", middle < _DARK), ("faint", faint)) if found]
    step = Step(name="light", engine="ocrchat", settings=(("for", "+".join(reasons)),))
    return replace(image, pixels=flat, steps=(*image.steps, step))


def _paper(grey: Pixels) -> Pixels:
    """The brightness of the paper behind each place, small."""
    scale = _SIDE / max(grey.shape)
    size = max(8, round(grey.shape[1] * scale)), max(8, round(grey.shape[0] * scale))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    bright = cv2.dilate(small, np.ones((_REACH, _REACH), np.uint8))
    return np.asarray(cv2.medianBlur(bright, 9), dtype=np.uint8)


def _flat(grey: Pixels, paper: Pixels) -> Pixels:
    """As if the paper were equally bright everywhere."""
    height, width = grey.shape
    behind = cv2.resize(cv2.GaussianBlur(paper, (0, 0), 3), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(behind, 1), scale=_PAPER), dtype=np.uint8)


def _stretched(grey: Pixels, ink: float, bright: float) -> Pixels:
    gain = (_PAPER - _BLACK) / (bright - ink)
    table = np.clip((np.arange(256) - ink) * gain + _BLACK, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(grey, table), dtype=np.uint8)
