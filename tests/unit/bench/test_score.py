import pytest

from bench.score import CER, F1, Truth, cer, fold, join_hyphens, text_f1


def test_f1_when_the_order_differs_then_it_is_perfect() -> None:
    assert text_f1("one two three", "three one two") == 1.0


def test_f1_when_a_word_is_wrong_then_both_sides_pay() -> None:
    # Two of three words on each side agree.
    assert text_f1("one two three", "one two tree") == pytest.approx(2 / 3)


def test_f1_when_a_word_is_read_twice_then_it_counts_once() -> None:
    assert text_f1("one two", "one one two") == pytest.approx(2 * 2 / 5)


def test_f1_when_nothing_was_read_then_it_is_zero() -> None:
    assert text_f1("one two", "") == 0.0


def test_f1_when_the_script_is_unspaced_then_pairs_of_characters_count_and_spaces_do_not() -> None:
    assert text_f1("日本語 です", "日本\n語です", spaced=False) == 1.0
    # Of three pairs the first alone agrees.
    assert text_f1("甲乙丙丁", "甲乙子丑", spaced=False) == pytest.approx(1 / 3)


def test_f1_when_only_case_differs_then_it_is_perfect_and_cer_is_not() -> None:
    assert text_f1("TOTAL", "Total") == 1.0
    assert cer("TOTAL", "Total") == pytest.approx(4 / 5)


def test_cer_when_characters_are_missing_then_it_is_their_share_of_the_truth() -> None:
    assert cer("abcde", "abc") == pytest.approx(2 / 5)


def test_cer_when_more_is_read_than_there_is_then_it_exceeds_one() -> None:
    assert cer("a", "abcd") == 3.0


def test_cer_when_the_truth_is_empty_then_it_does_not_divide_by_zero() -> None:
    assert cer("", "") == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u2018quoted\u2019 \u201ctext\u201e", "'quoted' \"text\""),
        ("1914\u20131918 \u2014 a\u2212b \u2010", "1914-1918 - a-b -"),
        ("\ufb01ne", "fine"),
        ("e\u0301", "\u00e9"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("  many \n\t spaces ", "many spaces"),
    ],
)
def test_fold_when_texts_look_the_same_then_they_are(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("printed", "joined"),
    [
        ("exam-\nple", "example"),
        ("exam-  \n  ple", "example"),
        ("exam-\r\nple", "example"),
        ("exam\u00ac\nple", "example"),
        ("exam-\n\nple over a column", "example over a column"),
        ("Anglo-\nSaxon", "Anglo-Saxon"),
        ("EXAM-\nPLE", "EXAMPLE"),
        ("1914-\n1918", "1914-\n1918"),
        ("a dash -\nhere", "a dash -\nhere"),
        ("well-known", "well-known"),
    ],
)
def test_line_end_hyphens_when_they_break_a_word_then_it_is_joined(printed: str, joined: str) -> None:
    assert join_hyphens(printed) == joined


def test_measures_when_a_reader_joins_words_and_another_does_not_then_they_score_alike() -> None:
    truth = Truth(text="an exam-\nple of it", spaced=True)
    for got in ("an example of it", "an exam-\nple of it"):
        assert F1.of(truth, {"txt": got}) == 1.0
        assert CER.of(truth, {"txt": got}) == 0.0
