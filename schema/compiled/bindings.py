"""Where do the values of a compiled statement come from, each time it runs?

A plan is made for the shape of a request, not for its values: each placeholder has a getter that finds its value among
the request's variables, or in what is known of the viewer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

from graphql import (
    ArgumentNode,
    GraphQLArgument,
    GraphQLInputObjectType,
    GraphQLInputType,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_nullable_type,
    value_from_ast,
)

from schema.context import Reading


class NotPlannable(Exception):
    """What the compiler does not take on: the ordinary path answers."""


class Unfit(Exception):
    """A value that a plan cannot use: the ordinary path answers, and words the error."""


class Request(NamedTuple):
    """What the getters look at: variables as coerced, how far the viewer may read.

    Of a field beneath rows also what its parents are told apart by, and the position that they were read at.
    """

    variables: Mapping[str, Any]
    reading: Reading
    cursor_key: bytes
    parents: Sequence[Any] = ()
    position: int | None = None
    now: Callable[[], datetime] = partial(datetime.now, UTC)


PLACEHOLDER = re.compile(r"\$([0-9]+)")
Getter = Callable[[Request], Any]


class Placeholders:
    """The getters of a statement, in the order of its `$1`, `$2`, …; the same getter is asked for once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        """Of whom the statement is for: its shape is what the statement depends on; the rest is bound."""
        self.getters: list[Getter] = []
        self._known: dict[Any, str] = {}

    def bind(self, getter: Getter, type: str, *, once: Any = None) -> str:
        """The placeholder of a value of a PostgreSQL type; `once` names a value that many places share."""
        if once is not None and (once, type) in self._known:
            return self._known[once, type]
        self.getters.append(getter)
        text = f"${len(self.getters)}::{type}"
        if once is not None:
            self._known[once, type] = text
        return text

    def used(self, sql: str) -> tuple[str, tuple[Getter, ...], tuple[Getter, ...]]:
        """The statement with the placeholders that stand in it numbered anew, their getters, and those of the others.

        The others are what nothing selected came to need: their values must fit all the same.
        """
        numbers = sorted({int(number) for number in PLACEHOLDER.findall(sql)})
        places = {number: place for place, number in enumerate(numbers, 1)}
        text = PLACEHOLDER.sub(lambda match: f"${places[int(match[1])]}", sql)
        others = (getter for number, getter in enumerate(self.getters, 1) if number not in places)
        return text, tuple(self.getters[number - 1] for number in numbers), tuple(others)


class Argument(NamedTuple):
    """A value somebody gave, now and whenever the plan runs. `literal` are the fields of an object written out."""

    value: Any
    getter: Getter
    literal: Mapping[str, Argument] | None = None

    def fields(self) -> Mapping[str, Argument]:
        """The fields of an input object that were given."""
        if self.literal is not None:
            return self.literal
        return {name: Argument(each, _within(self.getter, name)) for name, each in (self.value or {}).items()}


def arguments(
    declared: Mapping[str, GraphQLArgument], given: Iterable[ArgumentNode], variables: Mapping[str, Any]
) -> dict[str, Argument]:
    """What was given to a field or a directive; what was left out, by itself or by a variable, is not there."""
    found = {each.name.value: _argument(each.value, declared[each.name.value].type, variables) for each in given}
    return {name: each for name, each in found.items() if each is not None}


def shape(value: Any) -> Any:
    """What of a variable a plan depends on: which fields are there, whether they are null, what is chosen by name."""
    if isinstance(value, Mapping):
        return tuple(sorted((name, shape(each)) for name, each in value.items()))
    if isinstance(value, bool | int | Enum) or value is None:  # a number may be a page size, which limits count
        return str(value)
    return "list" if isinstance(value, list) else "value"


def _argument(node: ValueNode, type: GraphQLInputType, variables: Mapping[str, Any]) -> Argument | None:
    if isinstance(node, VariableNode):
        name = node.name.value
        return Argument(variables[name], lambda request: request.variables[name]) if name in variables else None
    plain = get_nullable_type(type)
    if isinstance(node, ObjectValueNode) and isinstance(plain, GraphQLInputObjectType):
        fields = {f.name.value: _argument(f.value, plain.fields[f.name.value].type, variables) for f in node.fields}
        given = {name: each for name, each in fields.items() if each is not None}
        return Argument({name: each.value for name, each in given.items()}, _literal(given), given)
    if isinstance(node, ListValueNode) and any(isinstance(each, VariableNode) for each in node.values):
        raise NotPlannable("a variable within a list")
    constant = value_from_ast(node, type)
    return Argument(constant, lambda _: constant)


def _literal(fields: Mapping[str, Argument]) -> Getter:
    return lambda request: {name: each.getter(request) for name, each in fields.items()}


def _within(getter: Getter, name: str) -> Getter:
    return lambda request: getter(request)[name]
