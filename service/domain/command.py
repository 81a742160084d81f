"""How is a command declared, and what follows from the declaration?

A command is a method of a record: its parameters before `*` are the caller's input, those after it are ports that the
ledger supplies; its docstring is its label; its return annotation names the facts it may lead to. Who may give it, in
which states, on which article and with whose second pair of eyes stands in the decorator. GraphQL inputs, mutations and
payloads, permissions, `availableCommands`, refusals and documentation are all derived from this.
"""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Final, TypeVar, get_args, get_type_hints

import msgspec

from service.domain.refusal import InvalidInput
from service.domain.roles import Role

M = TypeVar("M", bound=Callable[..., Any])
By = Role | tuple[Role, ...] | Mapping[Any, Role | tuple[Role, ...]]


class New(StrEnum):
    """The state of a record that does not exist yet."""

    NEW = "NEW"


NEW: Final = New.NEW
UNFIT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Declaration:
    """What the decorator says."""

    by: By
    when: tuple[StrEnum, ...]
    basis: str
    unlike: tuple[str, ...]
    reason: bool


def command(
    *,
    by: By,
    when: StrEnum | tuple[StrEnum, ...] = (),
    basis: str = "",
    unlike: str | tuple[str, ...] = (),
    reason: bool = False,
) -> Callable[[M], M]:
    """Declare a method as a command.

    `by`: the roles that may give it, or the roles in each state. `when`: NEW for one that begins a record, else the
    states it is allowed in (of the record, or of one of its parts); none means any. `basis`: the article. `unlike`:
    facts whose doer may not give it (four eyes). `reason`: whether the caller must say why.
    """
    states = tuple(by) if isinstance(by, Mapping) and not when else when if isinstance(when, tuple) else (when,)
    others = (unlike,) if isinstance(unlike, str) else unlike

    def declare(method: M) -> M:
        method.__command__ = Declaration(by, states, basis, others, reason)  # type: ignore[attr-defined]  # a mark on a function
        return method

    return declare


@dataclass(frozen=True)
class Parameter:
    """One input of a command: its name in Python, its annotated type, its default."""

    name: str
    type: Any
    default: Any = inspect.Parameter.empty

    @property
    def required(self) -> bool:
        """Whether the caller must give it."""
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True)
class Command:
    """A declared command, whole."""

    record: type[Any]
    name: str
    declaration: Declaration
    method: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    ports: tuple[str, ...]
    facts: tuple[type[Any], ...]
    text: str
    input: type[msgspec.Struct] = field(repr=False)

    @cached_property
    def topic(self) -> str:
        """Its name among all commands, such as `chamber.submit_to_supervisor`."""
        return f"{self.record.type_name}.{self.name}"

    @cached_property
    def creates(self) -> bool:
        """Whether it begins a record."""
        return self.declaration.when == (NEW,)

    @cached_property
    def stages(self) -> type[Any]:
        """The enumeration of the states it is allowed in, of the record or of a part; NoneType when it has none."""
        return type(next(iter(self.declaration.when), None))

    @property
    def labels(self) -> tuple[str, str]:
        """What it is called in Chinese and in English."""
        chinese, _, english = self.text.partition(" | ")
        return chinese, english

    def roles(self, state: StrEnum | None) -> tuple[Role, ...]:
        """Who may give this command in this state."""
        by = self.declaration.by
        if isinstance(by, Mapping):
            by = by[state] if state in by else tuple(r for each in by.values() for r in _tuple(each))
        return _tuple(by)

    def bind(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The method's arguments from a caller's values.

        Raises InvalidInput naming the value that does not fit.
        """
        try:
            bound = msgspec.convert(_normal(dict(values)), self.input, strict=False)
        except msgspec.ValidationError as error:
            raise _invalid(error) from error
        return {name: getattr(bound, name) for name in bound.__struct_fields__}


def commands_in(record: type[Any]) -> dict[str, Command]:
    """All commands of a record class and of the parts it is made of, in order of declaration."""
    owners = reversed(record.__mro__)
    names = dict.fromkeys(n for owner in owners for n, m in vars(owner).items() if hasattr(m, "__command__"))
    return {name: _command(record, name) for name in names}


def _command(record: type[Any], name: str) -> Command:
    method = getattr(record, name)
    signature = list(inspect.signature(method).parameters.values())[1:]
    hints = _hints(method, {p.name for p in signature if p.kind is p.KEYWORD_ONLY})
    inputs = tuple(Parameter(p.name, hints[p.name], p.default) for p in signature if p.kind is not p.KEYWORD_ONLY)
    ports = tuple(p.name for p in signature if p.kind is p.KEYWORD_ONLY)
    facts = tuple(dict.fromkeys(_facts(hints.get("return"))))
    text = inspect.getdoc(method) or ""
    return Command(record, name, method.__command__, method, inputs, ports, facts, text, _struct(record, name, inputs))


def _hints(method: Callable[..., Any], ports: set[str]) -> dict[str, Any]:
    """The types of inputs and facts. Ports stay unresolved: theirs may be defined further down the module."""
    names = {name: kind for name, kind in method.__annotations__.items() if name not in ports}
    return get_type_hints(SimpleNamespace(__annotations__=names), method.__globals__, include_extras=True)


def _struct(record: type[Any], name: str, inputs: tuple[Parameter, ...]) -> type[msgspec.Struct]:
    fields = [(p.name, p.type) if p.required else (p.name, p.type, p.default) for p in inputs]
    title = f"{record.__name__}_{name}"
    return msgspec.defstruct(title, fields, kw_only=True, frozen=True, forbid_unknown_fields=True)


def _facts(annotation: Any) -> Iterator[type[Any]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    for part in get_args(annotation):
        yield from _facts(part)


def _tuple(roles: Role | tuple[Role, ...]) -> tuple[Role, ...]:
    return roles if isinstance(roles, tuple) else (roles,)


def _normal(value: Any) -> Any:
    """Text as PostgreSQL and people can keep it: NFC, no stray blanks, no NUL, no lone surrogate."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return _text(value)
    if isinstance(value, dict):
        return {key: _normal(each) for key, each in value.items()}
    return [_normal(each) for each in value] if isinstance(value, list | tuple) else value


def _text(value: str) -> str:
    normal = unicodedata.normalize("NFC", value).strip()
    if UNFIT.search(normal):
        raise InvalidInput("文本含有不允许的字符 | The text holds characters that cannot be stored")
    return normal


def _invalid(error: msgspec.ValidationError) -> InvalidInput:
    """msgspec words it as `... - at `$.members[0].name``: the path becomes ours."""
    text, _, at = str(error).partition(" - at ")
    path = [part for part in re.split(r"[.\[\]`$]+", at) if part]
    return InvalidInput("输入不符合要求：{detail} | The input does not fit: {detail}", path=path, detail=text)
