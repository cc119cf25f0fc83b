"""How much is done for a line: what is quick enough for every page, and what is done where time is no matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from ocrchat.document.image import Pixels

# Of a line's pixels, the darkest and the lightest that become black and white.
_INK, _PAPER = 1, 90

View = Callable[[Pixels], Pixels]


@dataclass(frozen=True, kw_only=True, slots=True)
class Care:
    sure: float
    sure_if_long: float
    """What the tiny recogniser gives less than this on average is read again by the small one."""
    narrows: bool
    """Whether clean letters are made narrower."""
    view: View
    """In which the small recogniser is shown a line."""


def as_it_is(pixels: Pixels) -> Pixels:
    return pixels


def with_contrast(pixels: Pixels) -> Pixels:
    """Faint ink as black and grey paper as white."""
    ink, paper = np.percentile(pixels, (_INK, _PAPER))
    levels = np.clip((np.arange(256, dtype=np.float32) - ink) * (255.0 / max(1.0, paper - ink)), 0, 255)
    return np.asarray(cv2.LUT(pixels, np.rint(levels).astype(np.uint8)), dtype=np.uint8)


# A line that the tiny recogniser gives less than this on average is read again; a long line, of which a second reading
# costs as much as of several short ones, below a little less. Measured against how often the two differ, no finer rule
# (by word, by the least sure letter, by expected errors) bought more for the same time, and reading only the unsure
# words again cost as much: cut out, they lack what stands beside them.
QUICK = Care(sure=0.965, sure_if_long=0.94, narrows=True, view=as_it_is)

# Scores end at 1: every line is read again. With contrast worn typescript gains two words in a hundred and nothing else
# loses. Several views and a vote by word, or the surest of them, were worse than this one; so was a larger page for the
# detector, or its larger network, on columns.
THOROUGH = Care(sure=2.0, sure_if_long=2.0, narrows=False, view=with_contrast)
