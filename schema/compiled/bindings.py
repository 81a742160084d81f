"""Where do the values of a compiled statement come from, each time it runs?

A plan is made for the shape of a request, not for its values: each placeholder has a getter that finds its value among
the request's variables, or in what is known of the viewer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from typing import Any, NamedTuple, cast

from schema.connections import LARGEST_SIZE
from schema.context import Reading
from schema.scalars import decode_id, is_small


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


@dataclass(frozen=True)
class Seen:
    """What has a getter: the value that it found when the plan was made."""

    value: Any
    find: Getter


class Placeholders:
    """The getters of a statement, in the order of its `$1`, `$2`, …; the same value has the same one everywhere."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[Any, str]] = {}

    def bind(self, value: Any, type: str = "") -> str:
        """The placeholder of a value or of a getter; with a PostgreSQL type where its place does not tell."""
        text = f"${len(self._known) + 1}{type and f'::{type}'}"
        _, known = self._known.setdefault((id(value), type), (value, text))  # while it is here, its id is its own
        return known

    def used(self, sql: str) -> tuple[str, tuple[Getter, ...], tuple[Getter, ...]]:
        """The statement with the placeholders that stand in it numbered anew, their getters, and those of the others.

        The others are what nothing selected came to need: their values must fit all the same.
        """
        getters = {n: getter(value) for n, (value, _) in enumerate(self._known.values(), 1)}
        numbers = sorted({int(number) for number in PLACEHOLDER.findall(sql)})
        places = {number: place for place, number in enumerate(numbers, 1)}
        text = PLACEHOLDER.sub(lambda match: f"${places[int(match[1])]}", sql)
        others = (getters[number] for number in getters if number not in places)
        return text, tuple(getters[number] for number in numbers), tuple(others)


def getter(value: Any) -> Getter:
    """What finds a value whenever the plan runs; what was seen may be an entry of a list."""
    if isinstance(value, Seen):
        return value.find
    if isinstance(value, list) and any(isinstance(each, Seen) for each in value):
        entries = [getter(each) for each in value]
        return lambda request: [find(request) for find in entries]
    return cast(Getter, value) if callable(value) else lambda _: value


def decides(value: Any) -> bool:
    """Whether a plan depends on a value itself: null, what is chosen by name, a number that may be a page's size."""
    return value is None or isinstance(value, Enum) or (isinstance(value, int) and value <= LARGEST_SIZE)


def shapes(variables: Mapping[str, Any], but: Collection[str] = ()) -> Hashable:
    """What of the variables a plan depends on: of all but these."""
    return tuple([(name, _shape(value)) for name, value in variables.items() if name not in but])


def _shape(value: Any) -> Any:
    """Which fields are there, and what decides; of an id its kind and whether it is of the past; of a code its size."""
    if isinstance(value, str) and (decoded := decode_id(value)) is not None:
        return decoded[0], decoded[2] is None
    if isinstance(value, int):
        return str(value) if decides(value) else "value"
    if isinstance(value, Mapping):
        return tuple(sorted((name, _shape(each)) for name, each in value.items()))
    if decides(value):
        return str(value)
    return "list" if isinstance(value, list) else "small" if is_small(str(value)) else "value"
