"""How did the divisions of Kaifeng become what they are?

Each is defined as the oldest edition of the codes has it, then every change that was seen is applied: what stands at
the end is the carried file. The steps are found by walking the changes backwards from there.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from service.demo.offices import CITY_FIC
from service.demo.places import CITY_CODE, ZONE_CODE, Change, Place, changes, places
from service.demo.schedule import Step
from service.domain.decision import Request
from service.domain.division import UNITS, Division, DivisionKind
from service.domain.identifiers import name_id
from service.domain.record import Source

FIRST_COUNTIES, FIRST_TOWNSHIPS = date(2004, 12, 1), date(2021, 1, 1)
"""The first day of the month, or the year, of the oldest edition: a day that is ours, not a decree's."""
BEGINNING = date(2023, 3, 1)
NEWS = date(2023, 7, 10)
"""When the edition of 2023-06-30 is entered."""
KINDS = {
    "街道": DivisionKind.STREET,
    "镇": DivisionKind.TOWN,
    "乡": DivisionKind.TOWNSHIP,
    "区": DivisionKind.DISTRICT,
    "县": DivisionKind.COUNTY,
}
"""The kind that the end of a name tells."""
COUNTIES_PLACES = 6
SAME = ("RENAMED", "RECODED")
ENDED = ("MERGED", "REMOVED")
FIRST_SEEN = (
    "按可见的最早版本录入；生效日期取该版本之首日，由本示范设定，非批复日期"
    " | As the oldest edition at hand has it; the date is that edition's first day, set by this demonstration"
)
CHANGE_SEEN = (
    "两个版本之间的变化（{since}..{until}）；生效日期取区间之末日，由本示范设定，非批复日期"
    " | A change between two editions ({since}..{until}); the date is the interval's last day, set by us"
)


class Origin(NamedTuple):
    """How a division stood when it was first seen; `code` is what it had then, and what its id comes from."""

    place: Place
    code: str
    name: str
    kind: DivisionKind
    seen: date
    change: Change | None

    @property
    def id(self) -> UUID:
        """The division's id."""
        return name_id(f"division/{self.code}")


@cache
def origins() -> tuple[Origin, ...]:
    """Every division that ever was, in the order in which they were first seen, those above before those below."""
    ended = [_ended(change) for change in changes() if change.kind in ENDED]
    return tuple(sorted(map(_origin, (*places(), *ended)), key=_rank))


@cache
def ids() -> dict[str, UUID]:
    """The id of the division that has a code now, or had it at its end."""
    return {origin.place.code: origin.id for origin in origins()}


def history() -> list[Step]:
    """The steps of all divisions, as the offices record them."""
    definitions = [(origin.seen, _define(origin)) for origin in origins()]
    alterations = [(change.until, _alter(change)) for change in changes() if change.kind != "ADDED"]
    return [step for _, step in sorted((*definitions, *alterations), key=lambda each: each[0])]


def _origin(place: Place) -> Origin:
    code, name, added = place.code, place.name, None
    for change in reversed(changes()):
        if (change.code_after, change.name_after) != (code, name):
            continue
        if change.kind in SAME:
            code, name = change.code_before, change.name_before
        elif change.kind == "ADDED":
            added = change
    kind = place.kind if name == place.name else _kind(name)
    return Origin(place, code, name, kind, added.until if added else _first_seen(place), added)


def _ended(change: Change) -> Place:
    """A division that is no more, as it was at its end."""
    code = change.code_before
    above = CITY_CODE if len(code) == COUNTIES_PLACES else code[:COUNTIES_PLACES]
    return Place(code, change.name_before, _kind(change.name_before), above, above, None, False, "")


def _kind(name: str) -> DivisionKind:
    return next(kind for ending, kind in KINDS.items() if name.endswith(ending))


def _first_seen(place: Place) -> date:
    # The zone is in no edition: it is first seen through the sub-districts that it manages.
    old = len(place.code) == COUNTIES_PLACES and place.code != ZONE_CODE
    return FIRST_COUNTIES if old else FIRST_TOWNSHIPS


def _rank(origin: Origin) -> tuple[date, int, str]:
    level = 0 if origin.code == CITY_CODE else 1 if origin.kind in UNITS else 2
    return origin.seen, level, origin.code


def _define(origin: Origin) -> Step:
    place = origin.place
    above = {ids()[code] for code in (place.parent_code, place.managed_by) if code}
    given = {
        "parent": place.parent_code or None,
        "managed_by": place.managed_by or None,
        "villages": place.villages,
        "note": place.note or None,
    }
    input = {"code": origin.code, "name": origin.name, "kind": origin.kind.value, **given}
    reason = _seen(origin.change) if origin.change else FIRST_SEEN
    return _step("define", origin.id, origin.seen, input, reason, origin.change, frozenset(above))


def _alter(change: Change) -> Step:
    """A change as the command it needs."""
    after = {"name": change.name_after}
    match change.kind:
        case "RENAMED":
            command, input = "rename", after
        case "RECODED":
            command, input = "recode", {**after, "code": change.code_after, "kind": _kind(change.name_after).value}
        case "MERGED":
            command, input = "merge", {"into": change.code_after}
        case _:
            command, input = "abolish", {}
    read = frozenset(ids()[code] for code in [input.get("into")] if code)
    return _step(command, _subject(change), change.until, input, _seen(change), change, read)


def _subject(change: Change) -> UUID:
    """The division that a change is about: one that has, or had, the code before it."""
    for origin in origins():
        if change.code_before in (origin.code, origin.place.code):
            return origin.id
    raise LookupError(change.code_before)


def _seen(change: Change) -> str:
    return CHANGE_SEEN.format(since=change.since, until=change.until)


def _step(
    name: str, id: UUID, on: date, input: dict[str, Any], reason: str, change: Change | None, reads: frozenset[UUID]
) -> Step:
    request = Request(
        command=Division.commands[name],
        actor=CITY_FIC,
        key=name_id(f"demo/division/{id}/{name}/{on}"),
        source=Source.DEMO,
        record=None if name == "define" else id,
        input=input,
        effective_on=on,
        reason=reason,
        basis=change.source if change else None,
    )
    return Step(BEGINNING if on < BEGINNING else NEWS, request, frozenset({id}), reads)
