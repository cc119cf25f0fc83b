"""What a few lines say of a page."""

from __future__ import annotations

import pytest

from ocrchat.document.image import Region
from ocrchat.document.model import Box, Direction, Line
from ocrchat.pipeline.doubt import (
    is_picture,
    is_set_downwards,
    lines_of_text,
    looks_foreign,
    reads_upright,
    runs_down,
    sample_of,
)

SCRIPTS = frozenset({"Latn", "Hani"})
PAGE = {"width": 1000, "height": 1400}


def _line(text: str, confidence: float = 0.97, *, direction: Direction = "ltr") -> Line:
    return Line(text=text, box=Box(0, 0, 400, 20), confidence=confidence, direction=direction)


def _region(width: float, height: float, confidence: float = 0.9) -> Region:
    return Region(box=Box(10, 10, 10 + width, 10 + height), confidence=confidence)


@pytest.mark.parametrize(
    ("text", "confidence", "foreign"),
    [
        ("skupiny mladých lidi provolávaly slávu", 0.8, False),
        ("faffe es. Es ift nicht gut, daß der Menfch", 0.8, True),
        ("faffe es. Es ift nicht gut, daß der Menfch", 0.95, False),
        ("ı qq qım ı ιı: U ıι ı q ı p hm qnp", 0.25, True),
    ],
)
def test_looks_foreign_when_print_is_worn_then_not_but_where_its_words_have_a_long_s(
    text: str, confidence: float, foreign: bool
) -> None:
    assert looks_foreign([_line(text, confidence)], SCRIPTS) is foreign


def test_reads_upright_when_lines_run_across_and_read_well() -> None:
    sure = _line("All human beings are born")
    assert reads_upright([sure, sure], SCRIPTS)
    assert not reads_upright([_line("All human beings are born", 0.3)], SCRIPTS)
    assert not reads_upright([_line("No 7")], SCRIPTS), "too little to tell"
    down = _line("All human beings are born", direction="ttb")
    assert not reads_upright([down, down, sure], SCRIPTS)
    assert runs_down([down, down, sure])
    assert not runs_down([down, sure])


def test_is_set_downwards_when_ideographs_read_well() -> None:
    assert is_set_downwards([_line("吾輩は猫である名前はまだ無い", direction="ttb")], SCRIPTS | {"Jpan"})
    assert not is_set_downwards([_line("吾輩は猫である名前はまだ無い", 0.3, direction="ttb")], SCRIPTS | {"Jpan"})
    assert not is_set_downwards([_line("All human beings are born", direction="ttb")], SCRIPTS)


def test_lines_of_text_when_regions_have_other_shapes_then_left_out() -> None:
    line = _region(300, 24)
    stain, leaf, speck, doubtful = _region(40, 30), _region(900, 400), _region(20, 3), _region(300, 24, 0.55)
    assert lines_of_text([line, stain, leaf, speck, doubtful], **PAGE) == [line]


def test_is_picture_when_letters_are_few_and_unsure_and_shapes_are_no_lines() -> None:
    stains = [_region(40, 30), _region(36, 33), _region(12, 12)]
    assert is_picture([_line("c", 0.4), _line("4f", 0.3)], stains, **PAGE)
    assert is_picture([_line("."), _line("- ,")], [_region(300, 24)], **PAGE), "nothing but stops"
    assert not is_picture([_line("RED", 0.88)], stains, **PAGE)
    assert not is_picture([_line("7", 0.98)], stains, **PAGE), "the number of a page"
    assert not is_picture([_line("lidl provola", 0.4)], [_region(300, 24), _region(280, 25)], **PAGE), "worn print"


def test_sample_of_when_lines_are_many_takes_long_ones_from_all_parts() -> None:
    regions = [_region(100 + 10 * (number % 7), 20) for number in range(40)]
    chosen = sample_of(regions)
    assert len(set(chosen)) == 4
    assert all(regions[at].box.width == 160 for at in chosen)
    assert sample_of(regions[:2]) == [0, 1]
