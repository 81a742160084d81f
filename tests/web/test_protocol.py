"""Does an answer that leaves as a whole say what one does that uvicorn writes?"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from service.web.protocol import EXTENSION, Protocol

pytestmark = pytest.mark.anyio
LONG = b"x" * 10_000_000


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the body, as a whole if it came so; with much more of it for `/long`."""
    exchange: Protocol = scope["extensions"][EXTENSION]
    body = exchange.body()
    if body is not None:
        told = LONG if scope["path"] == "/long" else body
        if exchange.answer(200, b"x-way: whole\r\ncontent-length: %d\r\n" % len(told), told):
            return
    text, more = b"", True
    while more:
        message = await receive()
        text, more = text + message["body"], message["more_body"]
    headers = [(b"x-way", b"parts"), (b"content-length", b"%d" % len(text))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})


class Caller(NamedTuple):
    """A connection to the application."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    server: ServerState

    def ask(self, body: bytes, more: bytes = b"", path: str = "/") -> None:
        self.writer.write(
            b"POST %b HTTP/1.1\r\ncontent-length: %d\r\n%b\r\n%b" % (path.encode(), len(body), more, body)
        )

    async def answer(self) -> tuple[dict[str, str], bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        status, *lines = head.strip().splitlines()
        headers = dict(line.split(": ", 1) for line in lines)
        assert status == "HTTP/1.1 200 OK"
        return headers, await self.reader.readexactly(int(headers["content-length"]))


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    config = uvicorn.Config(echo, lifespan="off", log_config=None)
    state = ServerState()
    state.default_headers = [(b"date", b"today")]

    def protocol() -> Any:
        return Protocol(config, state, {})

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    async with server:
        opened = Caller(*await asyncio.open_connection(*server.sockets[0].getsockname()), state)
        yield opened
        opened.writer.close()


async def test_what_comes_whole_is_answered_whole(caller: Caller) -> None:
    for body in (b"one", b"two"):
        caller.ask(body)
        assert await caller.answer() == ({"date": "today", "x-way": "whole", "content-length": "3"}, body)


async def test_the_servers_own_headers_are_those_of_the_moment(caller: Caller) -> None:
    for day in ("today", "tomorrow"):
        caller.server.default_headers = [(b"date", day.encode())]
        caller.ask(b"when")
        assert (await caller.answer())[0]["date"] == day


async def test_what_comes_in_pieces_is_answered_in_parts(caller: Caller) -> None:
    caller.writer.write(b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n")
    await asyncio.sleep(0.05)
    caller.writer.write(b"3\r\ntwo\r\n0\r\n\r\n")
    headers, body = await caller.answer()
    assert (headers["x-way"], body) == ("parts", b"onetwo")


async def test_requests_sent_at_once_are_answered_in_their_order(caller: Caller) -> None:
    for n in range(50):
        caller.ask(b"%d" % n)
    assert [(await caller.answer())[1] for _ in range(50)] == [b"%d" % n for n in range(50)]


async def test_who_wants_the_connection_closed_has_it_closed(caller: Caller) -> None:
    caller.ask(b"last", b"connection: close\r\n")
    headers, body = await caller.answer()
    assert (headers["connection"], body, await caller.reader.read()) == ("close", b"last", b"")


async def test_a_caller_who_takes_no_answers_has_none_pile_up(caller: Caller) -> None:
    for path in ("/long", "/", "/"):
        caller.ask(b"body", path=path)
    found = [await caller.answer() for _ in range(3)]
    assert [(headers["x-way"], len(body)) for headers, body in found] == [
        ("whole", len(LONG)),
        ("parts", 4),
        ("whole", 4),
    ]
