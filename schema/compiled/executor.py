"""How does graphql-core take in what was compiled? As text that it passes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import orjson
from graphql import GraphQLObjectType, is_non_null_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.compiled.fragments import Fragments
from schema.context import Context

NULL = b"null"


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Resolves the fields of an operation; those that are compiled come as `orjson.Fragment`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        context: Context = self.context_value
        document = (self.fragment_definitions, self.variable_values.coerced)
        wanted = context.subplans is not None and context.viewer is not None and context.reads
        self._compiled = Fragments(context, *document) if wanted else None

    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_details_list: Any, path: Any, position_context: Any
    ) -> Any:
        """The value of a field, or what it will be."""
        resolve = super().execute_field
        known = self._compiled
        compiled = None if known is None else known.answer(parent_type, source, field_details_list)
        if compiled is None:
            return resolve(parent_type, source, field_details_list, path, position_context)
        required = is_non_null_type(parent_type.fields[field_details_list[0].node.name.value].type)
        return self._passed(
            compiled, required, partial(resolve, parent_type, source, field_details_list, path, position_context)
        )

    async def _passed(self, compiled: Awaitable[bytes | None], required: bool, resolve: Callable[[], Any]) -> Any:
        answer = await compiled
        if answer is not None and not (required and answer == NULL):
            return orjson.Fragment(answer)
        resolved = resolve()
        return await resolved if self.is_awaitable(resolved) else resolved
