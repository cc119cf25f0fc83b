"""The recogniser's last matrix: from what its network saw to characters.

Kept out of the network, so that one network serves every set of characters: the letters of one script cost a tenth of
all classes, and a line that no letter of theirs fits is looked up among all without being looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocrchat.engines.fast.decode import BLANK, STEP_PIXELS, Reading, decode

Matrix = npt.NDArray[np.float32]

# Numbers worked out at a time: 4 MB.
_BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A strip as the network saw it."""

    features: Matrix
    """Steps × sizes."""
    stretch: float = 1.0
    """Of the strip's width, in which it was shown to the network."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    matrix: Matrix
    """Sizes × classes."""
    bias: Matrix
    alphabet: tuple[str, ...]
    """A character for each class."""

    def only(self, classes: Sequence[int]) -> Head:
        if len(classes) == self.matrix.shape[1]:
            return self
        chosen = np.asarray(classes, np.int64)
        return Head(
            matrix=np.ascontiguousarray(self.matrix[:, chosen]),
            bias=self.bias[chosen],
            alphabet=tuple(self.alphabet[index] for index in classes),
        )

    def read(self, seen: Seen) -> Reading:
        steps = len(seen.features)
        best, shares = np.empty(steps, np.int64), np.ones(steps, np.float32)
        rows = max(1, _BLOCK // len(self.alphabet))
        for start in range(0, steps, rows):
            marks = seen.features[start : start + rows] @ self.matrix
            marks += self.bias
            winners = marks.argmax(axis=1)
            best[start : start + rows] = winners
            # What share a blank has is of no interest, and every second step is one.
            written = np.flatnonzero(winners != BLANK)
            rivals = marks[written]
            rivals -= rivals[np.arange(len(written)), winners[written], None]
            shares[start + written] = 1.0 / np.exp(rivals, out=rivals).sum(axis=1)
        return decode(best, shares, self.alphabet, columns_per_step=STEP_PIXELS / seen.stretch)
