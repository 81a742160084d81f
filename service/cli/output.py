"""How does a command show what it found, and how far it is?"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text


class Meter(Protocol):
    """Told how much is done, of how much in all; and of what, when that is no longer the work as a whole."""

    def __call__(self, done: int, total: int, part: str = ..., /) -> None:
        """Show it."""
        ...


LINE_SECONDS = 5.0


def show(value: object, text: str, as_json: bool) -> None:
    """Print a result: the value as one line of JSON, or the text."""
    typer.echo(orjson.dumps(value, default=str).decode() if as_json else text)


def note(text: str) -> None:
    """Say something about the work on standard error."""
    typer.echo(text, err=True)


@contextmanager
def meter(label: str) -> Iterator[Meter]:
    """Show how far a long work is, on standard error: a bar on a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        yield _lines(label)
        return
    columns = (BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(TextColumn("{task.description}"), *columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total, part=label: bar.update(task, completed=done, total=total, description=part)


class _Rate(ProgressColumn):
    """How many are done a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f}/s")


def _lines(label: str) -> Meter:
    begun: dict[str, tuple[float, int]] = {}  # a work that is taken up again does not begin with nothing done
    last = time.monotonic()

    def tell(done: int, total: int, part: str = label, /) -> None:
        nonlocal last
        now = time.monotonic()
        since, first = begun.setdefault(part, (now, done))
        if done == total or now - last > LINE_SECONDS:
            last = now
            note(f"{part} {done}/{total}{pace(done - first, now - since, total - done)}")

    return tell


def pace(done: int, seconds: float, left: int) -> str:
    """How many a second, and how long those that are left will take; nothing before any is done."""
    return f" {done / seconds:,.0f}/s, {left * seconds / done:,.0f} s 剩余 | left" if done else ""
