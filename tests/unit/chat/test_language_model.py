from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ocrchat.chat.language_model import EndpointModel, Message
from ocrchat.chat.local_model import LocalModel
from ocrchat.errors import ModelUnavailable
from tests.model_server import model_endpoint

ASKED = [Message("system", "Be brief."), Message("user", "What is it?")]


def test_endpoint_when_it_answers_then_the_pieces_come_as_they_are_sent() -> None:
    with model_endpoint("The total is 42 ευρώ.") as endpoint:
        model = EndpointModel(url=endpoint.url, name="small", key="secret")
        pieces = list(model.stream(ASKED))
    assert len(pieces) > 1
    assert "".join(pieces) == "The total is 42 ευρώ."
    assert endpoint.keys == ["Bearer secret"]
    assert endpoint.asked[0]["model"] == "small"
    assert endpoint.asked[0]["messages"][0] == {"role": "system", "content": "Be brief."}


@pytest.mark.parametrize("status", [401, 404, 500, 302])
def test_endpoint_when_it_refuses_or_leads_elsewhere_then_unavailable(status: int) -> None:
    with (
        model_endpoint("never", status=status) as endpoint,
        pytest.raises(ModelUnavailable),
    ):
        list(EndpointModel(url=endpoint.url, name="m", key="secret").stream(ASKED))


def test_endpoint_when_it_breaks_off_then_unavailable_after_what_came() -> None:
    with model_endpoint("The total is 42.", breaks_after=1) as endpoint:
        pieces = EndpointModel(url=endpoint.url, name="m").stream(ASKED)
        assert next(pieces) == "The tot"
        with pytest.raises(ModelUnavailable):
            list(pieces)


def test_endpoint_when_nobody_listens_then_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelUnavailable):
        list(EndpointModel(url=f"http://127.0.0.1:{port}/v1", name="m", timeout_seconds=2).stream(ASKED))


def test_key_when_the_model_is_shown_then_not_in_it() -> None:
    assert "secret" not in repr(EndpointModel(url="http://127.0.0.1:1", name="m", key="secret"))


def test_local_model_when_its_file_is_not_there_then_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="not there"):
        list(LocalModel(tmp_path / "none.gguf").stream(ASKED))


def test_local_model_when_its_file_is_none_or_cannot_be_run_then_unavailable(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and then nothing")
    model = LocalModel(broken)
    with pytest.raises(ModelUnavailable):
        list(model.stream(ASKED))
    model.close()
