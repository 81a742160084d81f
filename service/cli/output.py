"""How does a command show what it found, and how far it is?"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

Meter = Callable[[int, int], None]
"""Told how much is done, of how much in all."""
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
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _Rate(ProgressColumn):
    """How many are done a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f}/s")


def _lines(label: str) -> Meter:
    first: tuple[float, int] | None = None  # a work that is taken up again does not begin with nothing done
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal first, last
        now = time.monotonic()
        first = first or (now, done)
        if done == total or now - last > LINE_SECONDS:
            last = now
            note(f"{label} {done}/{total}{pace(done - first[1], now - first[0], total - done)}")

    return tell


def pace(done: int, seconds: float, left: int) -> str:
    """How many a second, and how long those that are left will take; nothing before any is done."""
    return f" {done / seconds:,.0f}/s, {left * seconds / done:,.0f} s 剩余 | left" if done else ""
