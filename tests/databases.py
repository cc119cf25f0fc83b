"""Real databases for the tests: SQLite files, and a PostgreSQL server that the test session starts for itself.

Each is migrated once; a test gets a copy of the migrated file, or the emptied tables of the server.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from ocrchat.db.session import Database, make_engine
from ocrchat.db.upgrade import upgrade

_BINARIES = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"), Path("/usr/bin"))

# Nothing here outlives the session, so nothing waits for a disk.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "150"}


class PostgresServer:
    """Debian's, on loopback, in a folder of its own, as a user without rights."""

    def __init__(self, binaries: Path, **settings: str) -> None:
        self._binaries = binaries
        self._user = _unprivileged_user()
        self._folder = Path(tempfile.mkdtemp(prefix="ocrchat-postgres-"))
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = " ".join(f"-c {name}={value}" for name, value in {**_FAST, **settings}.items())
        self._options = f"{options} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''"
        self.url = f"postgresql://tester@127.0.0.1:{port}"
        """Without the name of a database."""

    def make(self) -> None:
        self._run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        self._run("pg_ctl", "-l", str(self._folder / "log"), "-w", "-o", self._options, "start")

    def kill(self) -> None:
        """Without a word to whoever is connected, and without writing down what is only in memory."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        # A file, not a pipe: the server inherits it and would hold a pipe open for ever.
        with (self._folder / "setup.log").open("a") as log:
            result = subprocess.run(
                [str(self._binaries / program), "-D", str(self._folder / "data"), *arguments],
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self._folder,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                check=False,
            )
        assert result.returncode == 0, (self._folder / "setup.log").read_text()


@contextmanager
def running_postgres(**settings: str) -> Iterator[PostgresServer]:
    binaries = next((one for one in _BINARIES if (one / "initdb").exists() and (one / "pg_ctl").exists()), None)
    if binaries is None:
        pytest.skip("PostgreSQL IS NOT INSTALLED: half of the database tests do not run (apt-get install postgresql)")
    server = PostgresServer(binaries, **settings)
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.kill()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of an empty server, without the name of a database."""
    with running_postgres() as server:
        yield server.url


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="session")
def new_postgres_database(postgres_server: str) -> Iterator[_PostgresDatabases]:
    databases = _PostgresDatabases(postgres_server)
    yield databases
    databases.close()


class _PostgresDatabases:
    """Makes databases on the server, empty or as copies of another one."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made = 0
        self._admin = create_engine(
            f"{server}/postgres".replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
        )

    def __call__(self) -> str:
        self._made += 1
        name = f"test_{self._made}"
        with self._admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return f"{self._server}/{name}"

    def close(self) -> None:
        self._admin.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "ocrchat.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()  # the last connection that closes brings all into the one file
    return path


@pytest.fixture(scope="session")
def migrated_postgres(new_postgres_database: _PostgresDatabases) -> str:
    url = new_postgres_database()
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'ocrchat.db')}"


@pytest.fixture
def postgres_url(migrated_postgres: str) -> str:
    engine = make_engine(migrated_postgres)
    with engine.begin() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
        ).all()
        connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))
    engine.dispose()
    return migrated_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database; the test runs once on each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(make_engine(database_url))
    yield database
    database.close()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """Where the kind of database makes no difference."""
    database = Database(make_engine(sqlite_url))
    yield database
    database.close()
