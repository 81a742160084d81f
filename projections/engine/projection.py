"""Which views stand or fall together? Those of one module: a projection, the unit that is tracked and parked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import psycopg

from projections.engine.reflection import Reflection
from projections.engine.sheet import Sheets
from projections.engine.standing import Standing
from projections.engine.table import Layout
from projections.engine.tally import Tally
from projections.engine.view import Batch, Log, Part, View
from service.domain.record import Fact


class Projection:
    """The views of one module. Raise `version` when a fold comes to mean something else: that rebuilds the views.

    Raises TypeError when a tally stands before the view that it counts.
    """

    def __init__(self, name: str, *views: Part, version: int = 1) -> None:
        self.name, self.views, self.version = name, views, version
        self.tables = tuple(view.table for view in views)
        for n, view in enumerate(views):
            if isinstance(view, Tally) and view.of not in views[:n]:
                raise TypeError(f"{name}: {view.table} stands before the view that it counts")

    @property
    def recalls(self) -> bool:
        """Whether it needs to know records before and after each event."""
        return any(isinstance(view, Log | Reflection | Standing) for view in self.views)

    @property
    def facts(self) -> frozenset[type[Fact]]:
        """The facts that its views fold."""
        return frozenset(fact for view in self.views if isinstance(view, View) for fact in view.facts)

    @property
    def is_log(self) -> bool:
        """Whether it only adds rows, and needs none that are there."""
        return all(isinstance(view, Log) for view in self.views)

    def fingerprint(self, layout: Layout) -> str:
        """What its tables are, in short: it differs when the stored ones are not what the code declares."""
        declared = [self.version, layout.segment_bits, *(table.declaration for table in self.tables)]
        return hashlib.sha256(msgspec.json.encode(declared)).hexdigest()[:16]

    def advance(self, batch: Batch, sheets: Sheets) -> None:
        """Fold a batch into the sheets of all its views."""
        for view in self.views:
            view.advance(batch, sheets)


class Poison(Exception):
    """A projection could not take in a batch: its `__cause__` says why."""

    def __init__(self, projection: str) -> None:
        super().__init__(projection)
        self.projection = projection


@contextmanager
def blame(projection: Projection) -> Iterator[None]:
    """Lay whatever goes wrong at the door of a projection, except that the database went away."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise
    except Exception as error:
        raise Poison(projection.name) from error
