"""Has everything that a caller can see a name in Chinese and in English?"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from inspect import getdoc
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from service.domain.deadline import DayKind, DeadlineKind
from service.domain.record import FACTS, RECORDS, Envelope, Fact, Movement
from service.domain.roles import Actor, Grant, Role
from service.domain.vocabulary import UnknownTerm, label
from tests.domain.harness import command_named

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_a_label_is_bilingual() -> None:
    assert str(label("SUSPENDED", "ChamberState")) == "停止活动 | suspended"


def test_an_owners_own_label_comes_first() -> None:
    assert label("SUPERVISOR_REVIEW", "FilingKind").zh != label("SUPERVISOR_REVIEW", "ChamberState").zh


def test_an_unknown_term_is_an_error() -> None:
    with pytest.raises(UnknownTerm, match=r"Chamber\.nonsense"):
        label("nonsense", "Chamber")


def test_every_term_is_explained_once_in_both_languages() -> None:
    text = files("service.domain").joinpath("glossary.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    twice = [code for code, n in Counter(c for row in rows for c in row["code"].split(" / ")).items() if n > 1]
    assert twice == []
    assert all(CHINESE.search(row["zh"]) and row["en"] and not CHINESE.search(row["en"]) for row in rows)


def test_everything_a_caller_sees_has_a_label() -> None:
    assert sorted(each for each in set(_visible()) if not _labelled(*each)) == []


@pytest.mark.parametrize("kind", [*RECORDS.values(), *FACTS.values()], ids=[*RECORDS, *FACTS])
def test_records_and_facts_say_what_they_are_in_both_languages(kind: type[Any]) -> None:
    assert _bilingual(getdoc(kind) or "")


@pytest.mark.parametrize("record", RECORDS.values(), ids=lambda record: record.__name__)
def test_commands_say_what_they_do_in_both_languages(record: type[Any]) -> None:
    assert [name for name, command in record.commands.items() if not _bilingual(command.text)] == []


def test_the_walk_sees_into_lists_of_structs() -> None:
    seen = set(_of_type(command_named("admit_members").parameters[0].type))
    assert ("Applicant", "personName") in seen


def _visible() -> Iterator[tuple[str, str]]:
    """Owner and name of all types, fields, parameters and values."""
    for record in RECORDS.values():
        yield "", record.__name__
        yield from _fields(record.__name__, _hints(record))
        for command in record.commands.values():
            yield from _fields(record.__name__, {each.name: each.type for each in command.parameters})
    for fact in FACTS.values():
        yield from _fields(fact.__name__, _hints(fact))
    for kind in (Envelope, Actor, Grant, Role, Movement, DeadlineKind, DayKind):
        yield from _of_type(kind)


def _fields(owner: str, hints: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, kind in hints.items():
        yield owner, _camel(name)
        yield from _of_type(kind)


def _of_type(kind: Any) -> Iterator[tuple[str, str]]:
    if get_origin(kind) is not None:
        for part in get_args(kind)[: 1 if get_origin(kind) is Annotated else None]:
            yield from _of_type(part)
    elif isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum:
        yield "", kind.__name__
        yield from ((kind.__name__, each.name) for each in kind)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not Fact:
        yield "", kind.__name__
        yield from _fields(kind.__name__, _hints(kind))


def _hints(kind: type[Any]) -> dict[str, Any]:
    names = getattr(kind, "fields", None) or kind.__struct_fields__
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in names}


def _labelled(owner: str, name: str) -> bool:
    try:
        return bool(label(name, owner))
    except UnknownTerm:
        return False


def _bilingual(text: str) -> bool:
    chinese, _, english = text.partition(" | ")
    return bool(CHINESE.search(chinese) and english and not CHINESE.search(english))


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)
