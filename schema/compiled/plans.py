"""Which documents have been answered before?

One is known only when the ordinary path has answered it: parsed, validated, within its limits, allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema, parse

from schema.compiled.kept import MOST_TEXT, Kept
from schema.compiled.operations import Commands, Query, operation_of
from schema.context import Reading

MOST_PLANS = 300
"""How many operations are remembered."""


class Plans:
    """The operations answered last, at most so many."""

    def __init__(self, schema: GraphQLSchema, most: int = MOST_PLANS) -> None:
        self._schema = schema
        self._operations: Kept[Query | Commands] = Kept(most)

    def find(self, text: str, name: str | None) -> Query | Commands | None:
        """The operation of a document, if the ordinary path has answered it and it can be planned."""
        return self._operations.find((text, name))

    def learn(self, text: str, name: str | None, variables: Mapping[str, Any], reading: Reading) -> None:
        """Note that the ordinary path answered this, and make its plan."""
        if len(text) > MOST_TEXT:
            return
        operation = self._operations.made((text, name), lambda: operation_of(self._schema, parse(text), name))
        if operation is not None:
            operation.learn(variables, reading)
