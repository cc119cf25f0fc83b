"""Ink in cells that no line was found in: a dash, a digit or a star alone is too little for the line finder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocrchat.document.image import PageImage
from ocrchat.document.model import Box, Line
from ocrchat.pipeline.tables.grid import Grid, Piece, Slot, pieces_of

ReadBoxes = Callable[[Sequence[Box]], Sequence[Line]]
"""One line for each box, with empty text where there is none."""

_INSET = 0.2
"""In ems, off the cell's edges: rules are no ink of its."""

_CONTRAST = 60
"""Against the cell's own ground."""

_AROUND = 1.0
_ABOVE = 0.6
"""In ems: what the reader is shown beside and above such ink, so that a dash is seen as small as it is."""

_WIDEST, _HIGHEST = 3.0, 1.6
"""In ems: larger ink was seen by the finder and left out, or is a picture."""

_MOST = 400
"""A table with more such cells is one that was read badly, and reading it again would take its time."""


def with_missed(
    grids: Sequence[Grid], lines: Sequence[Line], image: PageImage, em: float, read: ReadBoxes
) -> tuple[list[Grid], list[Line]]:
    """The grids with what was read in their empty cells, and all lines. Letters are not taken: what a finder overlooks
    is short, and in which script a letter stands cannot be told from it."""
    wanted = [
        (number, at, box)
        for number, grid in enumerate(grids)
        for at, slot in enumerate(grid.slots)
        if not grid.words.get(at) and (box := _ink_in(image, slot, em)) is not None
    ]
    if not wanted or len(wanted) > _MOST:
        return list(grids), list(lines)
    all_lines = list(lines)
    words: list[dict[int, Sequence[Piece]]] = [dict(grid.words) for grid in grids]
    for (number, at, _), line in zip(wanted, read([box for _, _, box in wanted]), strict=True):
        text = line.text.strip()
        if text and not any(character.isalpha() for character in text):
            place = len(all_lines)
            all_lines.append(line)
            words[number][at] = [piece._replace(line=place) for piece in pieces_of([line])]
    return [replace(grid, words=own) for grid, own in zip(grids, words, strict=True)], all_lines


def _ink_in(image: PageImage, slot: Slot, em: float) -> Box | None:
    """Where the reader should look."""
    inset = _INSET * em
    left, top = int(slot.box.left + inset), int(slot.box.top + inset)
    part = image.pixels[max(0, top) : int(slot.box.bottom - inset), max(0, left) : int(slot.box.right - inset)]
    if part.shape[0] < 3 or part.shape[1] < 3:
        return None
    grey = part if part.ndim == 2 else np.asarray(cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY))
    rows, columns = np.nonzero(np.abs(grey.astype(np.int16) - int(np.median(grey))) > _CONTRAST)
    if not len(rows):
        return None
    x, y = max(0, left), max(0, top)
    ink = Box(x + int(columns.min()), y + int(rows.min()), x + int(columns.max()) + 1, y + int(rows.max()) + 1)
    if ink.width > _WIDEST * em or ink.height > _HIGHEST * em:
        return None
    middle = (ink.top + ink.bottom) / 2
    high = max(_ABOVE * em, ink.height / 2 + 0.2 * em)
    return Box(
        max(0.0, ink.left - _AROUND * em), max(0.0, middle - high),
        min(float(image.width), ink.right + _AROUND * em), min(float(image.height), middle + high),
    )  # fmt: skip
