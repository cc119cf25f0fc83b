import threading

from bench.turns import Turns


def test_turns_when_three_work_then_one_at_a_time_in_order_until_they_leave() -> None:
    turns = Turns(["a", "b", "c"])
    done: list[str] = []

    def work(name: str, times: int) -> None:
        for _ in range(times):
            with turns.turn(name):
                done.append(name)
        turns.leave(name)

    threads = [threading.Thread(target=work, args=one) for one in (("c", 3), ("a", 1), ("b", 3))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert done == ["a", "b", "c", "b", "c", "b", "c"]
