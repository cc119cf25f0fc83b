"""Tables on pages of lines and rules: what becomes one, how it is built, and what must stay text."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from ocrchat.document.model import Box, Line, TableBlock
from ocrchat.document.rules import NO_RULES, Rules
from ocrchat.pipeline.tables.find import Tables, tables_in
from tests.factories import line_at
from tests.printed import HEIGHT, across, down, frame, prose, row, rows, spans_of, texts_of

FIGURES = (
    ("Country", "Cases", "Share", "Total"),
    ("Austria", "86.2", "13.8%", "3,375"),
    ("Belgium", "0", "4.1%", "3,973"),
    ("Cyprus", "81.0", "3.8%", "158"),
    ("Denmark", "3.1", "10.2%", "1,662"),
    ("Estonia", "94.2", "5.8%", "430"),
)
LEFTS = (100.0, 300.0, 450.0, 600.0)


def found_in(lines: Sequence[Line], rules: Rules = NO_RULES) -> Tables:
    found = tables_in(lines, lambda: rules)
    _check_no_word_is_lost(lines, found)
    for table in found.blocks:
        _check_cells_do_not_overlap(table)
    return found


def the_table(lines: Sequence[Line], rules: Rules = NO_RULES) -> TableBlock:
    (table,) = found_in(lines, rules).blocks
    return table


def _check_no_word_is_lost(lines: Sequence[Line], found: Tables) -> None:
    def words(some: Sequence[Line]) -> Counter[tuple[str, object]]:
        return Counter((word.text, word.box) for line in some for word in line.words)

    inside = [line for table in found.blocks for cell in table.cells for line in cell.lines]
    assert words([*inside, *found.lines]) == words(lines)


def _check_cells_do_not_overlap(table: TableBlock) -> None:
    places = Counter(
        (cell.row + i, cell.column + j)
        for cell in table.cells
        for i in range(cell.row_span)
        for j in range(cell.column_span)
    )
    assert max(places.values()) == 1
    assert len({place[0] for place in places}) >= 2
    assert len({place[1] for place in places}) >= 2


class TestRuled:
    def test_full_grid_when_every_cell_is_closed_then_each_is_one(self) -> None:
        table = the_table(rows(FIGURES, LEFTS), frame((90, 290, 440, 590, 700), [95 + 30 * at for at in range(7)]))
        assert texts_of(table) == {
            (at, column): text for at, texts in enumerate(FIGURES) for column, text in enumerate(texts)
        }
        assert not spans_of(table)
        assert {cell.row for cell in table.cells if cell.header} == {0}

    def test_grid_when_a_rule_is_missing_then_its_cells_are_one(self) -> None:
        lines = [*row(("Name", "Threshold for release"), (100, 300), 100), *row(("", "air", "water"), LEFTS[:3], 130)]
        lines += rows((("Methane", "100", "-"), ("Ozone", "50", "7")), LEFTS[:3], top=160)
        rules = Rules(
            (across(95, 90, 600), across(125, 290, 600), *(across(y, 90, 600) for y in (155, 185, 215))),
            (down(90, 95, 215), down(290, 95, 215), down(440, 125, 215), down(600, 95, 215)),
        )
        table = the_table(lines, rules)
        assert spans_of(table) == {(0, 0): (2, 1), (0, 1): (1, 2)}
        assert texts_of(table)[0, 1] == "Threshold for release"
        assert texts_of(table)[3, 2] == "7"

    def test_cell_when_it_has_several_lines_then_they_stay_together_in_order(self) -> None:
        lines = [*prose(("Chlorine and", "compounds"), 100), *row(("10",), (300,), 115)]
        lines += row(("Halons", "1"), (100, 300), 165)
        table = the_table(lines, frame((90, 290, 400), (95, 155, 190)))
        assert texts_of(table) == {(0, 0): "Chlorine and / compounds", (0, 1): "10", (1, 0): "Halons", (1, 1): "1"}

    def test_grid_when_it_is_open_at_its_sides_then_the_outer_columns_count(self) -> None:
        rules = Rules(
            tuple(across(95 + 30 * at, 90, 700) for at in range(7)), tuple(down(x, 95, 275) for x in (290, 440, 590))
        )
        assert texts_of(the_table(rows(FIGURES, LEFTS), rules))[5, 3] == "430"

    def test_grid_when_columns_are_ruled_in_the_head_only_then_they_go_on_below(self) -> None:
        rules = Rules(
            tuple(across(95 + 30 * at, 90, 700) for at in range(7)), tuple(down(x, 95, 125) for x in (290, 440, 590))
        )
        table = the_table(rows(FIGURES, LEFTS), rules)
        assert not spans_of(table)
        assert texts_of(table)[3, 2] == "3.8%"

    def test_grid_when_only_columns_are_ruled_then_figures_part_the_rows(self) -> None:
        rules = Rules((across(95, 90, 700), across(125, 90, 700), across(275, 90, 700)), frame(
            (90, 290, 440, 590, 700), (95, 275)).down)  # fmt: skip
        assert texts_of(the_table(rows(FIGURES, LEFTS), rules))[4, 3] == "1,662"

    def test_line_when_it_was_read_across_a_rule_then_its_words_go_to_their_cells(self) -> None:
        lines = [
            line_at("Value of bill Number of bills", (100, 100, 580, 120)),
            *rows((("$5", "12"), ("$9", "7")), (180, 420), top=130),
        ]
        # 29 characters over 480 pixels: "Number" begins at 100 + 14 * 16.6.
        table = the_table(lines, frame((90, 325, 600), (95, 125, 155, 185)))
        assert texts_of(table)[0, 0] == "Value of bill"
        assert texts_of(table)[0, 1] == "Number of bills"

    def test_rule_when_it_is_drawn_double_then_there_is_no_row_in_it(self) -> None:
        rules = frame((90, 290, 440, 590, 700), [95 + 30 * at for at in range(7)])
        double = Rules((*rules.across, across(129, 90, 700)), rules.down)
        table = the_table(rows(FIGURES, LEFTS), double)
        assert 1 + max(cell.row for cell in table.cells) == 6

    def test_box_when_it_frames_prose_then_it_is_no_table(self) -> None:
        text = ("A frame around running text", "is there to make it stand out,", "and says nothing of columns.")
        assert not found_in(prose(text, 100), frame((90, 600), (95, 190))).blocks

    def test_bars_of_a_chart_then_they_are_no_table(self) -> None:
        lines = [*row(("22", "28", "33", "41"), (110, 210, 310, 410), 300), *row(("9", "7"), (110, 310), 360)]
        bars = [(100, 290), (200, 250), (300, 200), (400, 150)]
        rules = Rules(
            (across(400, 90, 500), *(across(top, x, x + 50) for x, top in bars)),
            tuple(down(x + side, top, 400) for x, top in bars for side in (0, 50)),
        )
        assert not found_in(lines, rules).blocks

    def test_tables_when_two_stand_beside_each_other_then_they_are_two(self) -> None:
        lines = [*rows(FIGURES[:3], LEFTS), *rows(FIGURES[:3], [left + 700 for left in LEFTS])]
        one, two = (
            frame((90, 290, 440, 590, 700), (95, 125, 155, 185)),
            frame((790, 990, 1140, 1290, 1400), (95, 125, 155, 185)),
        )
        found = found_in(lines, Rules(one.across + two.across, one.down + two.down))
        assert [texts_of(table)[1, 0] for table in found.blocks] == ["Austria", "Austria"]
        assert not found.lines


class TestUnruled:
    def test_columns_when_figures_line_up_then_they_are_a_table(self) -> None:
        table = the_table(rows(FIGURES, LEFTS))
        assert texts_of(table)[2, 2] == "4.1%"
        assert {cell.row for cell in table.cells if cell.header} == {0}

    def test_table_when_text_stands_around_it_then_the_text_stays(self) -> None:
        before = prose(("The table below shows what was reported in that year by country.",), 100, top=20)
        after = prose(("Only countries that sent their data by the end of May are included.",), 100, top=340)
        found = found_in([*before, *rows(FIGURES, LEFTS), *after])
        assert len(found.blocks) == 1
        assert list(found.lines) == [*before, *after]

    def test_rules_when_they_stand_above_and_below_then_words_need_no_figures(self) -> None:
        texts = (("Trait", "Meaning", "Origin"), ("SCS", "somatic", "milk"), ("BW", "weight", "scale"))
        rules = Rules((across(95, 90, 700), across(125, 90, 700), across(185, 90, 700)), ())
        assert texts_of(the_table(rows(texts, LEFTS[:3]), rules))[2, 1] == "weight"

    def test_head_when_it_stands_over_a_short_rule_then_it_spans_its_columns(self) -> None:
        lines = [*row(("Number reported",), (380,), 70), *rows(FIGURES, LEFTS)]
        rules = Rules((across(65, 90, 700), across(95, 300, 540), across(125, 90, 700), across(275, 90, 700)), ())
        table = the_table(lines, rules)
        assert spans_of(table)[0, 1] == (1, 2)
        assert texts_of(table)[0, 1] == "Number reported"
        assert texts_of(table)[1, 1] == "Cases"

    def test_label_when_it_breaks_then_its_lines_are_one_cell(self) -> None:
        texts = [*FIGURES, ("Former Yugoslav", "", "", ""), ("republic", "1.5", "2.5%", "90")]
        table = the_table(rows(texts, LEFTS, pitch=26))
        assert texts_of(table)[6, 0] == "Former Yugoslav / republic"

    def test_section_title_when_it_has_no_figures_then_it_is_a_row(self) -> None:
        texts = [*FIGURES[:4], ("Northern countries", "", "", ""), *FIGURES[4:]]
        table = the_table(rows(texts, LEFTS))
        assert texts_of(table)[4, 0] == "Northern countries"
        assert texts_of(table)[5, 0] == "Denmark"

    def test_order_of_lines_when_it_differs_then_the_table_is_the_same(self) -> None:
        lines = rows(FIGURES, LEFTS)
        shuffled = random.Random(5).sample(lines, len(lines))
        assert texts_of(the_table(shuffled)) == texts_of(the_table(lines))

    def test_page_when_it_runs_from_the_right_then_cells_keep_their_places_and_directions(self) -> None:
        texts = (
            ("שנה", "סכום", "אחוז"),
            ("2019", "120", "3%"),
            ("2020", "140", "5%"),
            ("2021", "90", "2%"),
            ("2022", "80", "4%"),
        )
        rights = (700.0, 500.0, 300.0)
        lines = [*row(texts[0], rights, 100, rtl=True), *rows(texts[1:], [right - 40 for right in rights], top=130)]
        table = the_table(lines)
        by_text = {text: place for place, text in texts_of(table).items()}
        # Numbered from the left of the page, as everything found by its place is: exports turn it round.
        assert [by_text[text][1] for text in texts[0]] == [2, 1, 0]
        assert {line.direction for cell in table.cells if cell.row == 0 for line in cell.lines} == {"rtl"}

    def test_tables_when_the_rules_end_between_them_then_they_are_two(self) -> None:
        left, right = (
            rows([texts[:2] for texts in FIGURES], (100, 250)),
            rows([texts[:2] for texts in FIGURES], (500, 650)),
        )
        rules = Rules(tuple(across(y, x, x + 220) for x in (95, 495) for y in (95, 125, 275)), ())
        found = found_in([*left, *right], rules)
        assert len(found.blocks) == 2
        assert all(len(table.cells) == 12 for table in found.blocks)

    def test_lines_when_a_table_spans_part_of_one_then_the_rest_of_it_stays(self) -> None:
        lines = rows(FIGURES, LEFTS)
        wide = line_at("Sum of all 999", (100, 280, 240, 300))
        found = found_in([*lines, wide])
        assert found.blocks


class TestText:
    """What must not become a table."""

    def test_page_of_two_columns(self) -> None:
        left = [f"This is a line of running text, number {at} here" for at in range(12)]
        right = [f"and that is one of the other column, its {at}th" for at in range(12)]
        assert not found_in([*prose(left, 100), *prose(right, 640)]).blocks

    def test_page_of_two_columns_between_rules(self) -> None:
        left = [f"This is a line of running text, number {at} here" for at in range(12)]
        right = [f"and that is one of the other column, its {at}th" for at in range(12)]
        rules = Rules((across(90, 100, 1120), across(470, 100, 1120)), ())
        assert not found_in([*prose(left, 100), *prose(right, 640)], rules).blocks

    @pytest.mark.parametrize(
        "marks", [("•",) * 6, tuple(f"{n}." for n in range(1, 7)), ("a)", "b)", "c)", "d)", "e)", "f)")]
    )
    def test_list(self, marks: Sequence[str]) -> None:
        items = ("Apples", "Pears", "Plums", "Cherries", "Grapes", "Figs")
        assert not found_in(rows(list(zip(marks, items, strict=True)), (100, 150))).blocks

    def test_contents(self) -> None:
        titles = ("Preface", "The river", "A journey", "Return", "Index")
        pages = ("7", "12", "45", "101", "260")
        assert not found_in(rows(list(zip(titles, pages, strict=True)), (100, 600))).blocks

    def test_contents_with_leaders(self) -> None:
        entries = [(f"Chapter {at} . . . . . . . . . . .", str(200 - at)) for at in range(1, 6)]
        assert not found_in(rows(entries, (100, 600))).blocks

    def test_form(self) -> None:
        fields = (("Name:", "Ada"), ("Street:", "High St"), ("Town:", "Ely"), ("Date:", "1.5.2020"), ("Sum:", "12"))
        assert not found_in(rows(fields, (100, 300))).blocks

    def test_transcript_with_line_numbers(self) -> None:
        said = (
            "That was the basement.",
            "Was it?",
            "There was a room",
            "I did not see it",
            "Which floor?",
            "The second.",
        )
        assert not found_in(rows([(str(at), text) for at, text in enumerate(said, 1)], (60, 140))).blocks

    def test_choices(self) -> None:
        texts = (("A", "12", "C", "15"), ("B", "13", "D", "16"), ("F", "1", "H", "5"), ("G", "3", "J", "8"))
        assert not found_in(rows(texts, (100, 150, 400, 450))).blocks

    def test_three_names_over_dates(self) -> None:
        texts = (
            ("Ann Smith", "Bob Jones", "Cy Young"),
            ("Sales", "Sales", "Stock"),
            ("1/4/2012", "2/4/2012", "3/4/2012"),
        )
        assert not found_in(rows(texts, LEFTS[:3])).blocks

    def test_pair_of_signatures(self) -> None:
        assert not found_in([*row(("The buyer", "The seller"), (100, 500), 100)]).blocks

    def test_vertical_writing(self) -> None:
        column = Line(text="縦書きの本文", box=line_at("x", (500, 100, 520, 400)).box, direction="ttb")
        assert found_in([column, column]).lines == (column, column)


def test_rules_when_nothing_stands_beside_anything_then_they_are_not_asked_for() -> None:
    def never() -> Rules:
        raise AssertionError

    lines = prose([f"A line of prose, the {at}th of them" for at in range(30)], 100)
    assert tables_in(lines, never).lines == tuple(lines)


def test_page_when_it_is_empty_then_there_is_nothing() -> None:
    assert tables_in([], lambda: NO_RULES) == Tables()


def test_heights_when_they_differ_then_rows_are_still_rows() -> None:
    lines = rows(FIGURES, LEFTS)
    taller = [
        line_at(line.text, (line.box.left, line.box.top - 3, line.box.right, line.box.top + HEIGHT + 3))
        for line in lines[::3]
    ]
    mixed = [taller[at // 3] if at % 3 == 0 else line for at, line in enumerate(lines)]
    assert texts_of(the_table(mixed)) == texts_of(the_table(lines))


def test_names_with_titles_when_set_side_by_side_are_no_table() -> None:
    cards = [("Ann Lee 0021", "Bo Hamilton 11", "Cy Young 017"), ("Sales Rope", "Sales Hemp", "Sales Wire")]
    cards += [("Ann", "Bo", "Cy")]
    lines = [*rows(cards, (100.0, 350.0, 600.0)), *rows(cards, (100.0, 350.0, 600.0), top=226.0)]
    assert not found_in(lines).blocks


def test_bars_of_a_chart_when_read_between_rules_are_no_table() -> None:
    bars = [line_at("XX", (box.box.left, box.box.top, box.box.right, box.box.bottom), confidence=0.3)
            for box in rows(FIGURES, LEFTS)]  # fmt: skip
    assert not tables_in(bars, lambda: frame((90, 290, 440, 590, 700), [95 + 30 * at for at in range(7)])).blocks


def test_figures_in_columns_when_they_stand_in_a_picture_are_no_table() -> None:
    lines = rows(FIGURES, LEFTS)
    assert found_in(lines).blocks
    assert not tables_in(lines, lambda: NO_RULES, drawn=[Box(80, 90, 760, 300)]).blocks


def test_columns_when_one_row_of_ten_stands_across_are_found() -> None:
    body = [("Jute", "1.5", "2.5", "3.5")] * 9
    wide = [
        line_at("Number of all the samples", (100, 400, 350, 420)),
        line_at("679 of them 566 of those", (450, 400, 690, 420)),
    ]
    table = the_table([*rows([("Name", "A", "B", "C"), *body], LEFTS), *wide])
    assert max(cell.column for cell in table.cells) == 3


def test_amounts_when_their_currency_stands_apart_are_in_their_column() -> None:
    texts = [("Revenue", "$", "7,230", "8,382"), *[(f"Item{at}", "", f"{at}.10", f"{at}.25") for at in range(5)]]
    table = the_table(rows(texts, (100.0, 330.0, 450.0, 600.0)))
    assert max(cell.column for cell in table.cells) == 2
    assert texts_of(table)[0, 1] == "$ / 7,230"


def test_region_when_its_grid_is_doubtful_is_told_as_read_across() -> None:
    close = [
        ("Hemp", "7.1", "10,752 11,510", ""),
        ("Jute", "8.2", "13,001 14,790", ""),
        ("Wire", "9.3", "15,002 16,100", ""),
    ]
    apart = [("Rope", "1.5", "11.4", "7.0"), ("Cord", "2.5", "14.7", "6.5"), ("Yarn", "3.5", "15.5", "7.3")]
    lines = rows([*close, *apart], (100.0, 300.0, 450.0, 530.0))
    found = found_in(lines)
    assert not found.blocks
    (box,) = found.across
    assert box.top <= 100
    assert box.bottom >= 270
