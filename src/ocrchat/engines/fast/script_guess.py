"""Which script a line is in, guessed from what the tiny recogniser sees in it: its alphabet lacks the letters, but what
it sees differs from script to script. Four lines cost a few hundredths of a second.

A guess, to be proved by who reads that script. What it was made from: scripts/train_script_guess.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_suffix(".npz")

TURNED, NO_TEXT = "turned", "no text"
"""What may be seen beside scripts: a line on its head, and no line at all."""

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class ScriptGuess:
    """Two layers. `names` are ISO 15924, "Hani" for Chinese and Japanese alike, and the two above."""

    names: tuple[str, ...]
    first: Matrix
    first_bias: Matrix
    second: Matrix
    second_bias: Matrix

    def shares(self, seen: Matrix) -> Matrix:
        """Of each name, out of 1; `seen` as `pooled` makes it."""
        hidden = np.maximum(seen @ self.first + self.first_bias, 0.0)
        marks = hidden @ self.second + self.second_bias
        shares = np.exp(marks - marks.max())
        return np.asarray(shares / shares.sum(), np.float32)

    def save(self) -> None:
        arrays: dict[str, Any] = {
            "first": self.first.astype(np.float16),
            "first_bias": self.first_bias,
            "second": self.second.astype(np.float16),
            "second_bias": self.second_bias,
        }
        np.savez_compressed(FILE, names=np.array(self.names), **arrays)


def pooled(features: Matrix) -> Matrix:
    """A line's steps as one row: their mean, how they vary, how they change, and the most of each."""
    changes = np.abs(np.diff(features, axis=0)).mean(axis=0) if len(features) > 1 else np.zeros_like(features[0])
    return np.concatenate([features.mean(axis=0), features.std(axis=0), changes, features.max(axis=0)])


@cache
def script_guess() -> ScriptGuess:
    with np.load(FILE, allow_pickle=False) as kept:
        return ScriptGuess(
            names=tuple(str(name) for name in kept["names"]),
            first=kept["first"].astype(np.float32),
            first_bias=kept["first_bias"].astype(np.float32),
            second=kept["second"].astype(np.float32),
            second_bias=kept["second_bias"].astype(np.float32),
        )
