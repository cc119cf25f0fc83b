"""Forms as they stream in: whatever comes, in whatever pieces, is a form or one sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from ocrchat.errors import BadRequest, NoFile, OCRChatError, RequestTooLarge, ServerStopping, TooManyBytes
from ocrchat.web import form
from ocrchat.web.form import Form, read_small_body, receive_form
from ocrchat.web.signal import Signal

_BOUNDARY = "x-boundary-x"
_TYPE = f"multipart/form-data; boundary={_BOUNDARY}"


class _Kept:
    """A sink that takes so much."""

    def __init__(self, max_bytes: int = 10_000_000) -> None:
        self.data = b""
        self._max_bytes = max_bytes

    def write(self, piece: bytes) -> None:
        self.data += piece
        if len(self.data) > self._max_bytes:
            raise TooManyBytes("The file is larger than it may be.")


def _request(pieces: Iterable[bytes], content_type: str = _TYPE, **headers: str) -> Request:
    waiting = list(pieces)

    async def receive() -> Message:
        piece = waiting.pop(0) if waiting else b""
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    named = {"content-type": content_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in named.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw, "query_string": b""}, receive)


def _part(name: str, value: bytes, *, file_name: str | None = None) -> bytes:
    tail = f'; filename="{file_name}"' if file_name is not None else ""
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{tail}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def _body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()


def _received(
    pieces: Sequence[bytes], content_type: str = _TYPE, *, max_bytes: int = 10_000_000, **headers: str
) -> tuple[Form, bytes]:
    kept = _Kept(max_bytes)
    form = asyncio.run(receive_form(_request(pieces, content_type, **headers), kept, max_bytes=max_bytes))
    return form, kept.data


_FILE = _part("file", b"%PDF-1.7 \r\n--x-bound\r\n", file_name="a.pdf")


def test_form_when_it_is_whole_then_fields_and_file_are_there() -> None:
    form, data = _received([_body(_part("tier", b"cpu"), _FILE, _part("language", "Ελληνικά".encode()))])
    assert (form.fields, form.file_name) == ({"tier": "cpu", "language": "Ελληνικά"}, "a.pdf")
    assert data == b"%PDF-1.7 \r\n--x-bound\r\n"
    assert form.size_bytes == len(data)


@given(st.binary(max_size=400), st.lists(st.integers(1, 50), max_size=30))
def test_form_when_cut_anywhere_then_the_same_comes_out(content: bytes, cuts: list[int]) -> None:
    whole = _body(_part("tier", b"cpu"), _part("file", content, file_name="a"), _part("pages", b"1-2"))
    if _BOUNDARY.encode() in content:
        return
    pieces, rest = [], whole
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    form, data = _received([*pieces, rest])
    assert (form.fields, data) == ({"tier": "cpu", "pages": "1-2"}, content)


@given(
    st.binary(max_size=300),
    st.sampled_from([_TYPE, "multipart/form-data", "text/plain", "", 'multipart/x;;="', f"{_TYPE}é"]),
)
def test_form_when_it_is_anything_at_all_then_a_sentence_or_a_form(body: bytes, content_type: str) -> None:
    for wrapped in (body, _part("file", body, file_name="x"), f"--{_BOUNDARY}\r\n".encode() + body):
        try:
            _received([wrapped], content_type)
        except OCRChatError as error:
            assert error.status == 400
            assert error.message.endswith(".")


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (_body(), NoFile, "No file came"),
        (b"", BadRequest, "broken"),
        (_body(_part("tier", b"cpu")), NoFile, "No file came"),
        (_body(_part("image", b"x", file_name="x.png")), NoFile, 'There is one in "image"'),
        (_body(_part("file", b"", file_name="")), NoFile, "No file came"),
        (_body(_FILE, _FILE), NoFile, "More than one file"),
        (_body(_part("tier", b"cpu"), _part("tier", b"vlm"), _FILE), BadRequest, '"tier" came twice'),
        (_body(_part("tier", b"\xff\xfe"), _FILE), BadRequest, "not text in UTF-8"),
        (_body(_part("tier", b"c" * 20_000), _FILE), BadRequest, "too long"),
        (_body(*[_part(f"f{n}", b"") for n in range(70)], _FILE), BadRequest, "too many fields"),
        (_part("file", b"cut off", file_name="x"), BadRequest, "not whole"),
        (_body(_FILE).replace(_BOUNDARY.encode(), b"another"), BadRequest, "broken"),
        (_body(_part("f" * 20_000, b""), _FILE), BadRequest, "too many fields"),
        (b"--x-boundary-x\r\nContent-Disposition: attachment\r\n\r\nx\r\n--x-boundary-x--", BadRequest, "broken"),
    ],
)
def test_form_when_something_is_wrong_with_it_then_the_sentence_says_what(
    body: bytes, kind: type[OCRChatError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        _received([body])


def test_form_when_it_says_it_is_too_long_then_nothing_of_it_is_read() -> None:
    with pytest.raises(TooManyBytes, match="1 MB"):
        _received([b"never looked at"], max_bytes=1024 * 1024, content_length="99000000")


def test_form_when_the_file_turns_out_too_long_then_reading_stops_there() -> None:
    pieces = [_part("file", b"", file_name="x")[:-2], *[b"x" * 500_000] * 40]
    request = _request(pieces)
    with pytest.raises(TooManyBytes):
        asyncio.run(receive_form(request, _Kept(1_000_000), max_bytes=1_000_000))


def test_form_when_other_files_are_huge_then_it_is_refused() -> None:
    with pytest.raises(RequestTooLarge):
        _received([_part("other", b"x" * 1_200_000, file_name="x")])


@pytest.mark.parametrize("content_type", ["application/json", "", "application/x-www-form-urlencoded"])
def test_form_when_it_is_none_then_the_sentence_says_what_to_send(content_type: str) -> None:
    with pytest.raises(NoFile, match="multipart/form-data"):
        _received([b"{}"], content_type)


def test_file_name_when_it_is_a_path_or_holds_controls_then_only_its_last_part_is_kept() -> None:
    form, _ = _received([_body(_part("file", b"x", file_name="C:\\docs\\in\x07voice.pdf"))])
    assert form.file_name == "invoice.pdf"


def test_small_body_when_it_is_too_large_then_it_is_refused() -> None:
    assert asyncio.run(read_small_body(_request([b"{", b"}"]))) == b"{}"
    with pytest.raises(RequestTooLarge):
        asyncio.run(read_small_body(_request([b"x" * 40_000, b"x" * 40_000])))


def _trickling(seconds: float, stopping: Signal | None = None, *, set_after: int = -1) -> OCRChatError:
    """A client that sends a byte every so often for ever; what it is told."""
    head = _part("file", b"", file_name="a.pdf").removesuffix(b"\r\n")
    sent = 0

    async def receive() -> Message:
        nonlocal sent
        if sent == set_after and stopping is not None:
            stopping.set()
        sent += 1
        await asyncio.sleep(seconds)
        return {"type": "http.request", "body": head if sent == 1 else b"x", "more_body": True}

    request = Request({**_request([]).scope}, receive)
    with pytest.raises(OCRChatError) as told:
        asyncio.run(receive_form(request, _Kept(), max_bytes=10_000_000, stopping=stopping))
    return told.value


def test_upload_when_it_trickles_then_it_is_cut_off_though_it_is_never_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "_GRACE_SECONDS", 0.2)
    error = _trickling(0.02)
    assert isinstance(error, BadRequest)
    assert "too slowly" in error.message


def test_upload_when_it_stalls_while_the_server_ends_then_it_is_told_to_come_again() -> None:
    start = time.monotonic()
    assert isinstance(_trickling(30.0, Signal(), set_after=0), ServerStopping)
    assert time.monotonic() - start < 3


def test_upload_when_it_goes_on_for_long_while_the_server_ends_then_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "_SECONDS_AT_THE_END", 0.2)
    assert isinstance(_trickling(0.02, Signal(), set_after=2), ServerStopping)


def test_file_name_when_it_is_not_utf_8_then_the_file_is_taken_and_the_name_is_readable() -> None:
    for raw, name in ((b"r\xe9sum\xe9.pdf", "r\ufffdsum\ufffd.pdf"), ("résumé.pdf".encode(), "résumé.pdf")):
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="'.encode() + raw + b'"\r\n\r\n'
        found, data = _received([_body(head + b"%PDF\r\n")])
        assert (found.file_name, data) == (name, b"%PDF")
