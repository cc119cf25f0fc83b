"""A reader in its own process, and what it spends on a document."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from bench.engines import ROOT, Engine, environment_for, python_for
from bench.measure import Meter, Spent, tree_cpu_seconds, watched
from bench.turns import Turn

# The slowest peer takes 20 s for a page on the slowest machine this ran on; a document may have tens of pages.
ANSWER_LIMIT_SECONDS = 600.0


class ReaderMissing(Exception):
    """This reader cannot run here; the message says what it lacks."""


@dataclass(frozen=True, kw_only=True)
class Output:
    exports: Mapping[str, str]
    words: Sequence[tuple[str, float]]
    spent: Spent
    tree_bytes: int = 0
    child_bytes: int = 0
    error: str = ""


class Reader:
    def __init__(self, engine: Engine, turn: Turn = nullcontext) -> None:
        self.engine = engine
        self._turn = turn
        if engine.needs and not shutil.which(engine.needs):
            raise ReaderMissing(f"{engine.title} is skipped: there is no {engine.needs} on this machine.")
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the reader
        with turn():
            self._launch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self._log.close()

    def _launch(self) -> None:
        began = time.monotonic()
        self._process = subprocess.Popen(
            [str(python_for(self.engine)), "-m", self.engine.module, *self.engine.arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment_for(self.engine),
            cwd=ROOT,
        )
        self._received = b""
        said = self._receive()
        if said is None or "ready" not in said:
            self._stop()
            words = self._last_words()
            self._log.close()
            raise ReaderMissing(f"{self.engine.title} is skipped: it did not start ({words}).")
        self.versions: Mapping[str, str] = said["ready"]
        self.loading = Spent(cpu_seconds=tree_cpu_seconds(self._process.pid), wall_seconds=time.monotonic() - began)

    def read(self, files: Sequence[Path], languages: Sequence[str]) -> Output:
        """A document that kills or stalls the reader has an error for its result; the next is read by a fresh one."""
        with self._turn():
            if self._process.poll() is not None:
                self._launch()
            return self._read(files, languages)

    def _read(self, files: Sequence[Path], languages: Sequence[str]) -> Output:
        request = {
            "files": [str(path) for path in files],
            "languages": list(languages),
            "exports": list(self.engine.exports),
        }
        with watched(self._process.pid) as peaks:
            meter = Meter(self._process.pid)
            self._send(request)
            said = self._receive()
            spent = meter.read()
        if said is None:
            said = {"error": f"the reader died or took too long: {self._last_words()}"}
            self._stop()
        return Output(
            exports=said.get("exports", {}),
            words=[(text, confidence) for text, confidence in said.get("words", ())],
            spent=spent,
            tree_bytes=peaks.tree_bytes,
            child_bytes=peaks.child_bytes,
            error=said.get("error", ""),
        )

    def _send(self, request: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return  # the missing answer says it all

    def _receive(self) -> dict[str, Any] | None:
        """One line; None when the reader has ended or its time is up."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        deadline = time.monotonic() + ANSWER_LIMIT_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while b"\n" not in self._received:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    return None
                chunk = os.read(descriptor, 1 << 16)
                if not chunk:
                    return None
                self._received += chunk
        line, _, self._received = self._received.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _stop(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
