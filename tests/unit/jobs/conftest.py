"""A service a test, all on one pool of children."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrchat.pipeline.pipeline import new_pool
from ocrchat.pipeline.pool import WorkerPool
from tests.services import Service, service

_ROOT = Path(__file__).parents[3]
_FAULTS = {name: f"tests.faults.engines:{name}" for name in ("killed", "raises", "slow")}


@pytest.fixture(scope="session")
def pool() -> Iterator[WorkerPool]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(_ROOT))
        with new_pool(slots=2, engines=_FAULTS) as pool:
            yield pool


@pytest.fixture
def opened(sqlite_url: str, tmp_path: Path, pool: WorkerPool) -> Iterator[Service]:
    with service(sqlite_url, tmp_path / "data", pool=pool) as opened:
        yield opened


@pytest.fixture
def everywhere(database_url: str, tmp_path: Path, pool: WorkerPool) -> Iterator[Service]:
    """Once on each kind of database."""
    with service(database_url, tmp_path / "data", pool=pool) as opened:
        yield opened
