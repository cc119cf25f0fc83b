"""Places are given out in turns, and never more than there are."""

from __future__ import annotations

from functools import partial

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
    assert granted == ["a1", "a2", "b1", "a3"]


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
