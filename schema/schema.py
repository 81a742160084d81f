"""How is the schema put together?"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any

import strawberry
from graphql import lexicographic_sort_schema, print_schema
from strawberry.extensions import MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

from schema.commands import mutations
from schema.compiled.executor import Executor
from schema.describe import describe
from schema.errors import TYPES
from schema.limits import Limits
from schema.roots import Query
from schema.runs import Subscription
from schema.scalars import SCALARS
from schema.views import column

COMMITTED = Path(__file__).parent / "schema.graphql"
MOST_TOKENS = 2_000
MOST_DOCUMENTS = 100
"""How many documents stay parsed and validated, those asked last."""


@cache
def build() -> strawberry.Schema:
    """The schema, described in full.

    Raises UnknownTerm when something in it is not explained in both languages.
    """
    config = StrawberryConfig(scalar_map=dict(SCALARS), default_resolver=column, disable_field_suggestions=True)
    limits = (Limits, partial(MaxTokensLimiter, max_token_count=MOST_TOKENS))
    caches = (partial(ParserCache, MOST_DOCUMENTS), partial(ValidationCache, MOST_DOCUMENTS))
    schema = strawberry.Schema(
        Query,
        mutations(),
        Subscription,
        types=list[Any](TYPES),
        config=config,
        extensions=(*limits, *caches),
        execution_context_class=Executor,
    )
    describe(schema._schema)
    return schema


def sdl() -> str:
    """The schema in its definition language, sorted: what `schema.graphql` holds."""
    return print_schema(lexicographic_sort_schema(build()._schema)) + "\n"
