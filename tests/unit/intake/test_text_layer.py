"""What is taken from a PDF's own text, what is believed, and what ink it leaves to an engine."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from ocrchat.document.geometry import transform_point
from ocrchat.document.model import Line
from ocrchat.intake.limits import Limits
from ocrchat.intake.opened import open_source
from ocrchat.intake.text_layer import TextLayer
from tests.drawing import WHITE, FontUse, PDFDrawing, PDFPage
from tests.pictures import text_pixels

PROSE = [
    "It was a bright cold day in April, and the clocks were striking.",
    "The hallway smelt of boiled cabbage and old rag mats; at one end of it",
    "a coloured poster, too large for indoor display, had been tacked to the wall.",
    "Nobody in the house took the lift at that time of day, as the current was cut.",
]


def layer_of(folder: Path, drawing: PDFDrawing) -> TextLayer:
    with open_source(drawing.save(folder / "a.pdf"), limits=Limits()) as source:
        layer = source.text_layer(1)
    assert layer is not None
    return layer


def texts(layer: TextLayer) -> list[str]:
    return [line.text for line in layer.lines]


def one_page(**settings: object) -> tuple[PDFDrawing, PDFPage]:
    drawing = PDFDrawing()
    return drawing, drawing.page(**settings)  # type: ignore[arg-type]  # page's own arguments, passed through


def only_line(layer: TextLayer) -> Line:
    assert len(layer.lines) == 1, texts(layer)
    return layer.lines[0]


class TestWords:
    def test_page_when_born_digital_then_it_is_complete(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.paragraph(60, 780, PROSE)
        layer = layer_of(tmp_path, drawing)
        assert texts(layer) == PROSE
        assert layer.is_complete
        assert not layer.blank
        assert (layer.width, layer.height, layer.dpi) == (1240, 1754, 150.0)
        line = layer.lines[0]
        assert (line.reader, line.confidence, line.direction) == ("text-layer", 1.0, "ltr")
        assert " ".join(word.text for word in line.words) == line.text

    @pytest.mark.parametrize("rotation", [0, 90, 180, 270])
    def test_boxes_when_the_page_is_turned_for_display_then_they_lie_on_the_ink(
        self, tmp_path: Path, rotation: int
    ) -> None:
        drawing, page = one_page(rotation=rotation, crop=(20, 40, 500, 800))
        page.text(100, 300, "Hello", size=30).text(200, 300, "again", size=30)
        with open_source(drawing.save(tmp_path / "a.pdf"), limits=Limits()) as source:
            layer = source.text_layer(1)
            picture = source.page_image(1, 150.0)
        assert layer is not None
        assert picture.pixels.shape == (layer.height, layer.width)
        ink = picture.pixels < 128
        for word in (word for line in layer.lines for word in line.words):
            left, top, right, bottom = (round(side) for side in word.box)
            part = ink[top : bottom + 1, left : right + 1]
            assert part.any()
            ink[max(0, top - 2) : bottom + 3, max(0, left - 2) : right + 3] = False
        assert not ink.any()

    def test_transform_when_applied_to_a_word_then_it_finds_its_place_in_the_file(self, tmp_path: Path) -> None:
        drawing, page = one_page(rotation=90, origin=(-10.0, 25.0))
        page.text(100, 300, "Hello", size=30)
        layer = layer_of(tmp_path, drawing)
        box = layer.lines[0].box
        x, y = transform_point(layer.to_source, ((box.left + box.right) / 2, (box.top + box.bottom) / 2))
        assert 100 < x < 180
        assert 295 < y < 325

    def test_lines_when_of_one_size_then_their_boxes_are_of_one_height(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.paragraph(60, 780, ["aceno", "bdfhk", "gjpqy"])
        heights = [line.box.height for line in layer_of(tmp_path, drawing).lines]
        assert max(heights) < 1.1 * min(heights)

    def test_cells_when_far_apart_in_a_row_then_they_are_lines_of_their_own(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.text(60, 700, "Apples").text(300, 700, "3.20").text(400, 700, "12")
        assert texts(layer_of(tmp_path, drawing)) == ["Apples", "3.20", "12"]

    def test_line_when_drawn_in_pieces_out_of_order_then_it_is_one(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.text(60, 700, "Please", size=12).text(60, 600, "Elsewhere", size=12)
        page.text(99.5, 700, "pay", size=12, font="Helvetica-Bold").text(124, 700, "now.", size=12)
        layer = layer_of(tmp_path, drawing)
        assert sorted(texts(layer)) == ["Elsewhere", "Please pay now."]
        line = next(line for line in layer.lines if line.text.startswith("Please"))
        assert [word.style.bold for word in line.words] == [False, True, False]

    def test_hyphen_when_at_the_end_of_a_line_then_it_stays_and_the_line_ends(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.paragraph(60, 780, ["an exam-", "ple of soft\xad", "hyphens"])
        assert texts(layer_of(tmp_path, drawing)) == ["an exam-", "ple of soft-", "hyphens"]

    @pytest.mark.parametrize(
        ("font", "bold", "italic", "monospace"),
        [
            ("Helvetica", False, False, False),
            ("Times-Bold", True, False, False),
            ("Times-Italic", False, True, False),
            ("Courier-BoldOblique", True, True, True),
        ],
    )
    def test_style_when_the_font_tells_then_words_have_it(
        self, tmp_path: Path, font: str, bold: bool, italic: bool, monospace: bool
    ) -> None:
        drawing, page = one_page()
        page.text(60, 700, "styled", font=font)
        style = only_line(layer_of(tmp_path, drawing)).words[0].style
        assert (style.bold, style.italic, style.monospace) == (bold, italic, monospace)

    def test_footnote_mark_when_small_and_high_then_it_is_a_superscript(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.text(60, 700, "Some text", size=14).text(127, 705, "12", size=7).text(138, 700, "goes on", size=14)
        words = only_line(layer_of(tmp_path, drawing)).words
        assert {word.text: word.style.script for word in words} == {
            "Some": "",
            "text": "",
            "12": "super",
            "goes": "",
            "on": "",
        }

    def test_ligatures_when_written_as_one_character_then_letters_are_told_and_other_signs_kept(
        self, tmp_path: Path
    ) -> None:
        drawing, page = one_page()
        page.text(60, 700, "oﬃce ﬁne ﬂow x² ½ №", font="NotoSans")
        assert only_line(layer_of(tmp_path, drawing)).text == "office fine flow x² ½ №"

    def test_character_when_beyond_the_basic_plane_then_it_is_whole_and_boxes_stay_right(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.text(60, 700, "x after", font=FontUse("NotoSans", lambda c: "𝔸" if c == "x" else c))
        line = only_line(layer_of(tmp_path, drawing))
        assert line.text == "𝔸 after"
        assert line.words[1].box.left > line.words[0].box.right

    def test_bullet_when_from_a_symbol_font_then_it_is_one(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.text(60, 700, "n", font=FontUse("NotoSans", lambda _: "\uf0b7")).text(75, 700, PROSE[0])
        layer = layer_of(tmp_path, drawing)
        assert layer.trusted
        assert texts(layer)[0].startswith("•")


class TestDirections:
    @pytest.mark.parametrize(
        ("font", "text"),
        [("NotoSansHebrew", "שלום עולם יפה"), ("NotoSansArabic", "مرحبا بالعالم الجميل")],
    )
    def test_right_to_left_when_drawn_as_seen_then_it_is_in_logical_order(
        self, tmp_path: Path, font: str, text: str
    ) -> None:
        drawing, page = one_page()
        page.text(60, 700, text[::-1], font=font)
        line = only_line(layer_of(tmp_path, drawing))
        assert (line.text, line.direction) == (text, "rtl")
        assert line.words[0].box.left > line.words[-1].box.right

    def test_arabic_ligature_when_named_as_two_letters_then_they_are_in_order(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        # One glyph stands for lam-alef, another for fa-ya, as in fonts of printed books.
        ligatures = {"ط": "لا", "ظ": "في"}
        page.text(60, 700, "سطم ظ"[::-1], font=FontUse("NotoSansArabic", lambda c: ligatures.get(c, c)))
        assert only_line(layer_of(tmp_path, drawing)).text == "سلام في"

    @pytest.mark.parametrize("angle", [90, 270, 180])
    def test_lone_run_when_turned_then_its_outline_says_how_it_reads(self, tmp_path: Path, angle: int) -> None:
        drawing, page = one_page()
        page.text(300, 400, "Sideways stamp", angle=angle, size=20)
        layer = layer_of(tmp_path, drawing)
        line = only_line(layer)
        assert line.text == "Sideways stamp"
        assert layer.rotation == 0
        (x0, y0), (x1, y1) = line.outline[:2]
        direction = {90: (0, -1), 270: (0, 1), 180: (-1, 0)}[angle]
        assert np.sign(round(x1 - x0)) == direction[0]
        assert np.sign(round(y1 - y0)) == direction[1]

    @pytest.mark.parametrize("angle", [90, 180, 270])
    def test_page_when_all_its_text_is_turned_then_it_is_turned_upright(self, tmp_path: Path, angle: int) -> None:
        drawing, page = one_page()
        for index, line in enumerate(PROSE):
            place = {90: (100 + 20 * index, 100), 180: (550, 400 + 20 * index), 270: (400 - 20 * index, 700)}[angle]
            page.text(*place, line, angle=angle)
        with open_source(drawing.save(tmp_path / "a.pdf"), limits=Limits()) as source:
            layer = source.text_layer(1)
            picture = source.page_image(1, 150.0)
        assert layer is not None
        assert layer.rotation == picture.rotation == angle
        assert sorted(texts(layer)) == sorted(PROSE)
        assert all(line.box.width > line.box.height for line in layer.lines)
        assert picture.pixels.shape == (layer.height, layer.width)


class TestHidden:
    @pytest.mark.parametrize("how", ["white", "outside", "cropped", "clipped", "zero"])
    def test_text_when_nobody_can_see_it_then_it_is_not_passed_on(self, tmp_path: Path, how: str) -> None:
        drawing, page = one_page(crop=(50, 50, 500, 800))
        page.text(60, 700, "seen")
        match how:
            case "white":
                page.text(60, 600, "ghost", color=WHITE)
            case "outside":
                page.text(900, 600, "ghost")
            case "cropped":
                page.text(10, 600, "ghost")
            case "clipped":
                page.operators.append(b"q 300 300 10 10 re W n")
                page.text(60, 600, "ghost")
                page.operators.append(b"Q")
            case _:
                page.text(60, 600, "ghost", size=0.0001)
        assert texts(layer_of(tmp_path, drawing)) == ["seen"]

    def test_white_text_when_on_a_dark_field_then_it_is_passed_on(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.fill(50, 590, 300, 30).text(60, 600, "reversed", color=WHITE)
        layer = layer_of(tmp_path, drawing)
        assert texts(layer) == ["reversed"]
        assert layer.is_complete

    def test_pale_text_when_it_can_just_be_seen_then_it_is_passed_on(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.text(60, 600, "pale but there", size=8, color=(0.85, 0.85, 0.85))
        assert texts(layer_of(tmp_path, drawing)) == ["pale but there"]


class TestTrust:
    @pytest.mark.parametrize(
        ("unicode_of", "reason"),
        [
            (None, "characters|font"),
            (lambda c: chr(0xE000 + ord(c)), "without meaning"),
            (lambda _: "\ufffd", "without meaning"),
            (lambda c: chr(ord(c) + 3) if c.isalpha() else c, "no words"),
            (lambda c: chr(ord(c) - 29) if c.isalpha() else c, "no words"),
        ],
        ids=["no map", "private use", "replacement", "shifted up", "glyph numbers"],
    )
    def test_layer_when_its_characters_are_not_those_printed_then_it_is_distrusted(
        self, tmp_path: Path, unicode_of: object, reason: str
    ) -> None:
        drawing, page = one_page()
        use = FontUse("NotoSans", unicode_of)  # type: ignore[arg-type]  # each is a str -> str, or None
        for index, line in enumerate(PROSE):
            page.text(60, 700 - 20 * index, line, font=use)
        layer = layer_of(tmp_path, drawing)
        assert not layer.trusted
        assert not layer.is_complete
        assert re.search(reason, layer.reason), layer.reason

    @pytest.mark.parametrize(
        "lines",
        [
            ["Тестовая страница с русским текстом для проверки"] * 4,
            ["Η γρήγορη καφετιά αλεπού πηδά πάνω από το σκυλί"] * 4,
            ["Zażółć gęślą jaźń; szczęśliwy źdźbło chrząszcz brzmi"] * 4,
            ["HTML CSS JSON XML HTTP", "BMW VW GmbH kWh Mbps", "Art. 4711-B/2, DIN EN 1234"],
            ["12 345,00 99,50 1.234", "2024-01-31 17:45 +49 30 1234"],
        ],
    )
    def test_layer_when_its_text_is_of_any_kind_then_it_is_trusted(self, tmp_path: Path, lines: list[str]) -> None:
        drawing, page = one_page()
        for index, line in enumerate(lines):
            page.text(60, 700 - 20 * index, line, font="NotoSans")
        layer = layer_of(tmp_path, drawing)
        assert layer.is_complete, (layer.reason, layer.uncovered)
        assert texts(layer) == lines


class TestScans:
    """A4 page at 100 dpi: the picture of a page, with or without a layer of text."""

    LINES = tuple(PROSE * 3)

    def scan(self, page: PDFPage) -> None:
        pixels = text_pixels(self.LINES, size=(826, 1169), height=18)
        page.picture(0, 0, 595, 842, pixels)

    def layer_text(self, page: PDFPage, lines: tuple[str, ...], *, shift: float = 0.0, mode: int = 3) -> None:
        for index, line in enumerate(lines):
            # Where text_image puts it: half an em from the left and top, lines one and a half apart.
            baseline = 842 - (9 + index * 27 + 19) * 0.72
            page.text(6.5, baseline - shift, line, size=12.96, font="NotoSans", mode=mode)

    def test_scan_when_it_has_no_text_then_all_of_it_is_left(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        self.scan(page)
        layer = layer_of(tmp_path, drawing)
        assert layer.lines == ()
        assert not layer.blank
        assert len(layer.uncovered) == 1
        left, top, right, bottom = layer.uncovered[0]
        assert left < 40 and top < 50 and right > 900 and bottom > 480

    def test_scan_when_its_layer_fits_then_it_is_trusted(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        self.scan(page)
        self.layer_text(page, self.LINES)
        layer = layer_of(tmp_path, drawing)
        assert (layer.trusted, layer.reason) == (True, "")
        assert texts(layer)[:4] == PROSE

    def test_scan_when_its_layer_stands_beside_the_print_then_it_is_distrusted(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        self.scan(page)
        self.layer_text(page, self.LINES, shift=450)
        assert not layer_of(tmp_path, drawing).trusted

    def test_scan_when_its_layer_leaves_out_half_then_it_is_distrusted(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        self.scan(page)
        self.layer_text(page, self.LINES[:5])
        layer = layer_of(tmp_path, drawing)
        assert "leaves out" in layer.reason
        assert layer.uncovered

    def test_scan_when_its_layer_is_misread_then_it_is_distrusted(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        self.scan(page)
        misread = tuple(line.replace("o", "0") for line in self.LINES)
        self.layer_text(page, misread)
        assert "misread" in layer_of(tmp_path, drawing).reason

    @pytest.mark.parametrize("lines", [LINES, LINES[:5]])
    def test_text_when_it_lies_under_the_scan_then_it_is_judged_like_invisible_text(
        self, tmp_path: Path, lines: tuple[str, ...]
    ) -> None:
        drawing, page = one_page()
        self.layer_text(page, lines, mode=0)
        self.scan(page)
        assert layer_of(tmp_path, drawing).trusted is (lines == self.LINES)


class TestUncovered:
    def test_picture_when_it_holds_text_then_it_alone_is_left(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.paragraph(60, 780, PROSE).picture(100, 400, 300, 100, text_pixels())
        layer = layer_of(tmp_path, drawing)
        assert layer.trusted
        assert texts(layer) == PROSE
        assert len(layer.uncovered) == 1
        box = layer.uncovered[0]
        scale = 150 / 72
        assert 100 * scale - 4 <= box.left and box.right <= 400 * scale + 4
        assert (842 - 500) * scale - 4 <= box.top and box.bottom <= (842 - 400) * scale + 4

    def test_note_when_drawn_by_viewers_then_its_text_is_read_too(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.text(60, 700, "Page text").note(100, 400, 200, 30, "A remark in the margin")
        layer = layer_of(tmp_path, drawing)
        assert texts(layer) == ["Page text", "A remark in the margin"]
        assert layer.is_complete

    def test_page_when_it_has_rules_fields_and_bullets_then_nothing_is_left(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.paragraph(60, 780, PROSE)
        page.draw("0.5 w 50 600 400 100 re S").draw("1 w 50 650 m 450 650 l S").draw("2 w 250 600 m 250 700 l S")
        page.fill(50, 400, 400, 60, color=(0.8, 0.9, 1)).fill(50, 300, 4, 4).fill(0, 0, 595, 40)
        layer = layer_of(tmp_path, drawing)
        assert layer.uncovered == ()
        assert layer.is_complete

    def test_text_when_drawn_as_a_shape_then_it_is_left(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.paragraph(60, 780, PROSE)
        # Letters as filled outlines, as logos are: stems and bars at changing heights.
        for index in range(12):
            page.fill(100 + 7 * index, 500, 2, 10).fill(100 + 7 * index, 500 + 4 * (index % 3), 5, 2)
        layer = layer_of(tmp_path, drawing)
        assert len(layer.uncovered) == 1
        assert layer.uncovered[0].left == pytest.approx(100 * 150 / 72, abs=8)

    def test_page_when_nothing_is_on_it_then_it_is_blank(self, tmp_path: Path) -> None:
        drawing, _ = one_page()
        layer = layer_of(tmp_path, drawing)
        assert layer.blank
        assert layer.is_complete
        assert layer.lines == ()

    def test_invisible_text_when_the_page_is_empty_then_it_is_not_passed_on(self, tmp_path: Path) -> None:
        drawing, page = one_page()
        page.paragraph(60, 780, PROSE)
        page.operators = [operator.replace(b"0 Tr", b"3 Tr") for operator in page.operators]
        layer = layer_of(tmp_path, drawing)
        assert layer.blank
        assert layer.lines == ()
