from __future__ import annotations

import numpy as np

from ocrchat.engines.fast.decode import Reading, decode
from ocrchat.engines.fast.spacing import measure, usual_space, word_breaks


def strip_of(text: str, *, letter: int = 10, gap: int = 2, space: int = 12) -> tuple[np.ndarray, Reading]:
    """Letters as black bars, and what a recogniser that dropped every "_" would have seen of them."""
    pixels = np.full((48, 2000), 255, np.uint8)
    column, seen = 5, []
    for character in text:
        if character in " _":
            if character == " ":
                seen.append((" ", column, column + 2))
            column += space - gap
            continue
        pixels[10:38, column : column + letter] = 0
        seen.append((character, column, column + letter))
        column += letter + gap
    reading = Reading(
        characters=tuple(character for character, _, _ in seen),
        shares=np.ones(len(seen), np.float32),
        starts=np.array([start for _, start, _ in seen], np.float32),
        ends=np.array([end for _, _, end in seen], np.float32),
    )
    return pixels[:, :column], reading


def broken(text: str, page_space: float = 12.0) -> list[str]:
    pixels, reading = strip_of(text)
    spacing = measure(reading, pixels)
    words, current = [], ""
    for letter, ends in zip(spacing.letters, [*word_breaks(reading, spacing, page_space), True], strict=True):
        current += reading.characters[letter]
        if ends:
            words.append(current)
            current = ""
    return words


def test_word_breaks_when_a_space_was_dropped_then_put_back() -> None:
    assert broken("one,_two three") == ["one,", "two", "three"]
    assert broken("of_the lake") == ["of", "the", "lake"]


def test_word_breaks_when_nothing_was_dropped_then_as_read() -> None:
    assert broken("one, two three") == ["one,", "two", "three"]


def test_word_breaks_when_within_a_number_then_never() -> None:
    assert broken("sum 1,_284._50 due") == ["sum", "1,284.50", "due"]


def test_word_breaks_when_before_closing_punctuation_then_never() -> None:
    assert broken("what_? now") == ["what?", "now"]


def test_word_breaks_when_between_ideographs_then_never() -> None:
    assert broken("東_京_都 x") == ["東京都", "x"]


def test_word_breaks_when_letters_are_spaced_out_then_stay_together() -> None:
    pixels, reading = strip_of("CHAPTER", gap=14)
    spacing = measure(reading, pixels)
    assert not word_breaks(reading, spacing, 12.0).any()


def test_measure_when_a_space_is_seen_beside_its_gap_then_the_gap_is_the_spaces() -> None:
    pixels, reading = strip_of("all_types")
    # The recogniser saw the second l behind the gap, and the space behind that.
    characters = (*reading.characters[:3], " ", *reading.characters[3:])
    starts = np.array([5, 17, 48, 49, *reading.starts[3:]], np.float32)
    moved = Reading(characters=characters, shares=np.ones(9, np.float32), starts=starts, ends=starts + 1)
    spacing = measure(moved, pixels)
    assert spacing.widths[2] > 8
    assert spacing.widths[1] == 0
    assert list(word_breaks(moved, spacing, 12.0)) == [False, False, True, False, False, False, False]


def test_usual_space_when_few_were_seen_then_the_default() -> None:
    pixels, reading = strip_of("a b")
    assert usual_space([measure(reading, pixels)]) == 12
    assert usual_space([]) == 12


def test_usual_space_when_many_were_seen_then_their_median() -> None:
    pixels, reading = strip_of("a b c d e f g h", space=20)
    assert usual_space([measure(reading, pixels)]) == 20


def test_decode_when_classes_repeat_then_one_character_unless_a_blank_parts_them() -> None:
    best = np.array([0, 1, 1, 0, 1, 2, 2, 0], np.int64)
    shares = np.array([0.9, 0.5, 0.8, 0.9, 0.7, 0.6, 0.4, 0.9], np.float32)
    reading = decode(best, shares, ("", "a", "b"), columns_per_step=8)
    assert reading.text == "aab"
    assert list(reading.shares) == [np.float32(0.8), np.float32(0.7), np.float32(0.6)]
    assert list(reading.starts) == [8, 32, 40]
    assert list(reading.ends) == [24, 40, 56]


def test_decode_when_all_is_blank_then_nothing() -> None:
    reading = decode(np.zeros(5, np.int32), np.ones(5, np.float32), ("", "a"), columns_per_step=8)
    assert reading.text == ""
    assert reading.score == 0
