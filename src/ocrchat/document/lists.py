"""Which paragraphs are list items, how deep they are nested, and the items without their marks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocrchat.document.geometry import union
from ocrchat.document.marks import DOUBTFUL, Mark, follows
from ocrchat.document.model import Box, Line

_ALIGNED = 1.0
"""In heights: marks of one depth stand below each other up to the slant of a scan and the width of a digit."""

_NEAR = 12
"""Paragraphs between two items of one list at most."""

_COLUMN = 12.0
"""In heights: a mark that stands further to the right than this is in another column, not deeper."""


def items_of(marks: Sequence[Mark | None], boxes: Sequence[Box], size: float) -> list[bool]:
    """For each paragraph whether it is an item: its mark is a bullet, or another item of its list is near."""
    found = [mark is not None and mark.is_certain for mark in marks]
    at = [index for index, mark in enumerate(marks) if mark is not None]
    for place, index in enumerate(at):
        for other in at[place + 1 :]:
            if other - index > _NEAR:
                break
            one, next_one = marks[index], marks[other]
            assert one is not None and next_one is not None
            aligned = abs(boxes[index].left - boxes[other].left) <= 2 * _ALIGNED * size or one.value > 0
            if not _may_stand_between(marks[index + 1 : other], boxes[index + 1 : other], boxes[index], one, size):
                continue
            if aligned and follows(one, next_one):
                found[index] = found[other] = True
                break
    return found


def _may_stand_between(marks: Sequence[Mark | None], boxes: Sequence[Box], item: Box, mark: Mark, size: float) -> bool:
    """What belongs to an item is set in below it; prose that is not makes of numbers the headings of sections."""
    return all(
        between is not None or (mark.kind not in DOUBTFUL and box.left > item.left + 0.5 * size)
        for between, box in zip(marks, boxes, strict=True)
    )


def levels_of(is_item: Sequence[bool], boxes: Sequence[Box], size: float) -> list[int]:
    """0 is the outermost; what stands between items and is none ends a list."""
    levels = []
    open_lefts: list[float] = []
    for item, box in zip(is_item, boxes, strict=True):
        if not item:
            open_lefts = []
            levels.append(0)
            continue
        while open_lefts and box.left < open_lefts[-1] - _ALIGNED * size:
            open_lefts.pop()
        if open_lefts and box.left > open_lefts[-1] + _COLUMN * size:
            open_lefts = []
        if not open_lefts or box.left > open_lefts[-1] + _ALIGNED * size:
            open_lefts.append(box.left)
        levels.append(len(open_lefts) - 1)
    return levels


def without_mark(lines: Sequence[Line], mark: Mark) -> tuple[Line, ...]:
    """The lines of an item, which do not repeat its mark."""
    first = lines[0]
    text = first.text.lstrip().removeprefix(mark.text).lstrip()
    if not text:
        # A finder may have taken the mark for a line of its own.
        return tuple(lines[1:])
    words = first.words
    if words and words[0].text == mark.text:
        words = words[1:]
    elif words and words[0].text.startswith(mark.text):
        head = words[0]
        share = len(mark.text) / len(head.text)
        left = head.box.left if first.direction == "rtl" else head.box.left + share * head.box.width
        right = head.box.right - share * head.box.width if first.direction == "rtl" else head.box.right
        box = Box(left, head.box.top, right, head.box.bottom)
        words = (replace(head, text=head.text.removeprefix(mark.text), box=box), *words[1:])
    box = union(word.box for word in words) if words and first.direction != "ttb" else first.box
    box = Box(box.left, first.box.top, box.right, first.box.bottom) if first.direction != "ttb" else box
    return (replace(first, text=text, words=words, box=box), *lines[1:])
