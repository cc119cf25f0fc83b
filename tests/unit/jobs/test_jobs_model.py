"""Which state may follow which: a job never leaves its end but by retry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat.errors import WrongState
from ocrchat.jobs.model import TRANSITIONS, Status, require_transition


def test_transitions_when_listed_then_every_state_has_its_followers() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert all(TRANSITIONS[status] for status in Status)


@given(st.sampled_from(list(Status)), st.sampled_from(list(Status)))
def test_transition_when_asked_for_then_it_is_in_the_table_or_refused(before: Status, after: Status) -> None:
    if after in TRANSITIONS[before]:
        require_transition(before, after)
        assert not (before.is_final and after.is_final)
    else:
        with pytest.raises(WrongState) as refused:
            require_transition(before, after)
        assert refused.value.detail["status"] == before.value


@given(st.lists(st.sampled_from(list(Status)), min_size=1, max_size=8))
def test_ended_jobs_when_they_move_then_only_to_processing(path: list[Status]) -> None:
    for status in path:
        if status.is_final:
            assert TRANSITIONS[status] == {Status.PROCESSING}
