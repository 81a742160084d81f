"""Who waits for what: readers for a position, the runner for a reason to look?"""

from __future__ import annotations

import asyncio
import select
import socket
import threading
from contextlib import suppress
from typing import NamedTuple

from projections.engine.connection import Connection


class Bell:
    """Wakes one thread, which may at the same time wait for PostgreSQL's notifications."""

    def __init__(self) -> None:
        self._inside, self._outside = socket.socketpair()
        self._inside.setblocking(False)
        self._outside.setblocking(False)

    def ring(self) -> None:
        """Wake the thread, now or as soon as it waits. Any thread may do so."""
        with suppress(OSError):  # it has not yet heard the last ring, or nobody is there to hear it
            self._outside.send(b"!")

    def wait(self, seconds: float, listener: Connection | None = None) -> None:
        """Wait until it rings, a notification comes, or so many seconds have gone by."""
        poll = select.poll()
        for each in (self._inside, listener):
            if each is not None:
                poll.register(each, select.POLLIN)
        poll.poll(seconds * 1000)
        self._hush()
        if listener is not None:
            for _ in listener.notifies(timeout=0):
                pass  # that there is one is all there is to know

    def _hush(self) -> None:
        with suppress(BlockingIOError):  # all is heard
            while self._inside.recv(4096):
                pass

    def close(self) -> None:
        """Give the sockets back."""
        self._inside.close()
        self._outside.close()


class Waiter(NamedTuple):
    """A coroutine that waits for a position."""

    position: int
    loop: asyncio.AbstractEventLoop
    arrived: asyncio.Future[None]


class Waiters:
    """Coroutines, on any event loop, that wait for the views to reach a position."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._position = 0
        self._waiters: set[Waiter] = set()

    async def reached(self, position: int, seconds: float) -> bool:
        """Wait for a position, so many seconds at most; whether it was reached."""
        loop = asyncio.get_running_loop()
        waiter = Waiter(position, loop, loop.create_future())
        with self._lock:
            if self._position >= position:
                return True
            self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter.arrived, seconds)
        except TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiters.discard(waiter)
        return True

    def advance(self, position: int) -> None:
        """Let those go on who waited for this position or one before it. Called from the runner's thread."""
        with self._lock:
            self._position = position
            arrived = [waiter for waiter in self._waiters if waiter.position <= position]
            for waiter in arrived:
                waiter.loop.call_soon_threadsafe(_arrive, waiter.arrived)
            self._waiters.difference_update(arrived)


def _arrive(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
