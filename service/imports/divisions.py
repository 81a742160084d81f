"""How does a file of divisions become commands: all of it, or nothing while a row is wrong?

Every row is checked first, against the others and against the log. Then the same commands that the API gives define
what is new and rename or hand over what differs, those above before those below, many in flight at once. What was done
before a crash is found done when the file comes again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, Self

import msgspec
from eventsourcing.persistence import PersistenceError

from service.domain.decision import Request
from service.domain.division import Division
from service.domain.identifiers import name_id
from service.domain.record import Source
from service.domain.refusal import Busy, LedgerUnavailable, Refused
from service.domain.roles import Actor
from service.imports.check import definitions, managers, misfits
from service.imports.order import Needs, levels
from service.imports.rows import Row, RowError, read
from service.imports.standing import Standing
from service.ledger.ledger import Ledger

IN_FLIGHT = 256
REASON = "按导入的行政区划文件 | As the imported file of divisions has it"
DEFINE, RENAME, HAND_OVER = "define", "rename", "change_manager"
Report = Callable[[int, int], None]
"""Told how many commands are done, of how many."""


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """导入结果 | How many divisions were defined, renamed, handed to another manager, or found as they are.

    With errors from the checks nothing was written. After a dry run the numbers say what would be done.
    """

    defined: int = 0
    renamed: int = 0
    handed_over: int = 0
    unchanged: int = 0
    errors: tuple[RowError, ...] = ()


class Task(NamedTuple):
    """The command that a row needs."""

    line: int
    request: Request


class Terms(NamedTuple):
    """What all commands of an import have in common."""

    actor: Actor
    source: Source
    effective_on: date | None


async def import_divisions(
    ledger: Ledger,
    content: bytes,
    actor: Actor,
    *,
    source: Source = Source.IMPORT,
    effective_on: date | None = None,
    dry_run: bool = False,
    report: Report = lambda _done, _total: None,
) -> ImportResult:
    """Bring a file of divisions in; villages and notes count when a division is defined, not later.

    Raises OutOfScope when the actor may not, LedgerUnavailable when the database goes: the same file may come again.
    """
    sheet = read(content)
    standing = await asyncio.to_thread(_standing, ledger)
    errors = sorted([*sheet.errors, *misfits(sheet, standing)], key=lambda error: error.line)
    if errors:
        return ImportResult(errors=tuple(errors))
    groups = _groups(sheet.rows, standing, Terms(actor, source, effective_on))
    tasks = [task for group in groups for task in group]
    for first in tasks[:1]:
        await ledger.execute(first.request, dry_run=True)  # what refuses the first, such as OutOfScope, refuses all
    if dry_run:
        return _result(sheet.rows, tasks, Counter(task.request.command.name for task in tasks))
    work = await _Work(ledger, groups, report).run()
    return _result(sheet.rows, tasks, work.done, work.refused)


def _standing(ledger: Ledger) -> Standing:
    try:
        return Standing.of(ledger.store)
    except PersistenceError as error:
        raise LedgerUnavailable("数据库暂不可用，请稍后再试 | The database cannot be reached; try again") from error


def _groups(rows: Sequence[Row], standing: Standing, terms: Terms) -> list[list[Task]]:
    """The commands in groups that presuppose one another, each free within itself."""
    known = [row for row in rows if row.code in standing.open]
    other = [row for row in known if standing.is_other(row.code, row.name, row.kind)]
    moved = [row for row in known if row.manager != standing.manager(row.code)]
    groups = [
        *((DEFINE, group) for group in _in_order(rows, definitions(rows, standing))),
        (RENAME, other),
        *((HAND_OVER, group) for group in _in_order(moved, managers(rows, standing))),
    ]
    return [[_task(name, row, standing, terms) for row in group] for name, group in groups if group]


def _in_order(rows: Sequence[Row], needs: Needs) -> list[list[Row]]:
    """These rows, grouped so that each needs only those before it."""
    by_code = {row.code: row for row in rows}
    return [[by_code[code] for code in level if code in by_code] for level in levels(needs)]


def _task(name: str, row: Row, standing: Standing, terms: Terms) -> Task:
    """The command of a row. Its key is made from the row and from what was last heard of its code."""
    content = msgspec.json.encode((name, row.input, terms.effective_on, standing.heard.get(row.code)))
    division = standing.open.get(row.code)
    request = Request(
        command=Division.commands[name],
        actor=terms.actor,
        key=name_id(f"import/{content.decode()}"),
        source=terms.source,
        record=division.id if division else None,
        input=_input(name, row),
        effective_on=terms.effective_on,
        reason=REASON,
    )
    return Task(row.line, request)


def _input(name: str, row: Row) -> dict[str, Any]:
    match name:
        case "define":
            return row.input
        case "rename":
            return {"name": row.name, "kind": row.kind.value}
        case _:
            return {"managed_by": row.manager}


class _Work:
    """Commands on their way, a bounded number at a time."""

    def __init__(self, ledger: Ledger, groups: Sequence[Sequence[Task]], report: Report) -> None:
        self._ledger, self._groups, self._report = ledger, groups, report
        self._total = sum(map(len, groups))
        self.done: Counter[str] = Counter()
        self.refused: list[RowError] = []

    async def run(self) -> Self:
        """Give the commands, group by group. What others did meanwhile may refuse some: the groups after are left.

        Raises what stops the import as a whole.
        """
        for group in self._groups:
            waiting = iter(group)
            workers = (self._work(waiting) for _ in range(min(IN_FLIGHT, len(group))))
            troubles = await asyncio.gather(*workers, return_exceptions=True)
            for trouble in troubles:
                if trouble is not None:
                    raise trouble
            if self.refused:
                break
        return self

    async def _work(self, waiting: Iterator[Task]) -> None:
        for task in waiting:
            try:
                await self._ledger.execute(task.request)
            except (Busy, LedgerUnavailable):
                raise
            except Refused as refused:
                message = f"{refused.message} | {refused.message_en}"
                self.refused.append(RowError(task.line, None, refused.code, message))
            else:
                self.done[task.request.command.name] += 1
            self._report(self.done.total(), self._total)


def _result(
    rows: Sequence[Row], tasks: Sequence[Task], done: Counter[str], refused: Sequence[RowError] = ()
) -> ImportResult:
    return ImportResult(
        defined=done[DEFINE],
        renamed=done[RENAME],
        handed_over=done[HAND_OVER],
        unchanged=len(rows) - len({task.line for task in tasks}),
        errors=tuple(sorted(refused, key=lambda error: error.line)),
    )
