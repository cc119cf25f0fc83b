"""Rules on a scanned page, by their pixels: what is thin one way, long the other, and darker than its surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.image import PageImage, Pixels
from ocrchat.document.model import Box, Line
from ocrchat.document.rules import Rules
from ocrchat.engines.grey import grey_of

Boxes = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_LONG_SIDE = 1400
"""Pages are looked at with half their pixels while that keeps more than this: a hair line stays a grey pixel wide."""

_THICKEST = 9
"""Pixels of what is looked at."""

_CONTRAST = 24
"""Between a rule and the paper on both its sides; a hair line at half its resolution has 40 at least."""

_SHORTEST = 24
"""Pixels along the page: the bars of large letters are shorter, the side of a table's lowest row is not."""

_GAP, _GAP_DOWN = 3, 5
_TALL_LINES = 20.0
"""Pixels that a rule may be broken for, as where another one crosses it. Letters of one line stand nearer than that;
letters of two lines do only where lines are less than this high."""

_EDGE = 0.1
"""Of a line's height: an underline lies lower, a table's rule at least at the edge."""

_THROUGH = 0.35
"""Share of an upright rule's length in words from which it is letters."""

_WELL_INSIDE = 0.25
"""Of a word's height, off its ends: words' boxes touch the rules beside them."""

_MOST = 2000
"""Rules beyond which the page is a drawing or a photograph."""


def pixel_rules(page: PageImage, lines: Sequence[Line]) -> Rules:
    """`lines` are those of the page: the strokes of small letters run into each other, and are no rules."""
    grey = grey_of(page)
    scale = 1
    while max(grey.shape) > _LONG_SIDE * scale * 1.4:
        scale += 1
    if scale > 1:
        size = (max(1, grey.shape[1] // scale), max(1, grey.shape[0] // scale))
        # Whole blocks of pixels: a mean over odd parts of them takes thirty times as long.
        grey = grey[: scale * size[1], : scale * size[0]]
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    x = y = float(scale)
    tall = bool(lines) and median(line.box.height for line in lines) / y >= _TALL_LINES
    across = _runs(grey, upright=False, gap=_GAP)
    down = _runs(grey, upright=True, gap=_GAP_DOWN if tall else _GAP)
    if len(across) + len(down) > _MOST:
        return Rules()
    rows = np.array([line.box for line in lines], np.float64).reshape(-1, 4)
    words = np.array([word.box for line in lines for word in line.words], np.float64).reshape(-1, 4)
    stretch = np.array([x, y, x, y])
    across, down = across * stretch, down * stretch
    return Rules(
        _boxes(across[~_are_in_lines(across, rows, upright=False)]),
        _boxes(down[~_are_in_lines(down, rows, upright=True) & ~_go_through(down, words)]),
    )


def _boxes(rules: Boxes) -> tuple[Box, ...]:
    return tuple(map(Box._make, rules.tolist()))


def _are_in_lines(rules: Boxes, lines: Boxes, *, upright: bool) -> Flags:
    """Whether all of a rule lies where letters do, off the line's upper and lower edge."""
    left, top, right, bottom = lines.T
    edge = _EDGE * (bottom - top)
    rule_left, rule_top, rule_right, rule_bottom = rules.T[:, :, None]
    inside = (rule_left >= left - edge) & (rule_right <= right + edge)
    if upright:
        inside &= (rule_top > top - edge) & (rule_bottom < bottom + edge)
    else:
        middle = (rule_top + rule_bottom) / 2
        inside &= (middle > top + edge) & (middle < bottom - edge)
    return np.asarray(inside.any(axis=1))


def _go_through(rules: Boxes, words: Boxes) -> Flags:
    """Whether much of an upright rule lies within words: where lines stand close, letters of several join to one."""
    left, top, right, bottom = words.T
    rule_left, rule_top, rule_right, rule_bottom = rules.T[:, :, None]
    x = (rule_left + rule_right) / 2
    margin = _WELL_INSIDE * (bottom - top)
    inside = (x > left + margin) & (x < right - margin)
    shared = (np.minimum(rule_bottom, bottom) - np.maximum(rule_top, top)).clip(0) * inside
    return np.asarray(shared.sum(axis=1) > _THROUGH * (rules[:, 3] - rules[:, 1]))


def _runs(grey: Pixels, *, upright: bool, gap: int) -> Boxes:
    """Long thin dark pieces, in pixels of this picture."""
    across = (_THICKEST, 1) if upright else (1, _THICKEST)
    along = (1, _SHORTEST) if upright else (_SHORTEST, 1)
    # The paper without anything thin on it, less what is there.
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones(across[::-1], np.uint8))
    dark = cv2.compare(cv2.subtract(paper, grey), _CONTRAST, cv2.CMP_GT)
    dark = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((gap, 1) if upright else (1, gap), np.uint8))
    long = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(along[::-1], np.uint8))
    if not long.any():
        return np.zeros((0, 4))
    # A rule that runs a little aslant is one in steps of a pixel.
    outlines, _ = cv2.findContours(long, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = np.array([cv2.boundingRect(outline) for outline in outlines], np.float64)
    thin = found[found[:, 2 if upright else 3] <= _THICKEST]
    return np.column_stack([thin[:, 0], thin[:, 1], thin[:, 0] + thin[:, 2], thin[:, 1] + thin[:, 3]])
