"""The gaps between letters, measured in ink: where words begin and end, and where the recogniser dropped a space.

The recognisers drop spaces after punctuation and in tight print. People read a space where the gap is as wide as the
other gaps between words, so that is the rule here too. Never beside East Asian characters: those stand apart anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocrchat.document.image import Pixels
from ocrchat.engines.fast.alphabet import is_east_asian
from ocrchat.engines.fast.decode import Reading
from ocrchat.engines.fast.networks import LINE_HEIGHT

# Rows at the edge of a strip show the feet and heads of the neighbouring lines.
_EDGE_ROWS = 6

# A column holds ink where its contrast is this share of the strip's: above paper's grain, below a hairline's.
_INK_SHARE = 0.3
# From here on it may belong to a letter's edge, which is no wider than so many columns.
_FAINT_SHARE = 0.1
_EDGE_COLUMNS = 3

# A gap is a space from this share of the usual space on, if it is also this many times as wide as the line's usual
# gap between letters and three columns: spaced-out headings and typescript full stops stay whole. Behind punctuation
# the recognisers drop spaces more often than print is tight there; between letters it is the other way round.
SHARE_BEHIND_PUNCTUATION = 0.72
SHARE_ELSEWHERE = 0.95
LETTER_RATIO = 2.2
_SLACK = 3

_OPENS_WORDS_BEHIND = frozenset(",.;:!?)]}”»")
_CLOSES = frozenset(",.;:!?)]}”»'’%")
_WITHIN_NUMBERS = frozenset(",.:'’")

# The usual space of a page that shows fewer than this many: a quarter of the strip's height, as in most print.
_FEW = 5
_DEFAULT_SPACE = LINE_HEIGHT / 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Spacing:
    letters: npt.NDArray[np.int64]
    """Indices of the characters that are not white space."""
    spaced: npt.NDArray[np.bool_]
    """For each letter but the last: whether the recogniser saw a space behind it."""
    starts: npt.NDArray[np.float64]
    ends: npt.NDArray[np.float64]
    """Columns between which the widest inkless gap behind each letter but the last lies."""
    left: float
    right: float
    """Columns of the first and the last ink."""
    faint: npt.NDArray[np.bool_]
    """For each column of the strip: whether it may hold the pale edge of a letter."""

    def outward(self, column: float, step: int) -> float:
        """From the edge of a word's full ink to the end of its pale edge: a letter's edge is half as dark as its
        middle, and a box that ends at the dark part cuts the letter."""
        at = int(column)
        for _ in range(_EDGE_COLUMNS):
            beside = at if step > 0 else at - 1
            if not 0 <= beside < len(self.faint) or not self.faint[beside]:
                break
            at += step
        return float(at)

    @property
    def widths(self) -> npt.NDArray[np.float64]:
        return self.ends - self.starts


def measure(reading: Reading, pixels: Pixels) -> Spacing:
    letters = np.array([n for n, character in enumerate(reading.characters) if not character.isspace()], np.int64)
    contrast, strong = _contrast(pixels)
    inked = np.flatnonzero(contrast > _INK_SHARE * strong)
    left, right = (float(inked[0]), float(inked[-1] + 1)) if len(inked) else (0.0, float(pixels.shape[1]))
    centers = ((reading.starts[letters] + reading.ends[letters]) / 2).astype(np.float64)
    middles = (centers[:-1] + centers[1:]) / 2
    starts, ends = middles.copy(), middles.copy()
    # A gap belongs to the two letters whose middles it lies between.
    jumps = np.flatnonzero(np.diff(inked) > 1)
    gap_starts, gap_ends = inked[jumps] + 1, inked[jumps + 1]
    pairs = np.searchsorted(centers, (gap_starts + gap_ends) / 2) - 1
    between = (pairs >= 0) & (pairs < len(middles))
    # The widest comes last, and stays.
    order = np.argsort((gap_ends - gap_starts)[between], kind="stable")
    starts[pairs[between][order]] = gap_starts[between][order]
    ends[pairs[between][order]] = gap_ends[between][order]
    spaced = np.diff(letters) > 1
    _give_to_spaces(spaced, starts, ends)
    faint = contrast > _FAINT_SHARE * strong
    return Spacing(letters=letters, spaced=spaced, starts=starts, ends=ends, left=left, right=right, faint=faint)


def _give_to_spaces(
    spaced: npt.NDArray[np.bool_], starts: npt.NDArray[np.float64], ends: npt.NDArray[np.float64]
) -> None:
    """A thin letter may be seen behind the gap that follows it: where a space has next to no gap and a neighbour
    without one has a wide one, that gap is the space's."""
    for pair in np.flatnonzero(spaced):
        for near in (pair - 1, pair + 1):
            if not 0 <= near < len(spaced) or spaced[near]:
                continue
            if ends[near] - starts[near] > max(_DEFAULT_SPACE / 2, 2 * (ends[pair] - starts[pair])):
                starts[[pair, near]], ends[[pair, near]] = starts[[near, pair]], ends[[near, pair]]
                starts[near] = ends[near] = (starts[near] + ends[near]) / 2
                break


def usual_space(spacings: Sequence[Spacing]) -> float:
    """Of a page: the median gap where a space was seen."""
    seen = np.concatenate([spacing.widths[spacing.spaced] for spacing in spacings] or [np.empty(0)])
    return float(np.median(seen)) if len(seen) >= _FEW else _DEFAULT_SPACE


def word_breaks(reading: Reading, spacing: Spacing, page_space: float) -> npt.NDArray[np.bool_]:
    """For each letter but the last: whether a word ends with it."""
    widths, spaced = spacing.widths, spacing.spaced
    between_letters = widths[~spaced]
    if not len(between_letters):
        return spaced
    space = float(np.median(widths[spaced])) if spaced.sum() >= _FEW else page_space
    letter_gap = LETTER_RATIO * float(np.median(between_letters)) + _SLACK
    breaks = spaced.copy()
    for pair in np.flatnonzero(~spaced & (widths >= max(letter_gap, SHARE_BEHIND_PUNCTUATION * space))):
        letter = int(spacing.letters[pair])
        breaks[pair] = widths[pair] >= space * _share_needed(reading.characters, letter)
    return breaks


def _share_needed(characters: Sequence[str], index: int) -> float:
    """Of the usual space, for a gap behind this character to be one."""
    here, behind = characters[index], characters[index + 1]
    if is_east_asian(here + behind) or behind in _CLOSES:
        return np.inf
    if here in _WITHIN_NUMBERS and behind.isdigit() and index > 0 and characters[index - 1].isdigit():
        return np.inf
    return SHARE_BEHIND_PUNCTUATION if here in _OPENS_WORDS_BEHIND else SHARE_ELSEWHERE


def _contrast(pixels: Pixels) -> tuple[Pixels, float]:
    """Of each column, and what it is in the strongest."""
    rows = pixels[_EDGE_ROWS:-_EDGE_ROWS]
    contrast = rows.max(axis=0) - rows.min(axis=0)
    rank = len(contrast) * 95 // 100
    return contrast, float(np.partition(contrast, rank)[rank])
