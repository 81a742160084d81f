"""How are views made from nothing, as they stood at a position? In shares, two at once where there is much to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import structlog
from psycopg import sql

from projections.engine.checkpoint import Note, Standing
from projections.engine.connection import Cursor
from projections.engine.elsewhere import Elsewhere
from projections.engine.hands import hasty, one_at_a_time, two_at_a_time
from projections.engine.progress import Progress, Report, together
from projections.engine.share import Share
from projections.engine.store import Store
from projections.engine.table import OPEN

TELL_SECONDS = 0.25
"""How often to say how far it is while only the other process is at work."""
log = structlog.get_logger()
Names = list[str]


class Build:
    """Builds a store's views into its layout's schema, replacing what is there.

    One that was cut off is taken up where it last wrote everything out. Where there is much to do, the projection that
    folds the most facts is a share of its own, which another process builds, unless it needs to know records as others
    do: both read the whole log, and neither waits for the other.
    """

    APART_FROM = 50_000
    """How many positions there must be for a process of its own: it takes a second to begin."""

    def __init__(self, store: Store, uri: str, report: Report | None = None) -> None:
        self._store, self._uri, self._report = store, uri, report
        self._note = Note(store.layout)

    def run(self, upto: int) -> None:
        """Build up to a position; no reader sees any of it before the end."""
        with hasty(self._uri) as connection, connection.cursor(binary=True) as cursor:
            self._build(self._begin(cursor, upto), upto)
            with connection.transaction():
                self._end(cursor)

    def _begin(self, cursor: Cursor, upto: int) -> list[Names]:
        """Take up what is there, or begin anew; says which projections are built together."""
        found = self._note.read(cursor)
        wanted = {name: fingerprint for each in found for name, fingerprint in each.wanted.items()}
        if wanted != self._store.fingerprints or not all(each.serves(upto) for each in found):
            with cursor.connection.transaction():
                return self._create(cursor, upto)
        log.info("build.resumed", position=min(each.position for each in found), upto=upto)
        return [self._named(each) for each in found]

    def _named(self, share: Standing) -> Names:
        return [name for name in self._store.projections if name in share.wanted]

    def _create(self, cursor: Cursor, upto: int) -> list[Names]:
        shares, schema = self._shares(upto), sql.Identifier(self._store.layout.schema)
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        self._store.tracking.create(cursor.connection)
        for number, names in enumerate(shares):
            Share(number, self._store.part(names), self._uri, self._tell).create(cursor)
        self._note.create(cursor, (self._store.part(names).fingerprints for names in shares), upto)
        return shares

    def _shares(self, upto: int) -> list[Names]:
        """What is built together: all that need to know records, which are folded once for them, and lighter others."""
        names, projections = Names(self._store.projections), self._store.projections
        others = [name for name in names if not projections[name].recalls]
        if upto < self.APART_FROM or self._store.made_by is None or not 0 < len(others) < len(names):
            return [names]
        apart = max(others, key=lambda name: len(projections[name].facts))
        return [[name for name in names if name != apart], [apart]]

    def _build(self, shares: list[Names], upto: int) -> None:
        """Build all shares, the first one here."""
        here, *others = shares
        share = partial(Share, 0, self._store.part(here), self._uri)
        if not others:
            share(self._tell).run(upto, two_at_a_time)
            return
        assert self._store.made_by is not None, "else there were no others"
        with Elsewhere(self._uri, self._store.made_by, self._store.layout, 1, others[0], upto) as other:
            self._both(share, other, upto)

    def _both(self, share: Callable[[Report], Share], other: Elsewhere, upto: int) -> None:
        last = Progress(0, upto, 0.0, None)

        def tell(progress: Progress) -> None:
            nonlocal last
            last = progress
            other.look()
            self._tell(together([progress, other.progress]))

        share(tell).run(upto, one_at_a_time)
        while other.look(TELL_SECONDS):
            self._tell(together([last, other.progress]))

    def _tell(self, progress: Progress) -> None:
        if self._report is not None:
            self._report(progress)

    def _end(self, cursor: Cursor) -> None:
        """All tables are as declared, each as far as its projection came."""
        for share in self._note.read(cursor):
            for name, fingerprint in share.wanted.items():
                position = min(share.position, share.limits.get(name, OPEN))
                self._store.tracking.add(cursor.connection, name, position, fingerprint)
        self._note.drop(cursor)
