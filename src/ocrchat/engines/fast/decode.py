"""From the recogniser's time steps to characters with their places and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

STEP_PIXELS = 8
"""Columns of its input that one time step of a recogniser covers."""

BLANK = 0

Columns = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Characters of a strip. Their columns say where the recogniser saw them: about their middle, not their edges."""

    characters: tuple[str, ...]
    shares: npt.NDArray[np.float32]
    """Of each character: what the recogniser gave it out of 1."""
    starts: Columns
    ends: Columns

    @property
    def text(self) -> str:
        return "".join(self.characters)

    @property
    def score(self) -> float:
        return float(self.shares.mean()) if len(self.shares) else 0.0


NOTHING = Reading(
    characters=(), shares=np.empty(0, np.float32), starts=np.empty(0, np.float32), ends=np.empty(0, np.float32)
)


def decode(
    best: npt.NDArray[np.int64], shares: npt.NDArray[np.float32], alphabet: Sequence[str], *, columns_per_step: float
) -> Reading:
    """Runs of one class are one character; the blank class separates."""
    starts = np.concatenate(([0], np.flatnonzero(np.diff(best)) + 1))
    ends = np.append(starts[1:], len(best))
    highest = np.maximum.reduceat(shares, starts)
    written = best[starts] != BLANK
    return Reading(
        characters=tuple(alphabet[index] for index in best[starts[written]]),
        shares=highest[written],
        starts=(starts[written] * columns_per_step).astype(np.float32),
        ends=(ends[written] * columns_per_step).astype(np.float32),
    )
