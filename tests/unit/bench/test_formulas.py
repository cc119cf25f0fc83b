from pathlib import Path

import pytest
from PIL import Image

from bench.corpus import Case
from bench.formulas import formula_boxes, text_without_formulas
from bench.pages import give, truth_of

DISPLAYED = {"category_type": "equation_isolated", "poly": [10.4, 20.6, 40.2, 20.6, 40.2, 30.5, 10.4, 30.5]}
TEXT = {"category_type": "text_block", "poly": [0, 0, 9, 0, 9, 9, 0, 9]}


def test_text_when_a_formula_stands_alone_then_it_goes_with_its_lines() -> None:
    assert text_without_formulas("before\n\n$$\nx = \\frac{1}{2}\n$$\n\n(13)").split() == ["before", "(13)"]


@pytest.mark.parametrize(
    ("truth", "text"),
    [
        ("8.56 $ km^{2} $ of land", "8.56 km2 of land"),
        ("$ \\textcircled{1} $note", "①note"),
        ("$ 20\\% $ of", "20% of"),
        ("A $ \\frac{2}{17} $ B", "A  B"),
        ("bills were $10 or $20 bills", "bills were $10 or $20 bills"),
    ],
)
def test_text_when_a_formula_stands_in_a_line_then_only_plain_characters_stay(truth: str, text: str) -> None:
    assert text_without_formulas(truth) == text


def test_boxes_when_a_page_is_annotated_then_only_formulas_of_their_own_count() -> None:
    assert formula_boxes({"blocks": [TEXT, DISPLAYED]}) == [(10, 20, 41, 31)]


def formula_page(folder: Path) -> Case:
    Image.new("RGB", (60, 50), "black").save(folder / "page.png")
    (folder / "page.gt.txt").write_text("text\n$$\nx\n$$", encoding="utf-8")
    (folder / "page.gt.json").write_text(
        '{"blocks": [{"category_type": "equation_isolated", "poly": [10, 20, 40, 20, 40, 30, 10, 30]}]}',
        encoding="utf-8",
    )
    return Case(set_name="s", id="page", file=folder / "page.png", languages=("en",), without_formulas=True)


def test_page_when_it_has_formulas_then_every_reader_is_given_the_same_page_without(tmp_path: Path) -> None:
    case = formula_page(tmp_path)
    cache = tmp_path / "cache"
    cache.mkdir()
    ours, peers = (give(case, cache, reads_pdf=reads_pdf) for reads_pdf in (True, False))
    assert ours == peers
    with Image.open(ours.files[0]) as image:
        assert image.getpixel((25, 25)) == (255, 255, 255)
        assert image.getpixel((5, 5)) == (0, 0, 0)
    assert truth_of(case).text.strip() == "text"


def test_page_when_formulas_count_then_the_file_itself_is_given(tmp_path: Path) -> None:
    page = formula_page(tmp_path)
    case = Case(set_name="s", id=page.id, file=page.file, languages=("en",))
    given = give(case, tmp_path, reads_pdf=False)
    assert given.files == (case.file,)
    assert "$$" in truth_of(case).text
