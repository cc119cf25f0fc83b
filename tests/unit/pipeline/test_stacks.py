"""Figures of several rows that came as one line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocrchat.document.image import PageImage
from ocrchat.document.model import Box, Line
from ocrchat.pipeline.stacks import with_stacks_parted
from tests.factories import line_at

TOPS = (100, 120, 140)
STACK = line_at("11", (200, 98, 214, 156), confidence=0.3)
BESIDE = [line_at("1923", (100, top, 140, top + 16)) for top in TOPS]


def _page() -> PageImage:
    pixels = np.full((300, 400), 255, np.uint8)
    for top in TOPS:
        pixels[top + 2 : top + 14, 204:210] = 20
    return PageImage(pixels=pixels, dpi=150)


class _Reader:
    def __init__(self, confidence: float = 0.9) -> None:
        self.confidence = confidence
        self.asked: list[Box] = []

    def __call__(self, boxes: Sequence[Box]) -> list[Line]:
        self.asked += boxes
        return [
            line_at(str(at), (box.left, box.top, box.right, box.bottom), confidence=self.confidence)
            for at, box in enumerate(boxes)
        ]


def _texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def test_stack_when_its_rows_stand_level_with_lines_is_read_row_by_row() -> None:
    reader = _Reader()
    lines = with_stacks_parted([*BESIDE, STACK], _page(), reader)
    assert _texts(lines) == ["1923", "1923", "1923", "0", "1", "2"]
    for box, top in zip(reader.asked, TOPS, strict=True):
        assert box.top <= top + 2
        assert box.bottom >= top + 13
        assert box.height < 24


def test_stack_when_read_less_surely_stays_as_it_was() -> None:
    assert _texts(with_stacks_parted([*BESIDE, STACK], _page(), _Reader(0.2)))[-1] == "11"


def test_word_on_its_side_when_nothing_stands_level_stays_one_line() -> None:
    reader = _Reader()
    far = [line_at("text", (100, 200 + 25 * row, 140, 216 + 25 * row)) for row in range(3)]
    assert with_stacks_parted([*far, STACK], _page(), reader) == (*far, STACK)
    assert not reader.asked


def test_lines_when_sure_or_of_common_height_are_not_looked_at() -> None:
    reader = _Reader()
    sure = line_at("11", (200, 98, 214, 156), confidence=0.9)
    assert with_stacks_parted([*BESIDE, sure], _page(), reader) == (*BESIDE, sure)
    assert with_stacks_parted([], _page(), reader) == ()
    assert not reader.asked
