import json

import pytest

from bench.command import Ran
from bench.hostile import judge, outcome_of, summary
from bench.measure import Peaks, Spent

READ = json.dumps({"pages": [{"blocks": [{"cells": [{"lines": [{"text": "word"}]}]}]}]})
BLANK = json.dumps({"pages": [{"blocks": []}], "title": "a title is no text"})


def ran(
    status: int = 0,
    output: str = "",
    complaint: str = "",
    *,
    wall_seconds: float = 1.0,
    peak_bytes: int = 1,
    timed_out: bool = False,
) -> Ran:
    return Ran(
        status=status,
        spent=Spent(cpu_seconds=0.0, wall_seconds=wall_seconds),
        peaks=Peaks(tree_bytes=peak_bytes),
        output=output,
        complaint=complaint,
        timed_out=timed_out,
    )


@pytest.mark.parametrize(
    ("of", "outcome"),
    [
        (ran(0, READ), "result"),
        (ran(0, BLANK), "empty"),
        (ran(1, READ, "Page 2 is damaged."), "partial"),
        (ran(1, "", "The file is damaged."), "error"),
        (ran(1, BLANK, "Page 1 is damaged."), "error"),
        (ran(1, "", ""), "crash"),
        (ran(0, ""), "crash"),
        (ran(0, "{"), "crash"),
        (ran(1, "", "Traceback (most recent call last):\n  …\nKeyError: 1"), "crash"),
        (ran(-11), "crash"),
        (ran(2, "", "There is no such option."), "usage"),
        (ran(-9, timed_out=True), "hang"),
    ],
)
def test_outcome_when_a_command_has_ended_then_it_is_what_a_person_would_say(of: Ran, outcome: str) -> None:
    assert outcome_of(of) == outcome


@pytest.mark.parametrize(
    ("expected", "of", "met"),
    [
        ("result", ran(0, READ), True),
        ("result", ran(0, BLANK), False),
        ("empty", ran(0, BLANK), True),
        ("error", ran(1, "", "No."), True),
        ("error", ran(0, READ), False),
        ("either", ran(1, "", "No."), True),
        ("either", ran(-11), False),
        ("result", ran(0, READ, wall_seconds=31.0), False),
        ("result", ran(0, READ, peak_bytes=2_100_000_000), False),
    ],
)
def test_verdict_when_outcome_time_and_memory_are_judged_then_all_must_hold(expected: str, of: Ran, met: bool) -> None:
    assert judge("file", expected, of).met is met


def test_summary_when_files_fail_then_it_counts_them() -> None:
    verdicts = [judge("a", "result", ran(0, READ)), judge("b", "either", ran(-11, wall_seconds=40.0))]
    assert summary(verdicts).startswith("1 of 2 files as expected; 1 crash, 1 result\nslowest 40.0 s (b)")
    assert "1 over 30 s or 2 GB" in summary(verdicts)
