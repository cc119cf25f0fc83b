"""Rules: scaled, and made whole of their pieces."""

from __future__ import annotations

from ocrchat.document.model import Box
from ocrchat.document.rules import NO_RULES, Rules, Span, joined_rules, joined_spans


def test_scaled_rules_are_larger_by_the_factor() -> None:
    rules = Rules(across=(Box(1, 2, 3, 4),), down=(Box(5, 6, 7, 8),))
    assert rules.scaled(2) == Rules(across=(Box(2, 4, 6, 8),), down=(Box(10, 12, 14, 16),))
    assert NO_RULES.scaled(3) == NO_RULES


def test_spans_join_where_they_touch_or_nearly_do_and_stay_apart_beyond() -> None:
    spans = [Span(20, 30), Span(0, 10), Span(12, 15), Span(2, 4)]
    assert joined_spans(spans, gap=2) == [Span(0, 15), Span(20, 30)]
    assert joined_spans([], gap=2) == []


def test_pieces_of_one_rule_become_one_and_another_rule_does_not() -> None:
    rules = Rules(
        across=(Box(0, 100, 40, 101), Box(42, 100, 90, 102), Box(0, 130, 90, 131)),
        down=(Box(50, 0, 51, 40), Box(51, 41, 52, 80), Box(51, 200, 52, 240), Box(70, 0, 71, 80)),
    )
    joined = joined_rules(rules, aside=2, gap=3)
    assert joined.across == (Box(0, 100, 90, 102), Box(0, 130, 90, 131))
    assert joined.down == (Box(50, 0, 52, 80), Box(51, 200, 52, 240), Box(70, 0, 71, 80))
