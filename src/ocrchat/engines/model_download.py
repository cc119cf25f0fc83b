"""Files from an address: what is cut off goes on where it stopped, now or at the next try. Hashes are not its work."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from pathlib import Path

from ocrchat import __version__
from ocrchat.errors import EngineUnavailable

_TIMEOUT_SECONDS = 60.0
_ATTEMPTS = 3
_CHUNK_BYTES = 1 << 18
_SCHEMES = ("https://", "http://")


def download(address: str, part: Path) -> Path:
    """The whole file, as `part`, which is kept when it cannot be completed: the next call goes on from it."""
    if not address.startswith(_SCHEMES):
        raise EngineUnavailable(f"{address} is no address to fetch a model file from: it begins with https://.")
    reason = ""
    for _ in range(_ATTEMPTS):
        try:
            if _fetch(address, part):
                return part
            reason = "the connection was cut"
        except urllib.error.HTTPError as refusal:
            if refusal.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and part.exists():
                part.unlink()  # longer than what is published now: begin anew
                continue
            raise _unavailable(address, f"the server answered {refusal.code}") from refusal
        except (OSError, http.client.HTTPException) as failure:
            reason = str(getattr(failure, "reason", failure)) or type(failure).__name__
    raise _unavailable(address, reason)


def _fetch(address: str, part: Path) -> bool:
    """Whether the file is whole."""
    had = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": f"ocrchat/{__version__}", "Accept-Encoding": "identity"}
    if had:
        headers["Range"] = f"bytes={had}-"
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
        goes_on = answer.status == http.HTTPStatus.PARTIAL_CONTENT
        length = answer.headers.get("Content-Length")
        with part.open("ab" if goes_on else "wb") as target:
            while chunk := answer.read(_CHUNK_BYTES):
                target.write(chunk)
    return length is None or part.stat().st_size == int(length) + (had if goes_on else 0)


def _unavailable(address: str, reason: str) -> EngineUnavailable:
    return EngineUnavailable(
        f"{address} could not be fetched ({reason}). Try again, which goes on where this stopped; or fetch the file "
        "elsewhere and name its folder with --offline, or an address that has it with --mirror.",
        address=address,
    )
