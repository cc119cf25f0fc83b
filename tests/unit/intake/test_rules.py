"""The rules that drawn PDFs have."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrchat.document.rules import Rules
from ocrchat.intake.limits import Limits
from ocrchat.intake.pdf import PDFSource
from tests.drawing import PDFDrawing

SCALE = 150 / 72


def rules_of(tmp_path: Path, drawing: PDFDrawing) -> Rules:
    with PDFSource(drawing.save(tmp_path / "drawn.pdf"), password="", limits=Limits()) as source:
        layer = source.text_layer(1)
    assert layer is not None
    return layer.rules


def test_strokes_and_thin_fills_are_rules(tmp_path: Path) -> None:
    drawing = PDFDrawing()
    drawing.page().draw("1 w 100 700 m 400 700 l S").fill(100, 500, 300, 0.7).draw("1 w 100 500 m 100 700 l S")
    rules = rules_of(tmp_path, drawing)
    assert [round(rule.top + rule.height / 2) for rule in rules.across] == [
        pytest.approx((842 - y) * SCALE, abs=1) for y in (700, 500.35)
    ]
    (down,) = rules.down
    assert down.left + down.width / 2 == pytest.approx(100 * SCALE, abs=1)
    assert down.height == pytest.approx(200 * SCALE, abs=5)


def test_stroked_box_has_four_rules_and_a_filled_one_none(tmp_path: Path) -> None:
    drawing = PDFDrawing()
    drawing.page().draw("1 w 100 600 200 100 re S").fill(100, 300, 200, 100)
    rules = rules_of(tmp_path, drawing)
    assert (len(rules.across), len(rules.down)) == (2, 2)


def test_curves_slants_and_what_is_not_painted_are_no_rules(tmp_path: Path) -> None:
    drawing = PDFDrawing()
    page = drawing.page()
    page.draw("1 w 100 700 m 200 750 300 650 400 700 c S").draw("1 w 100 300 m 400 400 l S")
    page.draw("100 500 300 0.5 re n")
    assert rules_of(tmp_path, drawing) == Rules()


def test_page_when_it_is_turned_then_its_rules_turn_with_it(tmp_path: Path) -> None:
    drawing = PDFDrawing()
    drawing.page(rotation=90).draw("1 w 100 700 m 400 700 l S")
    rules = rules_of(tmp_path, drawing)
    assert (len(rules.across), len(rules.down)) == (0, 1)


def test_map_with_thousands_of_paths_has_none(tmp_path: Path) -> None:
    drawing = PDFDrawing()
    drawing.page().draw("0.5 w " + " ".join(f"10 {10 + n / 8} m 500 {10 + n / 8} l S" for n in range(4100)))
    assert rules_of(tmp_path, drawing) == Rules()
