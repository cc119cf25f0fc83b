import os
import subprocess
import sys
import time

from bench.measure import Meter, tree_cpu_seconds, tree_memory, tree_of, watched

SLEEPING_FAMILY = """
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', 'held = bytearray(40_000_000); input()'], stdin=subprocess.PIPE)
print('started', flush=True)
input()
child.communicate(b'end')
"""


def test_tree_when_a_process_has_children_then_all_are_found_and_weighed() -> None:
    family = subprocess.Popen(
        [sys.executable, "-c", SLEEPING_FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert family.stdout is not None
    family.stdout.readline()
    with watched(family.pid, every_seconds=0.05) as peaks:
        deadline = time.monotonic() + 10
        while peaks.child_bytes < 40_000_000 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert len(tree_of(family.pid)) == 2
    assert peaks.tree_bytes > 40_000_000
    assert len(peaks.curve) >= 1
    family.communicate("end")


def test_tree_when_the_process_has_gone_then_it_costs_and_weighs_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert tree_cpu_seconds(gone.pid) == 0.0
    assert tree_memory(gone.pid) == {}


def test_meter_when_this_process_works_then_it_counts_the_time() -> None:
    meter = Meter(os.getpid())
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass
    spent = meter.read()
    assert 0.08 <= spent.cpu_seconds < 2.0
    assert spent.wall_seconds >= 0.1
