"""The pipe between parent and child, and what becomes of nonsense on it."""

from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from ocrchat.errors import OCRChatError, PageError, TooManyPages
from ocrchat.pipeline.frames import DeadlinePassed, PipeClosed, read_frame, write_frame
from ocrchat.pipeline.told import error_from_header, header_from_error


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_frame_when_larger_than_the_pipe_comes_out_as_it_went_in(pipe: tuple[int, int]) -> None:
    payload = bytes(range(256)) * 4000
    writer = threading.Thread(target=write_frame, args=(pipe[1], {"text": "héllo \ud800"}, payload))
    writer.start()
    frame = read_frame(pipe[0], time.monotonic() + 10)
    writer.join()
    assert frame == ({"text": "héllo \ud800"}, payload)


def test_read_frame_when_nothing_comes_in_time_says_so(pipe: tuple[int, int]) -> None:
    with pytest.raises(DeadlinePassed):
        read_frame(pipe[0], time.monotonic() + 0.05)


def test_read_frame_when_half_a_frame_comes_in_time_says_so(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], struct.pack("!II", 10, 0) + b"{")
    with pytest.raises(DeadlinePassed):
        read_frame(pipe[0], time.monotonic() + 0.05)


@pytest.mark.parametrize(
    "sent",
    [b"", b"\0\0", struct.pack("!II", 1 << 31, 0), struct.pack("!II", 2, 1 << 31), struct.pack("!II", 2, 0) + b"[]"],
)
def test_read_frame_when_the_other_side_talks_nonsense_and_goes_says_so(pipe: tuple[int, int], sent: bytes) -> None:
    os.write(pipe[1], sent)
    os.close(pipe[1])
    with pytest.raises(PipeClosed):
        read_frame(pipe[0])


def test_write_frame_when_nobody_listens_says_so(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with pytest.raises(PipeClosed):
        write_frame(pipe[1], {})


def test_error_when_sent_over_the_pipe_keeps_class_sentence_and_facts() -> None:
    error = error_from_header(header_from_error(TooManyPages("Too many.", pages=9, limit=3)))
    assert type(error) is TooManyPages
    assert error.message == "Too many."
    assert error.detail == {"pages": 9, "limit": 3}


def test_error_when_its_code_is_unknown_is_a_failed_page() -> None:
    error: OCRChatError = error_from_header({"code": "made.up", "message": "Hm.", "detail": "no facts"})
    assert type(error) is PageError
    assert error.message == "Hm."
