"""The back of a thin sheet, where it shows through between the lines of the front, lightened to the paper.

It is told from what else is weakly printed by three things together: it covers a good part of the paper around the
text; it runs into the letters of the front, which grey lines, captions and notes keep away from; and little is darker
than it without being as dark as the front. Worn and uneven type fails the last, pictures and shaded cells have no
strokes. The first look is at one pixel in some hundred, and most pages have no second.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.image import PageImage, Pixels
from ocrchat.document.model import Step
from ocrchat.engines.grey import shrunk

_GLANCE = 440
"""Pixels along the longer side of the first look, taken as they are: strokes stay as dark as they were."""

_SIDE = 1400
"""Of the second: print at 120 dpi, where strokes have two pixels and more."""

_CONTRAST = 80
"""Grey levels between paper and ink; nothing can be told of fainter pages."""

_INKED = 0.005
"""Of the pixels are ink on a page with text."""

_WEAK, _BETWEEN, _STRONG = 0.1, 0.5, 0.6
"""Of the contrast: grain is lighter than the first, the back is lighter than the second, the front's strokes are darker
than the third."""

_GLIMPSE = 0.045
"""Of all pixels must be weak for a second look; the edges of the letters of a clean page are half of that."""

_STEM = 6
"""Rows: strokes of letters stand as high, and not the dots of a screen, the dashes of a rule, or grain."""

_STEMS = 0.03
"""Of the paper between lines of text. A third of it was the most met on scans where nothing showed through. Within the
lines letters of the front may be as weak."""

_ACROSS = 75
"""Four pixels of the second look each: as much as may be weak in one line of the front."""

_SPREAD = 0.75
"""Of the parts of the page where something is written, at least half as many stems."""

_RULE, _RULED = 25, 0.25
"""Columns of a rule, and its share of what is weak on squared paper."""

_PAGE = 100_000
"""Pixels of such paper; on less, as on a clipping, too little can be told."""

_TOUCHING = 0.25
"""Of what is weak all over, right beside the front's letters; grey lines between black ones have a tenth."""

_REACH, _EDGE = 6, 1
"""Pixels of the second look: half of the widest stroke, and of the soft edge of one."""

_OVER = 0.04
"""As many pixels, for one that is weak, may be darker than the back and not the front's."""


Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tones:
    paper: int
    contrast: int
    weak: float
    """Share of pixels."""


def without_reverse(image: PageImage, grey: Pixels) -> PageImage:
    """The same object where nothing shows through. `grey` is the image without its colours."""
    # Photographs in poor light: what lies around the sheet, or grain, was given the contrast of print too.
    if any(step.name == "light" for step in image.steps):
        return image
    tones = _glance(grey)
    if tones.contrast < _CONTRAST or tones.weak < _GLIMPSE:
        return image
    scale = min(1.0, _SIDE / max(grey.shape))
    look = grey if scale == 1 else shrunk(grey, round(grey.shape[1] * scale), round(grey.shape[0] * scale))
    limit = _limit(look, tones)
    if limit is None:
        return image
    lifted = _lifted(grey, tones, limit, scale)
    if image.pixels.ndim == 3:
        more = cv2.subtract(lifted, grey)
        lifted = np.asarray(cv2.add(image.pixels, cv2.merge((more, more, more))), dtype=np.uint8)
    step = Step(name="show-through", engine="ocrchat")
    return replace(image, pixels=lifted, steps=(*image.steps, step))


