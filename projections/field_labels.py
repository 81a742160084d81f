"""What are the fields of records called, in Chinese and in English, and the codes by which their entries go?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from service.domain.lifecycle import Parts
from service.domain.registry import RECORDS
from service.domain.vocabulary import UnknownTerm, label

MIDDLE_DOT = {"zh": "·", "en": " · "}
"""What stands between the names on a path."""
ONE_OF_PATH = (
    "(SELECT coalesce(string_agg(w.word, '{dot}' ORDER BY p.n), '')"
    " FROM unnest(string_to_array({path}, '.')) WITH ORDINALITY AS p(part, n),"
    " LATERAL (SELECT '{words}'::jsonb ->> p.part) AS w(word) WHERE w.word IS NOT NULL)"
)


@lru_cache(maxsize=4096)
def camel(name: str) -> str:
    """A field's name as GraphQL writes it; the key of an entry, such as a code in capitals, stays as it is."""
    if name.isupper():
        return name
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _names() -> Iterator[str]:
    """All that a path can name: fields of records, of their parts and values, and codes that are keys."""
    for record in RECORDS.values():
        hints = get_type_hints(record)
        for name in record.fields:
            yield name
            yield from _within(hints[name])
        for parts in record.parts.values():
            yield from _of_part(parts)


def _of_part(parts: Parts) -> Iterator[str]:
    yield from _within(parts.kind)


def _within(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        for name, kind in get_type_hints(annotation).items():
            yield name
            yield from _within(kind)
    keys = get_args(annotation)[0] if get_origin(annotation) in (dict, Mapping) else None
    if isinstance(keys, type) and issubclass(keys, StrEnum):
        yield from keys
    for part in get_args(annotation):
        yield from _within(part)


def _known(names: Iterator[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        try:
            yield camel(name), label(camel(name))
        except UnknownTerm:
            continue  # an entry's own key has no name


WORDS = dict(_known(_names()))
"""What is called how, by its part of a path."""


@lru_cache(maxsize=4096)
def labels(path: str) -> tuple[str, str]:
    """What the field at a path is called: the names of its parts; the keys of entries have none."""
    known = [word for part in path.split(".") if (word := WORDS.get(part))]
    return MIDDLE_DOT["zh"].join(word.zh for word in known), MIDDLE_DOT["en"].join(word.en for word in known)


def labels_sql(language: str, path: str) -> str:
    """SQL for the same, in `zh` or `en`, of an SQL expression for a path; made to be formatted once more."""
    words = json.dumps({name: getattr(word, language) for name, word in WORDS.items()}, ensure_ascii=False)
    return ONE_OF_PATH.format(dot=MIDDLE_DOT[language], path=path, words=_quoted(words))


def _quoted(text: str) -> str:
    """Text within a literal, its braces such that another format leaves them."""
    return text.replace("'", "''").replace("{", "{{").replace("}", "}}")
