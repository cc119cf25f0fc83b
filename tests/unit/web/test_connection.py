"""Connections that bring no request, on real sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from ocrchat.web.connection import PatientProtocol


class _Hasty(PatientProtocol):
    head_seconds = 0.3


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    while message.get("more_body"):
        message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def _asked(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> float:
    """What a client sees that talks so: the seconds until it is closed."""

    async def run() -> float:
        config = uvicorn.Config(_app, log_config=None, lifespan="off")
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Hasty(config, state, {}), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        start = time.monotonic()
        await talk(reader, writer)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        took = time.monotonic() - start
        writer.close()
        server.close()
        await server.wait_closed()
        return took

    return asyncio.run(run())


def test_connection_when_it_sends_nothing_or_half_a_head_then_it_is_closed() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pass

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for letter in b"GET / HT":
            writer.write(bytes([letter]))
            await asyncio.sleep(0.02)

    assert _asked(silent) < 2
    assert _asked(half) < 2


def test_connection_when_a_body_is_slow_then_it_is_not_closed_and_the_next_half_head_is() -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n1")
        await asyncio.sleep(0.5)
        writer.write(b"2")
        assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
        await reader.readuntil(b"ok")
        writer.write(b"GET /")

    assert 0.5 < _asked(slow) < 3


def test_connection_when_there_are_as_many_as_there_may_be_then_a_silent_one_makes_room() -> None:
    async def run() -> bytes:
        config = uvicorn.Config(_app, log_config=None, lifespan="off", limit_concurrency=4)
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: PatientProtocol(config, state, {}), "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        silent = [await asyncio.open_connection(*address) for _ in range(12)]
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        answer = await reader.read()
        for _, one in silent:
            one.close()
        writer.close()
        server.close()
        await server.wait_closed()
        return answer

    assert asyncio.run(run()).startswith(b"HTTP/1.1 200")
