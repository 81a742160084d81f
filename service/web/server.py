"""How does an application listen, and end when it is told to?"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import uvicorn
from starlette.types import ASGIApp

from service.config import SettingsError
from service.web.protocol import Protocol

BACKLOG = 2_048
MOST_CONNECTIONS = 1_000
GRACE_SECONDS = 10


class Listening(NamedTuple):
    """A bound socket, and where it is reached."""

    socket: socket.socket
    url: str


@contextmanager
def listening(host: str, port: int) -> Iterator[Listening]:
    """Bind a TCP socket; port 0 takes a free one.

    Raises SettingsError when the address is wrong or taken.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise SettingsError(
            f"无法监听 {host}:{port} | Cannot listen on {host}:{port}: {error.strerror or error}"
        ) from error
    with bound:
        name = f"[{host}]" if family is socket.AF_INET6 else host
        yield Listening(bound, f"http://{name}:{bound.getsockname()[1]}")


def serve_on(where: Listening, application: ASGIApp) -> None:
    """Serve until a signal comes, then finish what is under way.

    uvicorn raises the signal again once it has stopped, so nothing after this call is sure to run: whatever must be put
    away belongs into the application's lifespan.
    """
    config = uvicorn.Config(
        application,
        http=Protocol,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[where.socket])
