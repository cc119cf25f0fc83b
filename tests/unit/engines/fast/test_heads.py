"""The last matrix, apart from its network."""

from __future__ import annotations

import numpy as np
import pytest

from ocrchat.engines.fast import heads
from ocrchat.engines.fast.heads import Head, Seen


def _head() -> Head:
    """Four sizes, four classes: the blank, a, b and an ideograph, each for one size."""
    return Head(matrix=np.eye(4, dtype=np.float32), bias=np.zeros(4, np.float32), alphabet=("", "a", "b", "日"))


def _seen(*winners: int, stretch: float = 1.0) -> Seen:
    return Seen(features=(6.0 * np.eye(4, dtype=np.float32))[list(winners)], stretch=stretch)


def test_reading_when_steps_repeat_then_one_character_with_its_share() -> None:
    reading = _head().read(_seen(1, 1, 0, 1, 2))
    assert reading.text == "aab"
    share = np.exp(6) / (np.exp(6) + 3)
    assert reading.shares == pytest.approx([share] * 3, rel=1e-5)
    assert reading.starts.tolist() == [0, 24, 32]


def test_reading_when_the_strip_was_narrowed_then_columns_are_its_own() -> None:
    assert _head().read(_seen(0, 1, stretch=0.5)).starts.tolist() == [16]


def test_reading_when_only_some_classes_count_then_the_best_of_them() -> None:
    features = np.array([[0, 2, 1, 6]], np.float32)
    assert _head().read(Seen(features=features)).text == "日"
    latin = _head().only((0, 1, 2))
    assert latin.read(Seen(features=features)).text == "a"
    assert _head().only(range(4)).alphabet == _head().alphabet


def test_reading_when_done_in_blocks_then_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen(features=np.random.default_rng(1).normal(size=(37, 4)).astype(np.float32))
    whole = _head().read(seen)
    monkeypatch.setattr(heads, "_BLOCK", 20)
    parts = _head().read(seen)
    assert parts.text == whole.text
    assert parts.shares == pytest.approx(whole.shares)
