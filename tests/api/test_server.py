"""The program itself, `ocrchat serve`, on a port of its own: what only a real server, real sockets and real signals
show; and the README and the samples, run as a new user would."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.api.conftest import drawn_pdf
from tests.pictures import text_image
from tests.servers import Server, server_environment, start, stop

_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start(tmp_path_factory.mktemp("server"))
    yield server
    server.process.kill()
    server.process.wait()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """What a new user has at hand, under the name that README and samples use."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(drawn_pdf("Invoice 2026-11\nTotal: 215.00 USD"))
    return path


# --- README and samples ----------------------------------------------------------------------------------------------


def _blocks(kind: str) -> list[str]:
    readme = (_ROOT / "README.md").read_text(encoding="utf-8")
    return [block for block in re.findall(rf"```{kind}\n(.*?)```", readme, re.DOTALL) if "127.0.0.1:8000" in block]


def _as_here(text: str, server: Server) -> str:
    return text.replace("http://127.0.0.1:8000", server.url).replace("YOUR_TOKEN", server.token)


def test_readme_when_its_requests_are_run_then_they_work(server: Server, scan: Path) -> None:
    assert [len(_blocks("sh")), len(_blocks("python"))] == [1, 1]
    shell = ["sh", "-eu", "-c", _as_here(_blocks("sh")[0], server)]
    run = subprocess.run(shell, cwd=scan.parent, capture_output=True, text=True, check=True, timeout=60)
    assert "Total: 215.00 USD" in run.stdout
    program = [sys.executable, "-c", _as_here(_blocks("python")[0], server)]
    run = subprocess.run(program, cwd=scan.parent, capture_output=True, text=True, check=True, timeout=60)
    assert "Total: 215.00 USD" in run.stdout
    assert (scan.parent / "scan.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("sample", [[sys.executable, "read.py"], ["node", "read.mjs"], ["sh", "read.sh"]])
@pytest.mark.parametrize("with_token", [True, False])
def test_sample_when_run_then_the_text_is_printed(
    server: Server, scan: Path, sample: list[str], with_token: bool
) -> None:
    if shutil.which(sample[0]) is None:
        pytest.skip(f"{sample[0]} is not installed")
    command = [sample[0], str(_ROOT / "samples" / sample[1]), str(scan)]
    more = {"OCRCHAT_TOKEN": server.token} if with_token else {}
    environment = server_environment(OCRCHAT_URL=server.url, **more)
    run = subprocess.run(command, cwd=scan.parent, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert "Total: 215.00 USD" in run.stdout


def test_sample_when_the_document_is_long_then_it_is_waited_for(server: Server, tmp_path: Path) -> None:
    long = tmp_path / "long.pdf"
    long.write_bytes(drawn_pdf(*(f"Page {number} of a long one" for number in range(1, 13))))
    for sample in ([sys.executable, "read.py"], ["sh", "read.sh"]):
        command = [sample[0], str(_ROOT / "samples" / sample[1]), str(long)]
        environment = server_environment(OCRCHAT_URL=server.url, OCRCHAT_TOKEN=server.token)
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr
        assert "Page 12 of a long one" in run.stdout


# --- refused while it comes ------------------------------------------------------------------------------------------


def _opened(server: Server, head: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    return connection


def _status_line(connection: socket.socket) -> str:
    return connection.recv(4096).split(b"\r\n", 1)[0].decode()


def test_upload_when_it_says_it_is_too_large_then_it_is_refused_before_it_comes(server: Server) -> None:
    head = (
        "POST /api/v1/ocr/ HTTP/1.1\nHost: x\nContent-Type: multipart/form-data; boundary=b\n"
        f"Content-Length: 200000000\nAuthorization: Bearer {server.token}"
    )
    with _opened(server, head) as connection:
        assert _status_line(connection) == "HTTP/1.1 400 Bad Request"


def test_upload_when_the_token_is_wrong_then_nothing_of_the_body_is_asked_for(server: Server) -> None:
    head = (
        "POST /api/v1/ocr/ HTTP/1.1\nHost: x\nContent-Type: multipart/form-data; boundary=b\n"
        "Content-Length: 50000000\nAuthorization: Bearer wrong\nExpect: 100-continue"
    )
    with _opened(server, head) as connection:
        assert _status_line(connection) == "HTTP/1.1 401 Unauthorized"


def test_upload_when_refused_while_the_client_still_sends_then_it_sees_why(server: Server) -> None:
    for headers, path, status in (
        ({"Authorization": "Bearer wrong"}, "/api/v1/ocr/", 401),
        (server.headers, "/api/ocr", 422),
        (server.headers, "/api/v1/nothing", 404),
    ):
        answer = requests.post(f"{server.url}{path}", headers=headers, files={"file": b"x" * 30_000_000}, timeout=60)
        assert answer.status_code == status


def test_upload_when_it_grows_too_large_in_chunks_then_it_is_refused(server: Server) -> None:
    def body() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n\r\n%PDF-1.7'
        for _ in range(30):
            yield b"x" * 1_000_000

    headers = {**server.headers, "Content-Type": "multipart/form-data; boundary=b"}
    answer = requests.post(f"{server.url}/api/ocr", headers=headers, data=body(), timeout=60)
    assert (answer.status_code, "20 MB" in answer.json()["detail"]) == (422, True)


def test_upload_when_the_client_goes_away_then_nothing_is_kept(server: Server) -> None:
    head = (
        "POST /api/v1/ocr/ HTTP/1.1\nHost: x\nContent-Type: multipart/form-data; boundary=b\n"
        f"Content-Length: 5000000\nAuthorization: Bearer {server.token}"
    )
    before = _files(server.data / "blobs")
    with _opened(server, head) as connection:
        connection.sendall(b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n\r\n%PDF-1.7')
        time.sleep(0.3)
    end = time.monotonic() + 10
    while _files(server.data / "blobs") != before:
        assert time.monotonic() < end
        time.sleep(0.05)


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


# --- logs and the end ------------------------------------------------------------------------------------------------


def test_log_when_documents_were_read_then_no_text_name_or_token_is_in_it(server: Server) -> None:
    files = {"file": ("secret-name.pdf", drawn_pdf("a sentence that nobody else may see"))}
    answer = requests.post(f"{server.url}/api/v1/ocr/?api_token={server.token}", files=files, timeout=60)
    assert "nobody else" in answer.json()["text"]
    requests.post(f"{server.url}/api/v1/ocr/?api_token=ocrchat_wrong", files=files, timeout=60)
    requests.get(
        f"{server.url}/api/v1/ocr/{answer.json()['uuid']}/download/?format=pdf", headers=server.headers, timeout=60
    )
    time.sleep(0.2)
    text = server.log.read_text()
    for secret in (server.token, "ocrchat_wrong", "nobody else", "secret-name", "api_token"):
        assert secret not in text
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    mine = [line for line in lines if line.get("request_id") == answer.headers["X-Request-Id"]]
    assert mine[-1]["event"] == "request_answered"
    assert mine[-1]["job_id"] == answer.json()["uuid"]
    assert (mine[-1]["route"], mine[-1]["status"]) == ("/api/v1/ocr/", 200)


def test_server_when_the_port_is_taken_then_a_sentence(server: Server, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "ocrchat", "serve"],
        env=server_environment(PORT=str(server.port), OCRCHAT_DATA=str(tmp_path / "other")),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode != 0
    assert run.stderr.strip() == f"ocrchat: Port {server.port} is in use already. Choose another one with PORT."


def test_server_when_told_to_end_then_whoever_waits_is_answered_and_it_starts_again(tmp_path: Path) -> None:
    server = start(tmp_path)
    token = server.token
    pages = [text_image([f"Line {line} of page {page}" for line in range(9)]) for page in range(5)]
    path = tmp_path / "scan.tiff"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    asked = subprocess.Popen(
        ["curl", "-s", "-F", f"file=@{path}", "-H", f"Authorization: Bearer {token}", f"{server.url}/api/v1/ocr/"],
        stdout=subprocess.PIPE,
    )
    time.sleep(0.7)
    assert stop(server) == 0
    job = json.loads(asked.communicate(timeout=30)[0])
    assert job["page_count"] == 5
    server = start(tmp_path)
    try:
        assert server.token == token
        end = time.monotonic() + 60
        while job["status"] != "done":
            assert time.monotonic() < end, job["status"]
            time.sleep(0.3)
            job = requests.get(f"{server.url}/api/v1/ocr/{job['uuid']}/", headers=server.headers, timeout=20).json()
        assert [page["index"] for page in job["pages"]] == list(range(5))
    finally:
        assert stop(server) == 0


def test_server_when_told_to_end_during_an_upload_then_503_at_once_and_no_error_in_the_log(tmp_path: Path) -> None:
    server = start(tmp_path)
    head = (
        "POST /api/v1/ocr/ HTTP/1.1\nHost: x\nContent-Type: multipart/form-data; boundary=b\n"
        f"Content-Length: 5000000\nAuthorization: Bearer {server.token}"
    )
    with _opened(server, head) as connection:
        connection.sendall(b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n\r\n%PDF-1.7')
        time.sleep(0.5)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        answer = connection.recv(4096)
        while piece := connection.recv(4096):  # head and body may come apart
            answer += piece
        assert time.monotonic() - begun < 8
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 5" in answer.lower()
    assert b'"server.stopping"' in answer
    assert server.process.wait(timeout=60) == 0
    assert '"level": "error"' not in server.log.read_text()
