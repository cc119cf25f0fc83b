"""Boxes of lines that stand close are drawn apart, and others left as they are."""

from __future__ import annotations

from itertools import pairwise

from ocrchat.document.model import Box, Line, Word
from ocrchat.pipeline.line_boxes import drawn_apart


def _line(left: float, top: float, right: float, bottom: float) -> Line:
    box = Box(left, top, right, bottom)
    return Line(text="word", box=box, words=(Word(text="word", box=box),))


def test_lines_when_closely_set_then_meet_in_the_middle_with_their_words() -> None:
    lines = [_line(0, top, 300, top + 30) for top in (0, 24, 48)]
    apart = drawn_apart(lines)
    assert [(line.box.top, line.box.bottom) for line in apart] == [(0, 27), (27, 51), (51, 78)]
    assert all(upper.box.bottom <= lower.box.top for upper, lower in pairwise(apart))
    assert all(line.words[0].box == line.box for line in apart)


def test_lines_when_in_another_order_then_stay_in_it() -> None:
    apart = drawn_apart([_line(0, 24, 300, 54), _line(0, 0, 300, 30)])
    assert [line.box.top for line in apart] == [27, 0]


def test_lines_when_beside_each_other_or_apart_then_as_they_were() -> None:
    lines = [_line(0, 0, 300, 30), _line(290, 20, 600, 50), _line(0, 60, 300, 90)]
    assert drawn_apart(lines) == lines


def test_lines_when_one_lies_on_the_other_then_as_they_were() -> None:
    stamped = [_line(0, 0, 300, 30), _line(0, 5, 300, 35)]
    assert drawn_apart(stamped) == stamped
