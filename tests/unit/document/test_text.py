from __future__ import annotations

from dataclasses import replace

import pytest

from ocrchat.document import text as running
from ocrchat.document.model import PLAIN, Box, Line, Style
from ocrchat.document.text import Run
from tests.factories import BOLD, ITALIC, line_at


class TestJoinedText:
    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            (["one", "two"], "one two"),
            (["hyphen-", "ated word"], "hyphenated word"),
            (["hyphen\u2010", "ated"], "hyphenated"),
            (["soft\u00ad", "Ware"], "softWare"),
            (["Straſ⸗", "ſe"], "Straſſe"),
            (["not¬", "sign"], "notsign"),
            (["Jean-", "Pierre"], "Jean-Pierre"),
            (["UTF-", "8 text"], "UTF-8 text"),
            (["1914-", "1918"], "1914-1918"),
            (["1914-", "und"], "1914- und"),
            (["Haupt-", "und Nebensatz"], "Haupt- und Nebensatz"),
            (["gold-", "en"], "golden"),
            (["a dash -", "and on"], "a dash - and on"),
            (["-", "lonely"], "- lonely"),
            (["word-", "(sic)"], "word- (sic)"),
            (["使用这种", "方法"], "使用这种方法"),
            (["これは", "「本」です"], "これは「本」です"),
            (["使用", "Python"], "使用 Python"),
            (["한국어는", "띄어 쓴다"], "한국어는 띄어 쓴다"),
            (["ประเทศ", "ไทย"], "ประเทศไทย"),
            (["שלום", "עולם"], "שלום עולם"),
            (["  padded ", "", "  ", " more"], "padded more"),
            ([], ""),
        ],
    )
    def test_joined_text_when_lines_meet_reads_as_a_paragraph(self, lines: list[str], expected: str) -> None:
        assert running.joined_text(lines) == expected

    def test_joined_text_when_given_lines_of_the_model_takes_their_text(self) -> None:
        assert running.joined_text([line_at("a b", (0, 0, 9, 9)), "c"]) == "a b c"

    def test_joined_text_when_there_are_very_many_lines_stays_linear(self) -> None:
        assert len(running.joined_text(["x" * 40] * 20_000)) == 20_000 * 41 - 1

    def test_joined_pair_when_one_side_is_empty_leaves_the_other(self) -> None:
        assert running.joined_pair("", "a") == ("", "a")
        assert running.joined_pair("a-", "") == ("a-", "")

    def test_gap_between_when_there_is_space_already_is_empty(self) -> None:
        assert running.gap_between("a ", "b") == running.gap_between("a", " b") == running.gap_between("", "b") == ""


class TestPrintable:
    def test_printable_when_text_is_clean_returns_the_same_object(self) -> None:
        text = "plain é العربية 👍 \u200d\u202e"
        assert running.printable(text) is text

    def test_printable_when_text_has_controls_removes_them_and_keeps_lines_whole(self) -> None:
        assert running.printable("a\x00b\tc\nd\u2028e\ud83df\uffffg\x9fh") == "ab c d e\ufffdfgh"


class TestSpans:
    def test_spans_when_words_spell_the_line_give_it_back_exactly(self) -> None:
        line = line_at("the  quick brown", (0, 0, 160, 10))
        spans = running.spans_of_line(line)
        assert "".join(span.text + span.gap for span in spans) == line.text
        assert [span.gap for span in spans] == ["  ", " ", ""]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("the fox", ["the", "dog"]),
            ("the fox", ["the"]),
            ("the fox", ["fox"]),
            ("a b c", ["a", "c"]),
            ("a", ["a", ""]),
        ],
    )
    def test_spans_when_words_do_not_spell_the_line_are_none(self, text: str, words: list[str]) -> None:
        assert running.spans_of_line(line_at(text, (0, 0, 100, 10), words=words)) == []

    def test_spans_when_the_script_has_no_spaces_have_no_gaps(self) -> None:
        spans = running.spans_of_line(line_at("東京都庁", (0, 0, 40, 10), words=["東京", "都庁"]))
        assert [(span.text, span.gap) for span in spans] == [("東京", ""), ("都庁", "")]


