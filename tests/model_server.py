"""A language model's endpoint as tests use it: real HTTP on loopback, which says what it is told to and keeps what it
was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Speak = Callable[[list[dict[str, str]]], str]


@dataclass
class Endpoint:
    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def last_messages(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.asked[-1]["messages"]
        return found


@contextmanager
def model_endpoint(speak: Speak | str, *, status: int = 200, breaks_after: int | None = None) -> Iterator[Endpoint]:
    """`breaks_after`: the connection ends after so many pieces, without the end of the stream."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            endpoint.asked.append(body)
            endpoint.keys.append(self.headers.get("authorization", ""))
            if status != 200:
                self.send_response(status)
                self.send_header("location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
                return
            text = speak if isinstance(speak, str) else speak(body["messages"])
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            pieces = [text[start : start + 7] for start in range(0, len(text), 7)]
            for piece in pieces[:breaks_after]:
                self._send({"choices": [{"delta": {"content": piece}}]})
            if breaks_after is None:
                self.wfile.write(b"data: [DONE]\n\n")
            else:
                self._send({"error": {"message": "out of memory"}})

        def _send(self, event: dict[str, Any]) -> None:
            self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
