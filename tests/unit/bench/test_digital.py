import random
from pathlib import Path

import pypdfium2
import pytest

from bench.command import Ran
from bench.digital import judged, plateaus
from bench.drawn_pdf import draw_pdf, page_lines
from bench.measure import Peaks, Spent


def test_drawn_pdf_when_opened_then_its_pages_hold_the_lines_that_were_drawn(tmp_path: Path) -> None:
    path = tmp_path / "drawn.pdf"
    draw_pdf(path, 3, seed=5)
    source = random.Random(5)
    document = pypdfium2.PdfDocument(path)
    assert len(document) == 3
    for page in document:
        read = page.get_textpage().get_text_range().split()
        assert read == " ".join(page_lines(source)).split()
        assert page.get_size() == pytest.approx((595, 842))
    document.close()


def test_drawn_page_when_counted_then_it_has_about_three_thousand_characters_in_even_lines() -> None:
    lines = page_lines(random.Random(1))
    assert 2_800 <= sum(len(line) for line in lines) <= 3_200
    assert max(len(line) for line in lines) <= 64


def ran(cpu_seconds: float, curve: list[tuple[float, int]] | None = None) -> Ran:
    kept = curve or [(0.0, 100_000_000), (cpu_seconds, 100_000_000)]
    peaks = Peaks(tree_bytes=max(memory for _, memory in kept), curve=kept)
    spent = Spent(cpu_seconds=cpu_seconds, wall_seconds=cpu_seconds)
    return Ran(status=0, spent=spent, peaks=peaks, output="", complaint="")


def test_judged_when_fast_linear_and_flat_then_all_is_well() -> None:
    curve = [(second / 10, 100_000_000) for second in range(100)]
    report = judged((1, 250, 1000), [ran(0.5), ran(0.5 + 2.49), ran(0.5 + 9.99, curve)])
    assert [met for _, met in report] == [True, True, True, True]
    assert report[0][0].startswith("100.0 pages a second a core")


def test_judged_when_slow_growing_and_worse_than_linear_then_each_is_told() -> None:
    curve = [(float(second), 100_000_000 + second * 20_000_000) for second in range(100)]
    report = judged((1, 250, 1000), [ran(0.5), ran(5.5), ran(100.0, curve)])
    assert [met for _, met in report] == [False, False, False, False]


def test_plateaus_when_memory_grows_only_before_page_fifty_then_both_are_the_same() -> None:
    curve = [(float(second), 10 * min(second, 4)) for second in range(101)]
    assert plateaus(curve, 1000) == (40, 40)
    assert plateaus([], 1000) == (0, 0)
