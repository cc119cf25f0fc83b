"""What peers answered before, so that a re-run of ours need not wait for them.

An answer holds for the same bytes of the page, the same languages, the same reader, versions and machine. Times were
taken when it was made: for figures that go into a report of record, run with `--fresh`.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.engines import Engine
from bench.measure import Spent
from bench.pages import Given
from bench.reader import Output


def machine() -> str:
    """The processor's name and number of cores: times of another machine are not comparable."""
    name = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            name = line.partition(":")[2].strip()
            break
    return f"{name}, {len(os.sched_getaffinity(0))} cores"


class AnswerCache:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> Output | None:
        path = self._folder / f"{key}.json"
        if not path.exists():
            return None
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Output(
            exports=kept["exports"],
            words=[(text, confidence) for text, confidence in kept["words"]],
            spent=Spent(**kept["spent"]),
            tree_bytes=kept["tree_bytes"],
            child_bytes=kept["child_bytes"],
            error=kept["error"],
        )

    def put(self, key: str, output: Output) -> None:
        path = self._folder / f"{key}.json"
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(asdict(output), ensure_ascii=False), encoding="utf-8")
        unfinished.replace(path)


def key_of(engine: Engine, versions: Mapping[str, str], given: Given, languages: Sequence[str], repeat: int) -> str:
    facts = [engine.name, sorted(versions.items()), given.digest, list(languages), machine(), repeat]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
