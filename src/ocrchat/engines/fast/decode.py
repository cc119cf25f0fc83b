"""From the recogniser's time steps to characters with their places and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

STEP_PIXELS = 8
"""Columns of the strip that one time step covers."""

BLANK = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    characters: tuple[str, ...]
    shares: npt.NDArray[np.float32]
    """Of each character: what the recogniser gave it out of 1."""
    starts: npt.NDArray[np.int64]
    """First time step of each character."""
    ends: npt.NDArray[np.int64]
    """The one after its last."""

    @property
    def text(self) -> str:
        return "".join(self.characters)

    @property
    def score(self) -> float:
        return float(self.shares.mean()) if len(self.shares) else 0.0


def decode(best: npt.NDArray[np.int32], shares: npt.NDArray[np.float32], alphabet: Sequence[str]) -> Reading:
    """Runs of one class are one character; the blank class separates."""
    starts = np.concatenate(([0], np.flatnonzero(np.diff(best)) + 1))
    ends = np.append(starts[1:], len(best))
    highest = np.maximum.reduceat(shares, starts)
    written = best[starts] != BLANK
    return Reading(
        characters=tuple(alphabet[index] for index in best[starts[written]]),
        shares=highest[written],
        starts=starts[written],
        ends=ends[written],
    )
