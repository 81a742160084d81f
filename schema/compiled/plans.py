"""Which documents have been answered before?

One is known only when the ordinary path has answered it: parsed, validated, within its limits, allowed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema, parse

from schema.compiled.bindings import NotPlannable
from schema.compiled.operations import Commands, Query, operation_of
from schema.context import Reading

MOST_PLANS = 300
"""How many operations are remembered."""
MOST_TEXT = 20_000


class Plans:
    """The operations answered last, at most so many."""

    def __init__(self, schema: GraphQLSchema, most: int = MOST_PLANS) -> None:
        self._schema, self._most = schema, most
        self._operations: OrderedDict[tuple[str, str | None], Query | Commands | None] = OrderedDict()

    def find(self, text: str, name: str | None) -> Query | Commands | None:
        """The operation of a document, if the ordinary path has answered it and it can be planned."""
        found = self._operations.get((text, name))
        if found is not None:
            self._operations.move_to_end((text, name))
        return found

    def learn(self, text: str, name: str | None, variables: Mapping[str, Any], reading: Reading) -> None:
        """Note that the ordinary path answered this, and make its plan."""
        if len(text) > MOST_TEXT:
            return
        if (text, name) not in self._operations:
            self._operations[text, name] = self._read(text, name)
            if len(self._operations) > self._most:
                self._operations.popitem(last=False)
        operation = self._operations[text, name]
        if operation is not None:
            operation.learn(variables, reading)

    def _read(self, text: str, name: str | None) -> Query | Commands | None:
        try:
            return operation_of(self._schema, parse(text), name)
        except NotPlannable:
            return None
