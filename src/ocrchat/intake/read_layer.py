"""From PDFium's words and a small picture of the page to its text layer: placed, checked against the ink, judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from ocrchat.document.geometry import area, union
from ocrchat.document.model import Box, Line
from ocrchat.intake.drawings import drawn_areas
from ocrchat.intake.ink import Ink, Mask, ink_left
from ocrchat.intake.lines import PlacedWord, lines_of_words, opened_boxes
from ocrchat.intake.page_geometry import POINTS_PER_INCH, PageGeometry
from ocrchat.intake.page_objects import Pictures
from ocrchat.intake.pdf_text import FoundText, Run
from ocrchat.intake.rules import find_rules
from ocrchat.intake.text_layer import LAYER_DPI, TextLayer
from ocrchat.intake.trust import Evidence, distrust

# Thousands a page: without a Python function's call for each.
_box_from: Callable[[Iterable[float]], Box] = partial(tuple.__new__, Box)
_placed_word_from: Callable[[Iterable[object]], PlacedWord] = partial(tuple.__new__, PlacedWord)

_MOSTLY = 0.5
_STRAIGHT = 0.05
"""Degrees of slant that move a line's end by less than a pixel."""

_SLANTED = 10.0
"""Degrees up to which a line still has a baseline that words can be sorted by."""


def read_layer(found: FoundText, geometry: PageGeometry, ink: Ink, pictures: Pictures, *, version: str) -> TextLayer:
    width, height = (max(1, round(side * LAYER_DPI / POINTS_PER_INCH)) for side in geometry.size_points)
    found, boxes = _on_page(found, geometry, width, height)
    seen = ink.has_ink(boxes) if found.texts else np.zeros(0, np.bool_)
    lines = lines_of_words(_placed(found, boxes, seen, geometry))
    unwritten = ink.mask_without([line.box for line in lines])
    left = ink_left(ink, unwritten, [picture.box for picture in pictures.found])
    reason = ""
    if found.texts:
        reason = distrust(
            Evidence(
                words=found.texts,
                raw=found.raw,
                unmapped=found.unmapped,
                over_scan=pictures.hide_text or _is_invisible(found),
                fit=float(seen.mean()),
                covered=left.covered,
                left_out=sum(area(box) for box in left.areas) / (width * height),
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
        drawn=() if reason else _drawn(ink, unwritten, lines, pictures, width * height),
        rules=find_rules(pictures.paths, geometry),
        blank=ink.is_blank,
        version=version,
    )


def _drawn(ink: Ink, unwritten: Mask, lines: Sequence[Line], pictures: Pictures, page: float) -> tuple[Box, ...]:
    # A picture of most of the page is a scan, or what the page is printed on.
    known = [picture.box for picture in pictures.found if area(picture.box) <= _MOSTLY * page]
    return drawn_areas(ink, [line.box for line in lines], known, unwritten=unwritten)


def _is_invisible(found: FoundText) -> bool:
    return sum(run.invisible for run in found.runs) > _MOSTLY * len(found.runs)


def _on_page(
    found: FoundText, geometry: PageGeometry, width: int, height: int
) -> tuple[FoundText, npt.NDArray[np.float64]]:
    """The words whose middle lies on what is displayed, and their boxes in pixels."""
    if not found.texts:
        return found, np.zeros((0, 4))
    boxes = geometry.to_pixels(np.array(found.places, dtype=np.float64), LAYER_DPI)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = (x > 0) & (x < width) & (y > 0) & (y < height) & np.isfinite(boxes).all(axis=1)
    if inside.all():
        return found, boxes
    return found.only(inside.tolist()), boxes[inside]


def _placed(
    found: FoundText, boxes: npt.NDArray[np.float64], seen: npt.NDArray[np.bool_], geometry: PageGeometry
) -> list[PlacedWord]:
    """The words that can be seen."""
    if not found.texts:
        return []
    facts = np.array(_run_facts(found, geometry))
    em, angle = facts[:, 0], facts[:, 3]
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    slanted = (np.abs(angle) > _STRAIGHT) & (np.abs(angle) < _SLANTED)
    baseline = facts[:, 2] + np.where(slanted, (middle - facts[:, 1]) * np.tan(np.radians(angle)), 0.0)
    opened = opened_boxes(boxes, np.where(np.abs(angle) <= _STRAIGHT, baseline, np.inf), em)
    columns = zip(
        found.texts, map(_box_from, opened.tolist()), baseline.tolist(), em.tolist(), angle.tolist(), found.runs,
        _breaks(found, seen), strict=True,
    )  # fmt: skip
    if seen.all() and all(found.texts):
        return list(map(_placed_word_from, columns))
    return [
        word
        for word, is_seen in zip(map(_placed_word_from, columns), seen.tolist(), strict=True)
        if is_seen and word.text
    ]


def _run_facts(found: FoundText, geometry: PageGeometry) -> list[tuple[float, float, float, float]]:
    """For each word its em, where its run starts, and at what angle, in pixels and clockwise."""
    scale = LAYER_DPI / POINTS_PER_INCH
    result = []
    last: Run | None = None
    facts = (0.0, 0.0, 0.0, 0.0)
    for run in found.runs:
        if run is not last:
            x, y = geometry.point_to_pixels(run.x, run.y, LAYER_DPI)
            facts = (run.em * scale, x, y, (geometry.rotation - run.angle + 180.0) % 360.0 - 180.0)
            last = run
        result.append(facts)
    return result


def _breaks(found: FoundText, seen: npt.NDArray[np.bool_]) -> list[bool]:
    """Where lines end. The end before a hidden word is handed on to the next that is seen."""
    if seen.all():
        return found.breaks
    result, missed = [], False
    for breaks, is_seen in zip(found.breaks, seen.tolist(), strict=True):
        result.append(breaks or missed)
        missed = (breaks or missed) and not is_seen
    return result


def _whole(lines: Sequence[Line], areas: Sequence[Box]) -> tuple[Box, ...]:
    """Of an untrusted layer all ink is still to be read."""
    boxes = [*(line.box for line in lines), *areas]
    return (union(boxes),) if boxes else ()
