"""How does a command show what it found, and how far it is?"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

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
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(label: str) -> Meter:
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if done == total or time.monotonic() - last > LINE_SECONDS:
            last = time.monotonic()
            note(f"{label} {done}/{total}")

    return tell
