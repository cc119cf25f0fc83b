"""The program itself, `ocrchat serve`, on a port and in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    url: str
    port: int
    data: Path
    log: Path
    database_url: str

    @property
    def token(self) -> str:
        return (self.data / "admin-token").read_text().strip()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OCRCHAT_", "PORT", "DATABASE"))}
    return {**kept, "PYTHONPATH": str(_ROOT / "src"), "OMP_NUM_THREADS": "1", **more}


def start(folder: Path, **settings: str) -> Server:
    """`ocrchat serve` with one page at a time; further settings as in the environment."""
    port, data, log = _free_port(), folder / "data", folder / "log"
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "ocrchat", "serve"],
            env=server_environment(PORT=str(port), OCRCHAT_DATA=str(data), OCRCHAT_PAGE_WORKERS="1") | settings,
            stdout=stream,
            stderr=stream,
            cwd=folder,
        )
    database_url = settings.get("DATABASE_URL", f"sqlite:///{data / 'ocrchat.db'}")
    server = Server(process, f"http://127.0.0.1:{port}", port, data, log, database_url)
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{server.url}/readyz", timeout=5):
                return server
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)


def stop(server: Server) -> int:
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(timeout=60)
