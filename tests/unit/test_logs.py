from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from ocrchat.logs import Damper, JSONFormatter, about_job, request_id


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter())
    loggers = [logging.getLogger("ocrchat.tests"), logging.getLogger("somebody.else")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)
        logger.propagate = True


def test_log_when_fields_are_passed_then_only_known_ones_are_written(written: io.StringIO) -> None:
    token = request_id.set("r1")
    with about_job("j1"):
        logging.getLogger("ocrchat.tests").info("page_read", extra={"page": 3, "text": "secret", "file_name": "a.pdf"})
    request_id.reset(token)
    line = json.loads(written.getvalue())
    assert {key: line[key] for key in ("event", "page", "request_id", "job_id", "level")} == {
        "event": "page_read",
        "page": 3,
        "request_id": "r1",
        "job_id": "j1",
        "level": "info",
    }
    assert "secret" not in written.getvalue()
    assert "a.pdf" not in written.getvalue()


def test_log_when_facts_stand_in_the_message_then_known_ones_become_fields(written: io.StringIO) -> None:
    logging.getLogger("ocrchat.tests").warning("job_revived job=%s revivals=%d text=%s", "j9", 2, "secret")
    line = json.loads(written.getvalue())
    assert (line["event"], line["job_id"], line["revivals"]) == ("job_revived", "j9", "2")
    assert "secret" not in written.getvalue()


def test_log_when_an_exception_is_noted_then_its_place_is_written_and_not_its_words(written: io.StringIO) -> None:
    try:
        raise ValueError("the text of a document")
    except ValueError:
        logging.getLogger("ocrchat.tests").exception("page_failed")
    line = json.loads(written.getvalue())
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["where"][0]
    assert "document" not in written.getvalue()


def test_log_when_a_library_speaks_then_its_words_are_left_out(written: io.StringIO) -> None:
    logging.getLogger("somebody.else").warning("cannot parse %s", "a token")
    line = json.loads(written.getvalue())
    assert (line["event"], line["logger"]) == ("library_spoke", "somebody.else")
    assert "token" not in written.getvalue()


def test_log_when_a_library_repeats_itself_then_one_line_passes_and_later_the_count(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("ocrchat.logs.time.monotonic", lambda: now[0])
    handler = logging.getLogger("somebody.else").handlers[0]
    handler.addFilter(Damper(60))

    def say() -> None:
        for name in ("somebody.else", "ocrchat.tests"):
            logging.getLogger(name).error("accept_failed")

    for _ in range(5):
        say()
    now[0] += 61
    say()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    theirs = [line for line in lines if line["logger"] == "somebody.else"]
    assert [line.get("count") for line in theirs] == [None, 4]
    assert len(lines) - len(theirs) == 6
