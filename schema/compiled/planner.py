"""Which statement answers an operation, or one field of it for all its parents together?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from graphql import OperationDefinitionNode

from schema.compiled.bindings import Getter, Request
from schema.compiled.compiler import Compiler
from schema.compiled.moments import PRESENT, told
from schema.compiled.reader import ReadFailed
from schema.compiled.selections import Selected, Selections
from schema.compiled.stand_ins import Row
from schema.compiled.texts import sql
from schema.context import Lines
from schema.relations import Many, One
from schema.segments import Sought
from schema.statement import equals
from schema.views import VIEWS, View

SEPARATOR = b"\x1e"
"""Stands between the answers for several parents, and nowhere in JSON, where text escapes it."""
TOGETHER = "SELECT string_agg({each}, E'\\x1e' ORDER BY p.n) FROM unnest({parents}) WITH ORDINALITY AS p(\"{by}\", n)"


class Plan(NamedTuple):
    """A statement whose one value is JSON, the getters of its placeholders, the positions it reads at.

    The JSON is that of `data`; or of one field, for each of its parents, with separators. `checks` are the getters of
    values that have no place in the statement, but must fit. `told` is the same statement, told the segments that are
    `sought` as further values.
    """

    sql: str
    getters: tuple[Getter, ...]
    checks: tuple[Getter, ...]
    positions: tuple[Getter, ...]
    told: str
    sought: Sequence[Sought]

    async def read(self, request: Request, lines: Lines) -> bytes | None:
        """The value; None when the views do not show a position.

        Raises Unfit or BadInput for a value that does not fit, ReadFailed when PostgreSQL does not answer.
        """
        values = [find(request) for find in self.getters]
        for check in self.checks:
            check(request)
        for position in self.positions:
            if not await lines.reached(position(request), 0):
                return None
        segments = await lines.segments.told(self.sought, values) if self.sought else None
        if segments is None:
            return await lines.fetch(self.sql, values)
        try:
            return await lines.fetch(self.told, [*values, *segments])
        except ReadFailed:
            lines.segments.forget()  # they may be those of a table that was replaced
            raise


def whole(asked: Selections, operation: OperationDefinitionNode) -> Plan:
    """One statement for all root fields."""
    compiler = Compiler(asked)
    return _planned(compiler, f"SELECT {sql(compiler.questions(asked.root(operation), PRESENT))}")


def of_field(asked: Selections, selected: Selected, *, past: bool) -> Plan:
    """One statement for a field: of the root, or of all its parents together, now or at the request's position."""
    compiler, relation = Compiler(asked), selected.relation
    at = compiler.at(lambda request: request.position) if past else PRESENT
    if not isinstance(relation, One | Many):
        return _planned(compiler, f"SELECT {sql(compiler.question(selected, at))}")
    if isinstance(relation, One):
        relation = relation._replace(required=False)  # what leads nowhere is a parent's own failure, not all's
    parent = Row(VIEWS[selected.parent.name], at, compiler.placeholders, "p")
    each = sql(compiler.member(selected, relation, parent))
    type = f"{parent.kind.table.column[relation.by].type}[]"
    parents = compiler.placeholders.bind(lambda request: request.parents, type)
    return _planned(compiler, TOGETHER.format(parents=parents, by=relation.by, each=each))


def of_one(asked: Selections, selected: Selected, kind: type[View], column: str) -> Plan:
    """One statement for a field that leads to one object: the one whose column is as the request's parent says."""
    test = equals(column, lambda request: request.parents[0])
    compiler = Compiler(asked)
    return _planned(compiler, f"SELECT {compiler.one(selected, kind, test, PRESENT)}")


def _planned(compiler: Compiler, sql: str) -> Plan:
    text, getters, checks = compiler.placeholders.used(sql)
    return Plan(text, getters, checks, tuple(compiler.positions), *told(text, len(getters)))
