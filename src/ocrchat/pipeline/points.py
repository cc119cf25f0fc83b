"""Named places at which a test makes the program dawdle, and learns that they were passed.

OCRCHAT_POINTS="page_begun=0.05,page_committed=0" names them and the seconds to stay there; OCRCHAT_POINTS_LOG is a file
that gets a line for each of those passed. Without the variable a point costs one look-up.
"""

from __future__ import annotations

import os
import time


def pass_point(name: str, number: int) -> None:
    wanted = os.environ.get("OCRCHAT_POINTS")
    if not wanted:
        return
    delays = dict(part.split("=", 1) for part in wanted.split(","))
    if name in delays:
        _note(f"{name} {number}\n")
        time.sleep(float(delays[name]))


def _note(line: str) -> None:
    path = os.environ.get("OCRCHAT_POINTS_LOG")
    if path:
        # One write of one short line is not torn, however many processes append.
        with open(path, "ab", buffering=0) as log:  # noqa: PTH123  unbuffered, as pathlib's is not
            log.write(line.encode())
