"""Places are given out in turns, and never more than there are."""

from __future__ import annotations

from functools import partial

import pytest

from ocrchat.jobs.places import Places


def test_places_when_all_are_taken_then_the_next_asker_waits_for_one_to_come_back() -> None:
    places = Places(2)
    granted: list[str] = []
    for name in ("a", "b", "c"):
        places.ask(name, "one", partial(granted.append, name))
    assert granted == ["a", "b"]
    places.give_back()
    assert granted == ["a", "b", "c"]


def test_places_when_two_groups_wait_then_they_are_served_in_turns() -> None:
    places = Places(1)
    granted: list[str] = []
    for name in ("a1", "a2", "a3"):
        places.ask(name, "a", partial(granted.append, name))
    places.ask("b1", "b", partial(granted.append, "b1"))
    for _ in range(3):
        places.give_back()
    assert granted == ["a1", "b1", "a2", "a3"]


def test_places_when_an_asker_withdraws_then_it_is_passed_over() -> None:
    places = Places(1)
    granted: list[str] = []
    for name in ("a", "b", "c"):
        places.ask(name, "one", partial(granted.append, name))
    places.withdraw("b")
    places.withdraw("b")
    places.give_back()
    assert granted == ["a", "c"]
    places.ask("d", "two", partial(granted.append, "d"))
    places.withdraw("d")
    places.give_back()
    assert granted == ["a", "c"]


def test_places_when_made_fewer_then_none_is_granted_until_enough_came_back() -> None:
    places = Places(3)
    granted: list[str] = []
    for name in ("a", "b", "c", "d"):
        places.ask(name, "one", partial(granted.append, name))
    places.resize(1)
    for _ in range(2):
        places.give_back()
    assert granted == ["a", "b", "c"]
    places.give_back()
    assert granted == ["a", "b", "c", "d"]
    places.ask("e", "one", partial(granted.append, "e"))
    places.resize(2)
    assert granted[-1] == "e"


def test_places_when_a_group_has_half_the_pace_of_another_then_it_gets_twice_the_places() -> None:
    places = Places(1)
    granted: list[str] = []
    places.ask("x", "other", partial(granted.append, "taken"))
    for _ in range(9):
        places.ask("p", "paid", partial(granted.append, "p"), pace=10)
        places.ask("f", "free", partial(granted.append, "f"), pace=20)
    for _ in range(9):
        places.give_back()
    assert (granted.count("p"), granted.count("f")) == (6, 3)


def test_places_when_somebody_new_asks_then_they_are_next_whatever_their_pace() -> None:
    places = Places(1)
    granted: list[str] = []
    for _ in range(50):
        places.ask("book", "a", partial(granted.append, "a"), pace=10)
    for _ in range(30):
        places.give_back()
    places.ask("page", "b", partial(granted.append, "b"), pace=30)
    places.give_back()
    assert granted[-1] == "b"


def test_places_when_somebody_asks_again_at_once_then_they_do_not_count_as_new() -> None:
    places = Places(1)
    granted: list[str] = []
    places.ask("a", "a", partial(granted.append, "a"))
    for _ in range(4):
        places.ask("b", "b", partial(granted.append, "b"))
    for _ in range(3):
        places.ask("a", "a", partial(granted.append, "a"))
        places.give_back()
    assert granted == ["a", "b", "a", "b"]


def test_places_when_one_group_has_two_askers_then_the_shorter_is_first() -> None:
    places = Places(1)
    granted: list[str] = []
    due = places.due("a", 30)
    for number in (1, 2, 3):
        places.ask("book", "a", partial(granted.append, f"book {number}"), due=due)
    places.ask("page", "a", partial(granted.append, "page"), due=places.due("a", 1))
    places.give_back()
    assert granted == ["book 1", "page"]


@pytest.mark.parametrize("pace", [1, 20])
def test_places_when_single_pages_come_and_come_then_the_same_group_s_book_has_its_turn_when_it_is_due(
    pace: int,
) -> None:
    places = Places(1)
    granted: list[str] = []
    places.ask("other", "b", partial(granted.append, "other"))
    due = places.due("a", 10, pace=pace)
    for _ in range(10):
        places.ask("book", "a", partial(granted.append, "book"), due=due, pace=pace)
    for _ in range(30):
        places.ask("page", "a", partial(granted.append, "page"), due=places.due("a", 1, pace=pace), pace=pace)
        places.give_back()
    assert granted[1:10] == ["page"] * 9
    assert granted.count("book") == 10
