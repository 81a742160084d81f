"""How do pure folds become tables: live, exactly once, rebuildable, and readable as of any position?

A module of `projections` declares rows, views and folds with what is exported here. The engine knows facts, records
and the log; it knows nothing of what they mean.

- `row`, `table`, `view`, `tally`, `reflection`, `projection`: what is declared;
- `sheet`, `recall`: what a fold has in hand;
- `storage`, `tracking`, `store`, `waiting`, `runner`: the live path;
- `segment`, `staging`, `share`, `elsewhere`, `build`, `hands`, `rebuild`, `compare`: the same tables made anew, by two
  processes where there is much to do, and held against each other.
"""

from msgspec.structs import replace

from projections.engine.projection import Projection
from projections.engine.reflection import Reflection
from projections.engine.row import Key, LogRow, RecordRow, Row
from projections.engine.runner import Runner, Status
from projections.engine.store import Store
from projections.engine.table import VIEWS, Layout, Source, Table, table
from projections.engine.tally import Share, Tally
from projections.engine.view import Event, Log, View, refold

__all__ = [
    "VIEWS",
    "Event",
    "Key",
    "Layout",
    "Log",
    "LogRow",
    "Projection",
    "RecordRow",
    "Reflection",
    "Row",
    "Runner",
    "Share",
    "Source",
    "Status",
    "Store",
    "Table",
    "Tally",
    "View",
    "refold",
    "replace",
    "table",
]
