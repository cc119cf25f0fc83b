"""`ocrchat serve`: the service, in this process or as one of several roles."""

from __future__ import annotations

import argparse
import contextlib
import errno
import logging
import resource
import socket
import sys
from types import FrameType
from typing import TYPE_CHECKING

from ocrchat import __version__
from ocrchat.errors import BadSetting

if TYPE_CHECKING:
    from ocrchat.config import Settings

ROLES = ("all", "api")

# Connections that wait to be taken: as many as the kernel gives by itself are lost under a burst.
_BACKLOG = 1024
# An answer that is being sent has this long to end; whoever waits for a job is answered at once.
_GRACE_SECONDS = 10
# Longer than proxies keep theirs, so that it is never us who close while one sends.
_KEEP_ALIVE_SECONDS = 75
# Of a request's head: addresses, tokens and what proxies add, many times over.
_HEAD_BYTES = 64 * 1024
# File descriptors for all that is no connection: database, files, the pipes of those that read pages.
_OTHER_FILES = 200
_MOST_CONNECTIONS = 4096


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("serve", help="run the service")
    add = parser.add_argument
    add("--host", help="the address to listen on (default: OCRCHAT_HOST, or 127.0.0.1)")
    add("--port", help="the port (default: PORT, or 8000)")
    add("--data", help="the data folder (default: OCRCHAT_DATA, or ./data)")
    add("--role", choices=ROLES, default="all", help="all: also read pages (default); api: only answer requests")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ocrchat.config import load_settings
    from ocrchat.logs import write_json_logs

    settings = load_settings(host=arguments.host, port=arguments.port, data=arguments.data)
    # First of all: two servers on one port is the commonest mistake, and is told before anything is opened.
    with contextlib.closing(_listen(settings)) as listener:
        write_json_logs()
        _serve(settings, arguments.role, listener)
    return 0


def _serve(settings: Settings, role: str, listener: socket.socket) -> None:
    import uvicorn

    from ocrchat.app import create_app, open_services
    from ocrchat.web.connection import PatientProtocol

    with open_services(settings, role=role) as services:

        class Server(uvicorn.Server):
            def handle_exit(self, sig: int, frame: FrameType | None) -> None:
                services.stopping.set()
                super().handle_exit(sig, frame)

        config = uvicorn.Config(
            create_app(services),
            http=PatientProtocol,
            h11_max_incomplete_event_size=_HEAD_BYTES,
            limit_concurrency=_connections(),
            log_config=None,
            access_log=False,  # ours tells the route and not the address, which may hold a token
            proxy_headers=False,  # whom to believe is a setting of ours
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=_GRACE_SECONDS,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        _say_where(settings, role)
        # To be asked to end is how it ends, and no failure.
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            Server(config).run(sockets=[listener])


def _connections() -> int:
    """As many as there are file descriptors for: whoever comes then is told to come later (503), and nobody hangs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(
                resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
            )
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _MOST_CONNECTIONS
    # Each may have an upload open beside its socket.
    return max(min(_MOST_CONNECTIONS, (soft - _OTHER_FILES) // 2), 16)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named: only then does asyncio switch off Nagle's algorithm, which would hold back the second half
    # of each answer for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(_BACKLOG)
        return listener
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise BadSetting(f"Port {settings.port} is in use already. Choose another one with PORT.") from None
        raise BadSetting(
            f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror or error}. "
            "Change OCRCHAT_HOST or PORT."
        ) from None


def _say_where(settings: Settings, role: str) -> None:
    sys.stdout.write(f"ocrchat {__version__} is at {settings.site_url} (data in {settings.data}). Ctrl-C ends it.\n")
    sys.stdout.flush()
    facts = {"host": settings.host, "port": settings.port, "role": role, "version": __version__}
    logging.getLogger("ocrchat.serve").info("server_started", extra=facts)
