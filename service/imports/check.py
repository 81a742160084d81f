"""Do the rows of a file fit each other, and what the log has?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.imports.order import Needs, circles
from service.imports.rows import Row, RowError, Sheet
from service.imports.standing import Standing


def misfits(sheet: Sheet, standing: Standing) -> list[RowError]:
    """Everything that the log, or another row, has against a row."""
    codes = sheet.codes | standing.open.keys()
    circular = circles(definitions(sheet.rows, standing)) | circles(managers(sheet.rows, standing))
    return [error for row in sheet.rows for error in _misfits(row, codes, circular, standing)]


def definitions(rows: Sequence[Row], standing: Standing) -> Needs:
    """The divisions that are new, with those that must be there before."""
    new = [row for row in rows if row.code not in standing.open]
    return {row.code: {code for code in (row.parent, row.managed_by) if code} for row in new}


def managers(rows: Sequence[Row], standing: Standing) -> Needs:
    """All divisions as the file would leave them, each with its manager."""
    stand = {code: standing.manager(code) for code in standing.open}
    left = stand | {row.code: row.manager for row in rows}
    return {code: {manager} if manager else set() for code, manager in left.items()}


def _misfits(row: Row, codes: frozenset[str], circular: set[str], standing: Standing) -> Iterator[RowError]:
    if row.parent and row.parent not in codes:
        text = f"没有代码为 {row.parent} 的上级 | No division above has the code {row.parent}"
        yield RowError(row.line, "parent_code", "UNKNOWN_PARENT", text)
    if row.managed_by and row.managed_by not in codes:
        text = f"没有代码为 {row.managed_by} 的管理单位 | No manager has the code {row.managed_by}"
        yield RowError(row.line, "managed_by", "UNKNOWN_MANAGER", text)
    if row.code in circular:
        text = "上级或管理关系成环 | It stands, by parent or by manager, above itself"
        yield RowError(row.line, "managed_by", "CIRCLE", text)
    if row.code in standing.open:
        yield from _against(row, standing)


def _against(row: Row, standing: Standing) -> Iterator[RowError]:
    """What no command can change."""
    if row.parent != standing.parent(row.code):
        yield RowError(row.line, "parent_code", "PARENT_FIXED", "上级不能变更 | The parent cannot be changed")
    if row.manager is None and standing.manager(row.code):
        yield RowError(row.line, "managed_by", "MANAGER_NEEDED", "不能取消管理单位 | A manager cannot be taken away")
