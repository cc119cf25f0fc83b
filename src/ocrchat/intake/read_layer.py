"""From PDFium's words and a small picture of the page to its text layer: placed, checked against the ink, judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocrchat.document.geometry import union
from ocrchat.document.model import Box, Line
from ocrchat.intake.ink import Ink, ink_left
from ocrchat.intake.lines import PlacedWord, lines_of_words, word_box
from ocrchat.intake.page_geometry import POINTS_PER_INCH, PageGeometry
from ocrchat.intake.pdf_text import FoundText, FoundWord
from ocrchat.intake.text_layer import LAYER_DPI, TextLayer
from ocrchat.intake.trust import Evidence, distrust

_SCANNED = 0.6
"""Share of the page that a picture covers which is a scan of it."""

_MOSTLY = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    box: Box
    """Pixels of the layer, inside the page."""
    over_text: bool
    """It was drawn after the text."""
    dpi: float = 0.0
    """Its own resolution; 0 where it is not known."""


def read_layer(
    found: FoundText, geometry: PageGeometry, ink: Ink, pictures: Sequence[Picture], *, version: str
) -> TextLayer:
    width, height = (max(1, round(side * LAYER_DPI / POINTS_PER_INCH)) for side in geometry.size_points)
    words, boxes = _on_page(found.words, geometry, width, height)
    seen = ink.has_ink(boxes) if words else np.zeros(0, np.bool_)
    lines = _lines(words, boxes, seen, geometry)
    left = ink_left(ink, [line.box for line in lines], [picture.box for picture in pictures])
    reason = ""
    if words:
        scans = [picture for picture in pictures if _area(picture.box) > _SCANNED * width * height]
        invisible = sum(word.run.invisible for word in words) > _MOSTLY * len(words)
        reason = distrust(
            Evidence(
                words=[word.text for word in words],
                raw=found.text,
                unmapped=found.unmapped,
                over_scan=invisible or any(scan.over_text for scan in scans),
                fit=float(seen.mean()),
                covered=left.covered,
            )
        )
    return TextLayer(
        width=width,
        height=height,
        dpi=LAYER_DPI,
        rotation=geometry.rotation,
        to_source=geometry.to_source(width, height),
        lines=tuple(lines),
        trusted=not reason,
        reason=reason,
        uncovered=left.areas if not reason else _whole(lines, left.areas),
        blank=ink.is_blank,
        version=version,
    )


def _on_page(
    words: list[FoundWord], geometry: PageGeometry, width: int, height: int
) -> tuple[list[FoundWord], npt.NDArray[np.float64]]:
    """Those whose middle lies on what is displayed, and their boxes in pixels."""
    if not words:
        return [], np.zeros((0, 4))
    places = np.array([(word.left, word.bottom, word.right, word.top) for word in words], dtype=np.float64)
    boxes = geometry.to_pixels(places, LAYER_DPI)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = (x > 0) & (x < width) & (y > 0) & (y < height) & np.isfinite(boxes).all(axis=1)
    if inside.all():
        return words, boxes
    return [word for word, is_inside in zip(words, inside.tolist(), strict=True) if is_inside], boxes[inside]


def _lines(
    words: list[FoundWord],
    boxes: npt.NDArray[np.float64],
    seen: npt.NDArray[np.bool_],
    geometry: PageGeometry,
) -> list[Line]:
    scale = LAYER_DPI / POINTS_PER_INCH
    placed: list[PlacedWord] = []
    starts: dict[int, tuple[float, float, float]] = {}
    breaks = False
    for word, (left, top, right, bottom), is_seen in zip(words, boxes.tolist(), seen.tolist(), strict=True):
        breaks = breaks or word.breaks
        if not is_seen or not word.text:
            continue
        run = word.run
        start = starts.get(id(run))
        if start is None:
            x, y = geometry.to_pixels(np.array([(run.x, run.y, run.x, run.y)]), LAYER_DPI)[0, :2].tolist()
            angle = (geometry.rotation - run.angle + 180.0) % 360.0 - 180.0
            start = starts[id(run)] = (x, y, angle)
        x, y, angle = start
        em = run.em * scale
        if abs(angle) < 0.05:
            box = word_box(left, top, right, bottom, y, em)
        elif abs(angle) < 10.0:
            y += ((left + right) / 2 - x) * math.tan(math.radians(angle))
            box = Box(left, top, right, bottom)
        else:
            box = Box(left, top, right, bottom)
        placed.append(PlacedWord(word.text, box, y, em, angle, run.style, breaks))
        breaks = False
    return lines_of_words(placed)


def _whole(lines: Sequence[Line], areas: Sequence[Box]) -> tuple[Box, ...]:
    """Of an untrusted layer all ink is still to be read."""
    boxes = [*(line.box for line in lines), *areas]
    return (union(boxes),) if boxes else ()


def _area(box: Box) -> float:
    return box.width * box.height
