"""Language models that answers may be put into words by: any OpenAI-compatible endpoint, over HTTP and streamed.

Nothing here knows documents. A model that cannot be reached, answers with an error or falls silent is ModelUnavailable;
whoever asked goes on without it.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ocrchat.errors import ModelUnavailable

# An answer about a page is a few sentences; a model that does not stop is stopped.
MOST_TOKENS = 700
_LONGEST_EVENT = 1_000_000


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str


class LanguageModel(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def context_characters(self) -> int:
        """How much of a document fits into one call beside the instructions."""

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The answer in pieces as they come; raises ModelUnavailable, also in the middle."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointModel:
    url: str
    """Up to and without "/chat/completions"."""
    name: str
    key: str = field(default="", repr=False)
    context_characters: int = 12_000
    timeout_seconds: float = 60.0
    """Of silence, not of the whole answer."""
    most_tokens: int = MOST_TOKENS

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        body = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": self.most_tokens,
            "temperature": 0,
            "stream": True,
        }
        with self._opened(json.dumps(body).encode()) as response:
            try:
                for line in iter(lambda: response.readline(_LONGEST_EVENT), b""):
                    piece = _piece(line)
                    if piece is None:
                        return
                    if piece:
                        yield piece
            except (OSError, ValueError, http.client.HTTPException) as error:
                raise _unavailable() from error

    @contextmanager
    def _opened(self, body: bytes) -> Iterator[http.client.HTTPResponse]:
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(f"{self.url.rstrip('/')}/chat/completions", body, headers)
        try:
            response = _opener.open(request, timeout=self.timeout_seconds)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise _unavailable() from error
        with response:
            yield response


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key goes to the address that the operator named and nowhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


# Without the environment's proxies: the address is the operator's own, mostly of this machine or its network.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def _piece(line: bytes) -> str | None:
    """Of one line of the stream; None at its end."""
    text = line.decode("utf-8", "replace").strip()
    if not text.startswith("data:"):
        return ""
    data = text.removeprefix("data:").strip()
    if data == "[DONE]":
        return None
    event = json.loads(data)
    if not isinstance(event, dict) or "error" in event:
        raise ValueError("the endpoint reports an error")
    choices = event.get("choices") or [{}]
    return str((choices[0].get("delta") or {}).get("content") or "")


def _unavailable() -> ModelUnavailable:
    return ModelUnavailable("The language model cannot be reached: check its address, or try again later.")
