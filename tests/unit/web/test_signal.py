from __future__ import annotations

from ocrchat.web.signal import Signal


def test_signal_when_set_then_everybody_who_waits_is_told_and_latecomers_at_once() -> None:
    signal, told = Signal(), []
    signal.tell(lambda: told.append("first"))
    leave = signal.tell(lambda: told.append("left"))
    leave()
    signal.set()
    signal.tell(lambda: told.append("late"))
    assert (told, signal.is_set) == (["first", "late"], True)
