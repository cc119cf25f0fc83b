"""Which areas of a page become figures, with which labels, and which lines are no text."""

from __future__ import annotations

import cv2
import numpy as np

from ocrchat.document.geometry import contains
from ocrchat.document.image import PageImage
from ocrchat.document.model import Box
from ocrchat.pipeline.figures import areas_on, figures_from, without_strokes
from tests.factories import line_at, table_of

CHART = Box(200, 400, 600, 700)


def test_areas_on_a_scan_are_found_beside_its_lines() -> None:
    pixels = np.full((1100, 800, 3), 255, np.uint8)
    for turn in range(0, 180, 20):
        cv2.ellipse(pixels, (400, 600), (150, 90), turn, 0, 360, (0, 60, 160), 2)
    lines = [line_at("text that is read", (100, 60 + 40 * row, 700, 90 + 40 * row)) for row in range(6)]
    (area,) = areas_on(PageImage(pixels=pixels, dpi=100), lines)
    assert contains(area, Box(300, 500, 500, 700))


def test_areas_on_a_page_without_a_line_are_not_looked_for() -> None:
    assert areas_on(PageImage(pixels=np.zeros((300, 200), np.uint8), dpi=100), ()) == ()


def test_without_strokes_when_hatching_was_read_leaves_it_out_and_keeps_words() -> None:
    hatching = line_at("XX", (300, 500, 330, 520), confidence=0.2)
    label = line_at("27.2", (400, 500, 440, 520), confidence=0.97)
    word = line_at("scribbled", (400, 550, 500, 580), confidence=0.3)
    outside = line_at("x", (50, 50, 60, 70), confidence=0.2)
    assert without_strokes([hatching, label, word, outside], [CHART]) == (label, word, outside)


def test_figures_when_labels_stand_at_the_edge_grow_by_them_and_not_by_prose() -> None:
    number = line_at("100", (150, 420, 190, 440))
    axis = line_at("Days", (100, 430, 145, 450))
    prose = line_at("a line of text that runs on below the chart", (100, 705, 700, 725))
    caption = line_at("Figure 3", (350, 702, 450, 722))
    (figure,) = figures_from([CHART], [number, axis, prose, caption], (), width=800, height=1100)
    assert figure.box == Box(100, 400, 600, 700)


def test_figures_when_a_table_has_the_place_are_none() -> None:
    table = table_of([["a", "b"], ["c", "d"]])
    assert figures_from([table.box], (), [table], width=2000, height=2000) == ()


def test_figures_when_they_reach_off_the_page_end_at_its_edge() -> None:
    (figure,) = figures_from([Box(-5, 10, 300, 200)], (), (), width=250, height=180)
    assert figure.box == Box(0, 10, 250, 180)
