"""Model files from an address: cut connections, wrong bytes, mirrors and folders, over a real server on loopback."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ocrchat.cli import main
from ocrchat.engines.model_catalog import OPTIONAL_MODELS, SCRIPT_RECOGNIZERS
from ocrchat.engines.models import ModelFile, Presence, presence, pull
from ocrchat.errors import EngineUnavailable, ModelInvalid

CONTENT = bytes(range(256)) * 4000


class Server(ThreadingHTTPServer):
    """Serves CONTENT; cuts the first answers off after some bytes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = CONTENT
        self.cuts = 0
        self.ranges: list[str] = []
        self.honours_ranges = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.server.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-") or 0) if asked and self.server.honours_ranges else 0
        if self.path.endswith("missing.onnx"):
            self.send_error(404)
            return
        if start > len(self.server.content):
            self.send_error(416)
            return
        body = self.server.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.cuts:
            self.server.cuts -= 1
            body = body[:300_000]
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def _model(server: Server, name: str = "net.onnx", content: bytes = CONTENT) -> ModelFile:
    return ModelFile(
        name=name,
        url=f"{server.address}/files/{name}",
        sha256=hashlib.sha256(content).hexdigest(),
        licence="Apache-2.0",
        engine="test",
        purpose="is tested",
    )


def test_pull_when_the_connection_is_cut_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.cuts = 2
    pull([_model(server)], tmp_path)
    assert (tmp_path / "net.onnx").read_bytes() == CONTENT
    assert server.ranges == ["", "bytes=300000-", "bytes=600000-"]
    assert [path.name for path in tmp_path.iterdir()] == ["net.onnx"]


def test_pull_when_given_up_keeps_what_came_and_the_next_one_goes_on(server: Server, tmp_path: Path) -> None:
    server.cuts = 3
    with pytest.raises(EngineUnavailable, match="goes on where this stopped"):
        pull([_model(server)], tmp_path)
    assert not (tmp_path / "net.onnx").exists()
    pull([_model(server)], tmp_path)
    assert server.ranges[-1] == "bytes=900000-"
    assert presence(_model(server), tmp_path) is Presence.VALID


def test_pull_when_the_server_knows_no_ranges_begins_anew(server: Server, tmp_path: Path) -> None:
    server.cuts, server.honours_ranges = 1, False
    pull([_model(server)], tmp_path)
    assert (tmp_path / "net.onnx").read_bytes() == CONTENT


def test_pull_when_the_hash_is_wrong_is_refused_and_nothing_is_left(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ModelInvalid, match="not the one that was published"):
        pull([_model(server, content=b"what was published")], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_pull_when_what_is_left_is_longer_than_the_file_begins_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / ".net.onnx.part").write_bytes(CONTENT + b"more")
    pull([_model(server)], tmp_path)
    assert presence(_model(server), tmp_path) is Presence.VALID


def test_pull_when_there_is_a_mirror_asks_it_alone(server: Server, tmp_path: Path) -> None:
    elsewhere = ModelFile(
        name="net.onnx",
        url="http://127.0.0.1:1/never",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        licence="MIT",
        engine="test",
        purpose="is tested",
    )
    pull([elsewhere], tmp_path, mirror=server.address + "/mirror/")
    assert presence(elsewhere, tmp_path) is Presence.VALID


def test_pull_when_offline_takes_the_folder_and_asks_nobody(server: Server, tmp_path: Path) -> None:
    offline = tmp_path / "offline"
    offline.mkdir()
    with pytest.raises(EngineUnavailable, match="does not hold net"):
        pull([_model(server)], tmp_path / "models", offline=offline)
    (offline / "net.onnx").write_bytes(CONTENT)
    pull([_model(server)], tmp_path / "models", offline=offline)
    assert presence(_model(server), tmp_path / "models") is Presence.VALID
    assert server.ranges == []


def test_pull_when_the_server_refuses_says_what_else_can_be_done(server: Server, tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"answered 404.*--offline"):
        pull([_model(server, "missing.onnx")], tmp_path)
    with pytest.raises(EngineUnavailable, match="no address"):
        pull([_model(server)], tmp_path, mirror="file:///etc")


def test_models_command_brings_optional_files_only_by_name(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = SCRIPT_RECOGNIZERS["Arab"].name
    folder = ["--folder", str(tmp_path)]
    assert main(["models", "list", "--engine", "ppocrv5", *folder]) == 0
    assert f"{name}" in capsys.readouterr().out
    assert main(["models", "pull", "--engine", "ppocrv5", "--mirror", server.address, *folder]) == 0
    assert server.ranges == []
    assert main(["models", "pull", name, "--mirror", server.address, *folder]) == 1
    assert "not the one that was published" in capsys.readouterr().err
    assert main(["models", "pull", "ppocrv5_arabic", *folder]) == 2
    assert name in capsys.readouterr().err


def test_catalog_states_a_hash_an_address_and_a_licence_of_each_file() -> None:
    assert len({model.name for model in OPTIONAL_MODELS}) == len(OPTIONAL_MODELS)
    for model in OPTIONAL_MODELS:
        assert len(bytes.fromhex(model.sha256)) == 32
        assert model.url.startswith("https://")
        assert model.licence
