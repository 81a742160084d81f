"""May this actor give this command on this record now?

Deny by default: some grant must carry one of the command's roles and reach the record through the divisions that manage
it. Then the state, the reason and the second pair of eyes are looked at, in that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.domain.command import Command
from service.domain.record import FACTS, Record
from service.domain.refusal import FourEyes, InvalidInput, NotAllowedInState, OutOfScope
from service.domain.roles import Actor, Grant, Role

EXCLUSIVE = {Role.REGISTRAR: (Role.COUNTY_FIC, Role.CITY_FIC)}
"""A registrar never decides on a record that he also supervises."""


def grant_for(
    command: Command, stage: StrEnum | None, actor: Actor, belongs_to: UUID, codes: Iterable[str], known: Any = None
) -> Grant:
    """The grant by which the actor may give the command on a record that belongs to this chamber, or is it.

    `known` is the record, or a row that shows it: some records tell the declared roles apart by what they are about.
    Raises OutOfScope when there is none, or when another of his grants excludes it.
    """
    reached, roles = frozenset(codes), command.record.entitled(command, stage, known)
    reaching = [grant for grant in actor.grants if reaches(grant, belongs_to, reached)]
    for grant in reaching:
        if grant.role in roles:
            _exclude(grant, reaching)
            return grant
    raise OutOfScope(
        "您的角色或管辖范围不允许此操作，需要：{roles} | Your role or division does not allow this; it needs: {roles}",
        basis=command.declaration.basis or None,
        roles="、".join(roles),
    )


def reaches(grant: Grant, belongs_to: UUID, codes: frozenset[str]) -> bool:
    """Whether a grant reaches a record that is managed through these division codes."""
    narrow = grant.chamber is None or grant.chamber == belongs_to
    return narrow and (grant.division is None or grant.division in codes)


def _exclude(grant: Grant, reaching: list[Grant]) -> None:
    rivals = EXCLUSIVE.get(grant.role, ())
    if any(other.role in rivals for other in reaching):
        raise OutOfScope(
            "登记管理机关与业务主管单位不得同为一个账号 | One account cannot be registrar and supervisor of a record"
        )


def admit(
    command: Command,
    record: Record,
    stage: StrEnum | None,
    actor: Actor,
    reason: str | None,
    arguments: Mapping[str, Any],
) -> None:
    """Refuse a command that its declaration does not allow here and now."""
    if not allowed(command, stage):
        _refuse_state(record, stage)
    if command.declaration.reason and not reason:
        raise InvalidInput("此操作必须说明理由 | This command needs a reason", path=("reason",))
    for topic in _unlike(command):
        if record.doer(topic, arguments) == actor.account:
            raise FourEyes(
                "须由另一人办理：您已办理过前一步骤 | Another person must do this: you did an earlier step yourself",
                basis=command.declaration.basis or None,
            )


def allowed(command: Command, stage: StrEnum | None) -> bool:
    """Whether the command is declared for this state; one without states needs only that the record exists."""
    when = command.declaration.when
    return stage in when if when else stage != "NEW"


def available(record: type[Record], stage: StrEnum | None) -> Iterator[Command]:
    """The commands that a state allows, of the record's own lifecycle or of the part's whose state this is."""
    for command in record.commands.values():
        same = not command.declaration.when or type(command.declaration.when[0]) is type(stage)
        if same and allowed(command, stage):
            yield command


def _refuse_state(record: Record, stage: StrEnum | None) -> None:
    names = [each.name for each in available(type(record), stage)]
    raise NotAllowedInState(
        "当前状态 {stage} 不允许此操作；可用：{names} | Not allowed in state {stage}; allowed are: {names}",
        allowed=names,
        stage=stage,
        names="、".join(names) or "—",
    )


def _unlike(command: Command) -> Iterator[str]:
    for fact in command.declaration.unlike:
        topic = f"{command.record.type_name}.{fact}"
        assert topic in FACTS, f"{command.topic} names an unknown fact {topic}"
        yield topic