class TestRuns:
    def test_runs_when_styles_change_keep_the_space_outside(self) -> None:
        line = line_at("one two three", (0, 0, 130, 10), style=BOLD)
        line = replace(line, words=(replace(line.words[0], style=PLAIN), *line.words[1:]))
        assert running.runs_of_line(line) == [Run("one", PLAIN), Run(" ", PLAIN), Run("two three", BOLD)]

    def test_runs_when_a_line_has_no_words_are_plain(self) -> None:
        assert running.runs_of_line(Line(text=" x ", box=Box(0, 0, 1, 1))) == [Run("x", PLAIN)]
        assert running.runs_of_line(Line(text="  ", box=Box(0, 0, 1, 1))) == []

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("break-", "ing up"),
            ("no break", "here"),
            ("使用", "方法"),
            ("-", "x"),
            ("soft\u00ad", "ly"),
            ("", "x"),
            ("x", ""),
        ],
    )
    @pytest.mark.parametrize("styles", [(PLAIN, PLAIN), (BOLD, BOLD), (BOLD, ITALIC), (PLAIN, BOLD)])
    def test_joined_runs_when_put_together_are_the_joined_text(
        self, first: str, second: str, styles: tuple[Style, Style]
    ) -> None:
        lines = [line_at(first, (0, 0, 9, 9), style=styles[0]), line_at(second, (0, 9, 9, 18), style=styles[1])]
        assert "".join(run.text for run in running.joined_runs(lines)) == running.joined_text(lines)

    def test_joined_runs_when_a_word_is_broken_across_styles_loses_only_the_hyphen(self) -> None:
        lines = [line_at("ital-", (0, 0, 9, 9), style=ITALIC), line_at("ics", (0, 9, 9, 18), style=BOLD)]
        assert running.joined_runs(lines) == [Run("ital", ITALIC), Run("ics", BOLD)]


class TestCodeText:
    def test_code_text_when_lines_start_further_right_indents_them(self) -> None:
        lines = [line_at("if x:", (100, 0, 150, 10)), line_at("", (0, 0, 0, 0)), line_at("go()", (140, 20, 180, 30))]
        assert running.code_text(lines) == "if x:\n    go()"

    def test_code_text_when_there_is_none_is_empty(self) -> None:
        assert running.code_text([]) == ""

    def test_code_text_when_boxes_have_no_width_does_not_indent(self) -> None:
        assert running.code_text([line_at("a", (5, 0, 5, 10)), line_at("b", (90, 0, 90, 10))]) == "a\nb"


class TestBidi:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("plain", "plain"),
            ("\u202eabc", "\u202eabc\u202c"),
            ("\u2067a\u202bb", "\u2067a\u202bb\u202c\u2069"),
            ("\u202aa\u202c", "\u202aa\u202c"),
            ("a\u202c\u2069b", "ab"),
            ("\u2066a\u202eb\u2069c", "\u2066a\u202eb\u202c\u2069c"),
        ],
    )
    def test_closed_bidi_when_controls_are_unbalanced_balances_them(self, text: str, expected: str) -> None:
        assert running.closed_bidi(text) == expected

    @pytest.mark.parametrize(("text", "rtl"), [("abc", False), ("12 שלום", True), ("(ب)", True), ("12", False)])
    def test_is_rtl_text_when_asked_goes_by_the_first_strong_character(self, text: str, rtl: bool) -> None:
        assert running.is_rtl_text(text) is rtl

    def test_direction_of_when_lines_differ_is_the_most_texts(self) -> None:
        lines = [line_at("abc", (0, 0, 1, 1)), line_at("שלום עולם", (0, 0, 1, 1), rtl=True)]
        assert running.direction_of(lines) == "rtl"
        assert running.direction_of([]) == "ltr"
