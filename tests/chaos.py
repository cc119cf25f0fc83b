"""A server as chaos tests kill it: it submits a file once, and then works until all jobs have ended.

python -m tests.chaos URL FOLDER FILE ENGINE    with an ENGINE the pages' pixels are read, as if they were scanned
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ocrchat.jobs.views import JobOptions
from tests.services import service

EMAIL = "chaos@example.org"
KEY = "chaos"


def main() -> None:
    url, folder, file = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    engine = sys.argv[4]
    engines = {"cpu": engine} if engine else None
    with service(url, folder, engines=engines) as opened:
        if not opened.ask("SELECT 1 FROM accounts WHERE email = :email", email=EMAIL):
            who = opened.account(EMAIL, plan="paid")
            opened.submit(who, file.read_bytes(), JobOptions(force_ocr=bool(engine)), key=KEY)
        _say("ready")
        while opened.jobs.health().queue_depth:
            time.sleep(0.1)
        _say("finished")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