def _glance(grey: Pixels) -> _Tones:
    every = max(1, max(grey.shape) // _GLANCE)
    some = np.ascontiguousarray(grey[every // 2 :: every, every // 2 :: every])
    counts = cv2.calcHist([some], [0], None, [256], [0, 256]).ravel()
    below = np.cumsum(counts) / max(1, some.size)
    paper = int(np.convolve(counts, np.ones(5), "same").argmax())
    contrast = paper - int(np.searchsorted(below, _INKED))
    if contrast <= 0:
        return _Tones(paper=paper, contrast=0, weak=0.0)
    weak = below[int(paper - 1.2 * _WEAK * contrast)] - below[int(paper - _BETWEEN * contrast)]
    return _Tones(paper=paper, contrast=contrast, weak=float(weak))


def _limit(grey: Pixels, tones: _Tones) -> float | None:
    """How dark the back is at the most, as a share of the contrast; None where none shows through."""
    depth = cv2.subtract(_behind(grey, 13), grey)
    strong = (grey < tones.paper - _STRONG * tones.contrast).astype(np.uint8)
    near = cv2.dilate(strong, np.ones((7, 7), np.uint8))
    around, lines = _text(near)
    free = (near == 0) & around
    weak = (depth > _WEAK * tones.contrast) & (depth < _BETWEEN * tones.contrast) & free
    gaps = free & ~lines
    if int(gaps.sum()) < _PAGE or not _all_over(weak, gaps):
        return None
    many, paper = int(weak.sum()), int(free.sum())
    beside = (cv2.dilate(near, np.ones((3, 3), np.uint8)) > 0) & free
    touching = int(weak[beside].sum()) / max(1, int(beside.sum()))
    over = int((depth[free] >= 0.9 * _BETWEEN * tones.contrast).sum())
    if touching < _TOUCHING * many / paper or over > _OVER * many:
        return None
    return float(np.percentile(depth[weak], 99)) / tones.contrast


def _all_over(weak: Mask, gaps: Mask) -> bool:
    """Letters' stems between the lines, and not in one place only, as a picture's are; nor squared paper."""
    marks = weak.astype(np.uint8)
    stems = cv2.morphologyEx(marks, cv2.MORPH_OPEN, np.ones((_STEM, 1), np.uint8)) * gaps
    rules = cv2.morphologyEx(marks, cv2.MORPH_OPEN, np.ones((1, _RULE), np.uint8))
    found, there = (cv2.resize(one.astype(np.float32), (4, 4), interpolation=cv2.INTER_AREA) for one in (stems, gaps))
    written = there > 0.1
    spread = (found > 0.5 * _STEMS * there)[written]
    if int(rules.sum()) > _RULED * int(marks.sum()):
        return False
    return bool(found.sum() >= _STEMS * there.sum() and spread.size > 0 and spread.mean() >= _SPREAD)


def _text(near: Pixels) -> tuple[Mask, Mask]:
    """Where text stands, with the gaps between its lines; and the lines alone, from end to end."""
    size = (near.shape[1], near.shape[0])
    small = cv2.resize(near, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_NEAREST)
    words = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    around = cv2.dilate(words, np.ones((9, 1), np.uint8))
    lines = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((1, _ACROSS), np.uint8))
    around, lines = (cv2.resize(one, size, interpolation=cv2.INTER_NEAREST) for one in (around, lines))
    return around > 0, lines > 0


def _behind(grey: Pixels, reach: int) -> Pixels:
    """The paper behind strokes; what is wider than `reach` stays as it is."""
    smooth = cv2.blur(grey, (3, 3))
    closed = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    return np.asarray(cv2.blur(closed, (9, 9)), dtype=np.uint8)


def _lifted(grey: Pixels, tones: _Tones, limit: float, scale: float) -> Pixels:
    depth = cv2.subtract(_behind(grey, 2 * round(_REACH / scale) + 1), grey)
    low, high = (limit + 0.02) * tones.contrast, (limit + 0.1) * tones.contrast
    level = np.arange(256, dtype=np.float32)
    # By how much each depth is lifted: all of it up to the back's, none from a little above.
    lift = np.clip(level * np.clip((high - level) / (high - low), 0, 1), 0, 255).astype(np.uint8)
    lighter = cv2.add(grey, cv2.LUT(depth, lift))
    # The edges of the front's strokes are no darker than the back: beside what is dark they stay. Darker grains of the
    # back are not the front, which has something strong close by.
    strong = grey < tones.paper - _STRONG * tones.contrast
    front = ((depth > high) | (grey < tones.paper - high)) & _grown(strong, _REACH / scale)
    return np.asarray(np.where(_grown(front, _EDGE / scale), grey, lighter), dtype=np.uint8)


def _grown(mask: Mask, by: float) -> Mask:
    side = 2 * max(1, round(by)) + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0, dtype=np.bool_)
