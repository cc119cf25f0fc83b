import pytest

from bench.calibration import bins_of, calibration_error, judge


def test_judge_when_words_are_in_place_then_only_the_wrong_one_is_wrong() -> None:
    words = [("one", 0.9), ("tw0", 0.4), ("three", 0.8)]
    assert judge("one two\nthree", words, spaced=True) == [(0.9, True), (0.4, False), (0.8, True)]


def test_judge_when_columns_are_read_in_another_order_then_words_are_still_right() -> None:
    words = [("c", 0.9), ("d", 0.9), ("a", 0.9), ("b", 0.9)]
    assert all(right for _, right in judge("a b c d", words, spaced=True))


def test_judge_when_a_word_is_read_more_often_than_it_is_there_then_the_rest_is_wrong() -> None:
    verdicts = [right for _, right in judge("the cat", [("the", 0.9), ("the", 0.9), ("cat", 0.9)], spaced=True)]
    assert sorted(verdicts) == [False, True, True]
    assert verdicts[2]


def test_judge_when_the_script_is_unspaced_then_each_character_is_judged() -> None:
    assert judge("日本語", [("日木語", 0.7)], spaced=False) == [(0.7, True), (0.7, False), (0.7, True)]


def test_bins_when_confidence_is_one_then_it_is_in_the_last() -> None:
    bins = bins_of([(1.0, True), (0.995, False), (0.1, False)])
    assert [one.count for one in bins] == [1, 2]
    assert bins[-1].share_right == 0.5


def test_error_when_confidence_is_the_share_of_right_words_then_it_is_zero() -> None:
    honest = [(0.75, True)] * 3 + [(0.75, False)]
    boastful = [(0.95, True), (0.95, False)]
    assert calibration_error(bins_of(honest)) == pytest.approx(0.0)
    assert calibration_error(bins_of(boastful)) == pytest.approx(0.45)
    assert calibration_error([]) == 0.0
