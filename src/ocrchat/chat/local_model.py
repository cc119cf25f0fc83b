"""A language model in a GGUF file, run by llama.cpp in a child process that serves it on loopback.

The child is the same program's `ocrchat.chat.local_server`; it is started with the first question, started again when
it has died, and ends with its parent. Native code so never runs in the process that answers requests.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ocrchat.chat.language_model import MOST_TOKENS, EndpointModel, Message
from ocrchat.errors import ModelUnavailable

# Loading a model of some gigabytes from a slow disk.
_START_SECONDS = 180.0
# A token is three to four characters of English, less elsewhere; half of the context is for the answer and the rest.
_CHARACTERS_A_TOKEN = 2
KEY_VARIABLE = "OCRCHAT_LOCAL_MODEL_KEY"


class LocalModel:
    def __init__(
        self,
        path: Path,
        *,
        context_tokens: int = 8192,
        threads: int = 0,
        timeout_seconds: float = 300.0,
        most_tokens: int = MOST_TOKENS,
    ) -> None:
        """`threads` 0: as many as the library thinks right."""
        self._path = path
        self._context_tokens = context_tokens
        self._threads = threads
        self._timeout_seconds = timeout_seconds
        self._most_tokens = most_tokens
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._endpoint: EndpointModel | None = None

    @property
    def name(self) -> str:
        return self._path.stem

    @property
    def context_characters(self) -> int:
        return self._context_tokens * _CHARACTERS_A_TOKEN // 2

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        yield from self._started().stream(messages)

    def close(self) -> None:
        with self._lock:
            self._end()

    def _started(self) -> EndpointModel:
        with self._lock:
            if self._endpoint is None or self._child is None or self._child.poll() is not None:
                self._end()
                self._endpoint = self._start()
            return self._endpoint

    def _start(self) -> EndpointModel:
        if not self._path.is_file():
            raise ModelUnavailable("The file of the language model is not there: check the setting that names it.")
        if importlib.util.find_spec("xllamacpp") is None:
            raise ModelUnavailable('Running a model needs a package that is missing: pip install "ocrchat[chat]".')
        key = secrets.token_urlsafe(24)
        command = [sys.executable, "-m", "ocrchat.chat.local_server", str(self._path)]
        command += [str(self._context_tokens), str(self._threads)]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, KEY_VARIABLE: key},
        )
        url = self._address(self._child)
        return EndpointModel(
            url=f"{url}/v1",
            name=self.name,
            key=key,
            context_characters=self.context_characters,
            timeout_seconds=self._timeout_seconds,
            most_tokens=self._most_tokens,
        )

    def _address(self, child: subprocess.Popen[bytes]) -> str:
        assert child.stdout is not None
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            readable, _, _ = select.select([child.stdout], [], [], 1.0)
            if readable:
                line = child.stdout.readline().decode("utf-8", "replace").strip()
                if line.startswith("http://127.0.0.1:"):
                    return line
                if not line:
                    break
        self._end()
        raise ModelUnavailable(
            "The language model could not be loaded: its file is damaged, or there is too little memory."
        )

    def _end(self) -> None:
        child, self._child, self._endpoint = self._child, None, None
        if child is None:
            return
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()
        child.terminate()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
