"""A service of our own to be measured: `ocrchat serve` in a folder that goes with it, and the calls a client makes."""

from __future__ import annotations

import http.client
import json
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from bench.engines import ENGINES, OURS, ROOT, environment_for, python_for

_START_SECONDS = 60.0
_ANSWER_SECONDS = 300.0
_POLL_SECONDS = 2.0
"""As the samples ask."""


class Answer(NamedTuple):
    status: int
    body: Any


class Client:
    """One connection that stays, with the installation's own token, which nothing limits."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_SECONDS)
        self._headers = {"Authorization": f"Bearer {token}"}

    def rest(self) -> None:
        """Before a long silence, after which the server would have hung up: the next call connects anew."""
        self._connection.close()

    def post(self, file: Path) -> Answer:
        boundary = secrets.token_hex(16)
        # The name says nothing: what a file is, is told from its content.
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'
        body = head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        content_type = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._ask("POST", "/api/v1/ocr/", body, content_type)

    def finished(self, uuid: str) -> dict[str, Any]:
        while True:
            job: dict[str, Any] = self._ask("GET", f"/api/v1/ocr/{uuid}/").body
            if job["status"] in ("done", "failed"):
                return job
            time.sleep(_POLL_SECONDS)

    def _ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        self._connection.request(method, path, body, {**self._headers, **(headers or {})})
        answer = self._connection.getresponse()
        text = answer.read()
        return Answer(answer.status, json.loads(text) if text else None)


class Served(NamedTuple):
    process: int
    client: Client
    log: Path


@contextmanager
def serving(*, jobs: int) -> Iterator[Served]:
    """Reads `jobs` pages at once."""
    engine = ENGINES[OURS]
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        settings = {"PORT": str(port), "OCRCHAT_DATA": str(folder / "data"), "OCRCHAT_PAGE_WORKERS": str(jobs)}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [str(python_for(engine)), "-m", "ocrchat", "serve"],
                env=environment_for(engine) | settings,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        try:
            _wait_for(port, process, folder / "log")
            token = (folder / "data" / "admin-token").read_text().strip()
            yield Served(process.pid, Client(port, token), folder / "log")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=_START_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.client.OK:
                connection.close()
                return
        time.sleep(0.1)
    raise RuntimeError(f"the service did not start: {log.read_text()}")
