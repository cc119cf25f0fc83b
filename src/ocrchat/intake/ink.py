"""What is to be seen on a page, at low resolution: does text stand on ink, and what ink does no text stand on?

Ink is local contrast, so that white letters on a dark field are ink and the field itself is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocrchat.document.geometry import scale, union
from ocrchat.document.model import Box

INK_DPI = 50.0
"""Eight-point letters are 4 pixels high: seen, but not worth a page's time. Sizes below are pixels at this."""

_SEEN = 4
"""Contrast from which a word counts as visible: the lightest grey that print uses."""

_INK = 32
"""Contrast of what may be text of its own: above the grain of paper and of compressed pictures."""

_RULE_LENGTH = 25
_RULE_THICKNESS = 5
"""A hair line is 3 pixels of contrast; 5 leaves room for rules of two points."""

_SPECK = 6
"""Dots, bullets and ticks, with their rim of contrast; letters join to words before they are this small."""

_THINNEST_PICTURE = 5
_SMALLEST_PICTURE = 18
_SMALLEST_ICON = 30
"""A picture may hold a word from 7 × 26 points on; a square one that is smaller than 43 is an icon."""

_MOSTLY = 0.5
"""Share of a picture's ink under lines from which it counts as read."""

_DENSE = 0.3
"""Share of its box that a word's contrast fills; a curve or a polygon's outline fills less."""

_TALLEST_LETTERS = 60
_SHORTEST_WORD = 12
"""Alone, less is a bullet or an icon."""

_MANY = 40
"""Areas beyond which they are handed on as one."""

Mask = npt.NDArray[np.uint8]
Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ink:
    """`scale` takes the boxes' pixels (of the layer) to ours."""

    contrast: Mask
    scale: float

    @property
    def is_blank(self) -> bool:
        return int(self.contrast.max(initial=0)) <= _SEEN

    def has_ink(self, boxes: Boxes) -> npt.NDArray[np.bool_]:
        """For each box (rows of left, top, right, bottom) whether anything can be seen in it."""
        height, width = self.contrast.shape
        seen = (self.contrast > _SEEN).astype(np.uint8)
        sums = cv2.integral(seen)
        scaled = boxes * self.scale
        left, top = np.floor(scaled[:, 0]).astype(int), np.floor(scaled[:, 1]).astype(int)
        right, bottom = np.ceil(scaled[:, 2]).astype(int), np.ceil(scaled[:, 3]).astype(int)
        left, right = left.clip(0, width - 1), np.maximum(right, left + 1).clip(1, width)
        top, bottom = top.clip(0, height - 1), np.maximum(bottom, top + 1).clip(1, height)
        count = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
        return np.asarray(count > 0)

    def mask(self) -> Mask:
        return (self.contrast > _INK).astype(np.uint8)

    def mask_without(self, lines: Sequence[Box]) -> Mask:
        """Emptied where these stand."""
        return _without_lines(self.mask(), lines, self.scale)


def ink_of(grey: npt.NDArray[np.uint8], scale: float) -> Ink:
    kernel = np.ones((3, 3), np.uint8)
    contrast = cv2.subtract(cv2.dilate(grey, kernel), cv2.erode(grey, kernel))
    return Ink(np.asarray(contrast, dtype=np.uint8), scale)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left when the lines' ink is taken away."""

    covered: float
    """Share of the ink that lines stand on."""
    areas: tuple[Box, ...]


def ink_left(ink: Ink, unwritten: Mask, pictures: Sequence[Box]) -> Left:
    """`unwritten`: the ink's mask without the lines."""
    whole = ink.mask()
    before = int(np.count_nonzero(whole))
    after = int(np.count_nonzero(unwritten))
    covered = 1.0 - after / before if before else 1.0
    if not after:
        return Left(covered, ())
    mask = without_rules(unwritten).copy()
    areas = _areas(mask, whole, [scale(box, ink.scale) for box in pictures])
    return Left(covered, tuple(scale(box, 1.0 / ink.scale) for box in areas))


def _without_lines(mask: Mask, lines: Sequence[Box], factor: float) -> Mask:
    """The same mask, emptied where lines stand; `factor` takes their pixels to its own."""
    for box in lines:
        left, top, right, bottom = scale(box, factor)
        margin = 1.5 + 0.12 * (bottom - top)
        mask[
            max(0, int(top - margin)) : max(0, int(bottom + margin) + 1),
            max(0, int(left - margin)) : max(0, int(right + margin) + 1),
        ] = 0
    return mask


def without_rules(mask: Mask) -> Mask:
    result = mask
    for size in ((_RULE_LENGTH, 1), (1, _RULE_LENGTH)):
        runs = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(size[::-1], np.uint8))
        if not runs.any():
            continue
        # What is as thick as it is long is a picture; a rule vanishes when looked at with a wider brush.
        thick = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((_RULE_THICKNESS + 1, _RULE_THICKNESS + 1), np.uint8))
        rules = cv2.dilate(cv2.subtract(runs, thick), np.ones((3, 3), np.uint8))
        result = cv2.subtract(result, rules)
    return np.asarray(result, dtype=np.uint8)


def _areas(mask: Mask, whole: Mask, pictures: Sequence[Box]) -> list[Box]:
    """Each picture with ink of its own is one area: what it shows may be text. Elsewhere, and on pictures that lines
    stand on (scans), only what looks like words."""
    areas: list[Box] = []
    for picture in pictures:
        if not _may_hold_words(picture.width, picture.height):
            continue
        left, top = max(0, int(picture.left)), max(0, int(picture.top))
        view = (slice(top, int(picture.bottom) + 1), slice(left, int(picture.right) + 1))
        part = mask[view]
        if np.count_nonzero(part) < (1.0 - _MOSTLY) * np.count_nonzero(whole[view]):
            continue
        pieces = _pieces(part)
        if pieces:
            around = union(piece.box for piece in pieces)
            areas.append(Box(left + around.left, top + around.top, left + around.right, top + around.bottom))
        part[:] = 0
    for picture in pictures:
        if not _may_hold_words(picture.width, picture.height):
            mask[int(picture.top) : int(picture.bottom) + 1, int(picture.left) : int(picture.right) + 1] = 0
    areas.extend(piece.box for piece in _pieces(mask) if piece.is_like_words)
    return [union(areas)] if len(areas) > _MANY else areas


def _may_hold_words(width: float, height: float) -> bool:
    long, short = max(width, height), min(width, height)
    return short >= _THINNEST_PICTURE and long >= (_SMALLEST_PICTURE if long > 1.5 * short else _SMALLEST_ICON)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Ink that hangs together."""

    box: Box
    pixels: int

    @property
    def is_like_words(self) -> bool:
        long, short = max(self.box.width, self.box.height), min(self.box.width, self.box.height)
        if not _RULE_THICKNESS <= short <= _TALLEST_LETTERS or long < _SHORTEST_WORD:
            return False
        return self.pixels >= _DENSE * long * short


def _pieces(mask: Mask) -> list[_Piece]:
    """All but specks."""
    if not mask.any():
        return []
    _, _, statistics, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [
        _Piece(Box(x, y, x + width, y + height), pixels)
        for x, y, width, height, pixels in statistics[1:].tolist()
        if width > _SPECK or height > _SPECK
    ]
