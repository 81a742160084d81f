"""Which plans were made last, and of what can none be made?"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import structlog
from graphql import GraphQLError

from schema.compiled.bindings import NotPlannable

P = TypeVar("P")
MOST_TEXT = 20_000
"""A longer document is not remembered, nor is any plan of it."""
log = structlog.get_logger()


class Kept(Generic[P]):
    """Plans by what they depend on: at most so many, those that were asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._plans: OrderedDict[Hashable, P | None] = OrderedDict()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._plans)

    def find(self, key: Hashable) -> P | None:
        """The plan that was made, if any could be."""
        found = self._plans.get(key)
        if found is not None:
            self._plans.move_to_end(key)
        return found

    def made(self, key: Hashable, make: Callable[[], P]) -> P | None:
        """The plan, made now unless that was tried before."""
        if key not in self._plans:
            self._plans[key] = _attempted(make)
            if len(self._plans) > self._most:
                self._plans.popitem(last=False)
        return self.find(key)


def _attempted(make: Callable[[], P]) -> P | None:
    """A plan, or none: a planner that stumbles must not undo what the ordinary path can answer."""
    try:
        return make()
    except (NotPlannable, GraphQLError):
        return None
    except Exception:
        log.exception("unplanned")
        return None
