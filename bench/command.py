"""Our command line, run as a person would, in a process tree that is watched from birth to death."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.engines import ENGINES, OURS, ROOT, environment_for, python_for
from bench.measure import Peaks, Spent, tree_of, watched


@dataclass(frozen=True, kw_only=True)
class Ran:
    status: int
    """As a shell would say it; negative: the signal that ended it."""
    spent: Spent
    peaks: Peaks
    output: str
    complaint: str
    timed_out: bool = False


def run_command(arguments: Sequence[str], *, limit_seconds: float) -> Ran:
    """`ocrchat <arguments>`; killed with all its children once the limit is up."""
    engine = ENGINES[OURS]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaint:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(python_for(engine)), "-m", "ocrchat", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=complaint,
            env=environment_for(engine),
            cwd=ROOT,
        )
        with watched(process.pid) as peaks:
            timed_out = not _ended(process.pid, began + limit_seconds)
            if timed_out:
                for member in tree_of(process.pid):
                    os.kill(member, signal.SIGKILL)
            # Unlike Popen.wait it says what the process and the children it waited for have used.
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        complaint.seek(0)
        return Ran(
            status=process.returncode,
            spent=Spent(cpu_seconds=usage.ru_utime + usage.ru_stime, wall_seconds=wall),
            peaks=peaks,
            output=output.read().decode("utf-8", "replace"),
            complaint=complaint.read().decode("utf-8", "replace"),
            timed_out=timed_out,
        )


def _ended(process: int, deadline: float) -> bool:
    """Waits without reaping."""
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
            return True
        time.sleep(0.01)
    return False


def command_start_up(page: Path, steady_seconds: float) -> float | None:
    """Seconds that `ocrchat read` takes over the steady time of the page, the better of two runs (the first may have
    compiled models); None when it fails."""
    ran = [run_command(["read", str(page), "--to", "txt"], limit_seconds=120) for _ in range(2)]
    if any(one.status != 0 for one in ran):
        return None
    return max(0.0, min(one.spent.wall_seconds for one in ran) - steady_seconds)
