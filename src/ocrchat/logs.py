"""Logs: one JSON object a line, each an event named `noun_verbed` with facts as fields.

Only the fields below are ever written, so that no text of a document, no file's name and no token can end in a log by
accident; what a caller passes in `extra` under another name is left out. `request_id` and `job_id` come from the
context, so that everything a request or a job sets off carries them.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, TextIO

request_id: ContextVar[str] = ContextVar("request_id", default="")
job_id: ContextVar[str] = ContextVar("job_id", default="")

FIELDS: Final = (
    "request_id",
    "job_id",
    "page",
    "attempt",
    "method",
    "route",
    "status",
    "code",
    "milliseconds",
    "bytes",
    "pages",
    "count",
    "caller",
    "host",
    "port",
    "role",
    "version",
    "document",
    "executor",
    "duty",
    "revivals",
    "reason",
    "where",
)
"""`caller` is an account's id or a keyed hash; `route` is the pattern, never the address that was called; `reason` is
written by the program itself, never taken from what was sent."""

_OURS = "ocrchat"

_FACT = re.compile(r" (\w+)=(\S+)")
_LONG_NAMES: Final = {"job": "job_id", "name": "duty"}


@contextmanager
def about_job(identifier: str) -> Iterator[None]:
    token = job_id.set(identifier)
    try:
        yield
    finally:
        job_id.reset(token)


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        out: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.msg.partition(" ")[0] if _is_ours(record) else "library_spoke",
            "logger": record.name,
        }
        for name, variable in (("request_id", request_id), ("job_id", job_id)):
            if variable.get():
                out[name] = variable.get()
        told = _told(record) if _is_ours(record) else {}
        for name in FIELDS:
            value = getattr(record, name, told.get(name))
            if value is not None:
                out[name] = value
        if record.exc_info and record.exc_info[0] is not None:
            out["error"] = record.exc_info[0].__name__
            out["where"] = _where(record)
        return json.dumps(out, ensure_ascii=True, default=str)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.startswith(_OURS) and isinstance(record.msg, str)


def _told(record: logging.LogRecord) -> dict[str, str]:
    """Facts within a message, `event name=value name=value`: how a module speaks that may be used without this one."""
    return {_LONG_NAMES.get(name, name): value for name, value in _FACT.findall(record.getMessage())}


def _where(record: logging.LogRecord) -> list[str]:
    """The places of a traceback without its messages: those may quote what was sent."""
    assert record.exc_info is not None
    places = []
    trace = record.exc_info[2]
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-12:]


class Damper(logging.Filter):
    """Of what libraries say again and again, such as a server that cannot take connections: the first line of each
    place in a minute passes, and the next one says how many were left out."""

    def __init__(self, seconds: float = 60.0) -> None:
        super().__init__()
        self._seconds = seconds
        self._seen: dict[tuple[str, str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] == _OURS:
            return True
        place, now = (record.name, record.pathname, record.lineno), time.monotonic()
        since, count = self._seen.get(place, (-self._seconds, 0))
        if now - since < self._seconds:
            self._seen[place] = (since, count + 1)
            return False
        self._seen[place] = (now, 0)
        if count:
            record.count = count
        return True


def write_json_logs(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """For the processes of the service. What libraries say below a warning is left out, and above it their words are:
    nobody but us decides what those may quote."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JSONFormatter())
    handler.addFilter(Damper())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(level)
