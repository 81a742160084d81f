"""Is this file a table of divisions, and is each of its rows well formed?

UTF-8 with or without a byte order mark, a header, and the columns of COLUMNS; the first five are obligatory. What a
value may be, the command that defines a division says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from service.domain.division import Division, DivisionKind
from service.domain.refusal import InvalidInput

MOST_BYTES = 10 * 1024 * 1024
COLUMNS = ("code", "name", "kind", "parent_code", "managed_by", "villages", "in_nbs_2023", "note")
OBLIGATORY = COLUMNS[:5]
INPUTS = {"parent": "parent_code", "managed_by": "managed_by", "villages": "villages", "note": "note"}
"""The column of each optional input of the command."""
FLAGS = ("", "true", "false")


class RowError(msgspec.Struct, frozen=True):
    """行错误 | Why a row, or with line 0 the file, cannot be imported. `code` is stable, `message` `中文 | English`."""

    line: int
    column: str | None
    code: str
    message: str


class Row(NamedTuple):
    """A division as the file has it, in the normal form of the command's input."""

    line: int
    code: str
    name: str
    kind: DivisionKind
    parent: str | None
    managed_by: str | None
    villages: int | None
    note: str | None

    @property
    def manager(self) -> str | None:
        """Who manages it: whoever stands above it unless the file says otherwise."""
        return self.managed_by or self.parent

    @property
    def input(self) -> dict[str, Any]:
        """What defines this division."""
        return {"kind": self.kind.value, **{name: getattr(self, name) for name in ("code", "name", *INPUTS)}}


class Line(NamedTuple):
    """The cells of a row, by column, and where it begins."""

    number: int
    cells: dict[str, str]


class Malformed(Exception):
    """Nothing can be said of the rows: the file is none of the kind."""

    def __init__(self, error: RowError) -> None:
        super().__init__(error.message)
        self.error = error


class Sheet(NamedTuple):
    """A file: its well-formed rows, what is wrong with the others or with the whole, and all codes that it defines."""

    rows: list[Row]
    errors: list[RowError]
    codes: frozenset[str] = frozenset()


def read(content: bytes) -> Sheet:
    """The rows of a file, and everything that can be said against them without knowing more."""
    try:
        lines = list(_lines(_text(content)))
    except Malformed as malformed:
        return Sheet([], [malformed.error])
    if not lines:
        return Sheet([], [RowError(0, None, "EMPTY_FILE", "文件中没有数据行 | The file has no rows")])
    parsed = [_row(each) if isinstance(each, Line) else each for each in lines]
    rows = [each for each in parsed if isinstance(each, Row)]
    errors = [*(each for each in parsed if isinstance(each, RowError)), *_twice(rows)]
    return Sheet(rows, errors, frozenset(each.cells["code"] for each in lines if isinstance(each, Line)))


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Malformed(RowError(0, None, "FILE_TOO_LARGE", "文件超过 10 MB | The file is larger than 10 MB"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = "文件不是 UTF-8 编码 | The file is not UTF-8"
        raise Malformed(RowError(line, None, "NOT_UTF8", text)) from error


def _lines(text: str) -> Iterator[Line | RowError]:
    """The rows that are not blank, with their cells under the header's columns."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: Sequence[str] = ()
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if header:
                yield _line(number, header, cells)
            else:
                header = _header(number, cells)
    except csv.Error as error:
        text = f"CSV 格式错误：{error} | This is no CSV: {error}"
        raise Malformed(RowError(reader.line_num, None, "BAD_CSV", text)) from error


def _header(number: int, cells: Sequence[str]) -> Sequence[str]:
    names = [cell.strip() for cell in cells]
    missing = [name for name in OBLIGATORY if name not in names]
    if missing:
        listed = ", ".join(missing)
        raise Malformed(RowError(number, None, "MISSING_COLUMN", f"缺少列：{listed} | Columns are missing: {listed}"))
    for place, name in enumerate(names):
        if name not in COLUMNS or name in names[:place]:
            text = f"列“{name}”未知或重复 | Column “{name}” is unknown or stands twice"
            raise Malformed(RowError(number, name, "BAD_COLUMN", text))
    return names


def _line(number: int, header: Sequence[str], cells: Sequence[str]) -> Line | RowError:
    if len(cells) != len(header):
        text = f"应有 {len(header)} 列，实有 {len(cells)} 列 | {len(header)} columns are needed, here are {len(cells)}"
        return RowError(number, None, "COLUMN_COUNT", text)
    return Line(number, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})


def _row(line: Line) -> Row | RowError:
    """The row, checked by the command that would define it."""
    cells = line.cells
    if cells["kind"].upper() not in DivisionKind.__members__:
        kinds = ", ".join(kind.lower() for kind in DivisionKind)
        return RowError(line.number, "kind", "UNKNOWN_KIND", f"类别须为：{kinds} | The kind is one of: {kinds}")
    if cells.get("in_nbs_2023", "") not in FLAGS:
        return RowError(line.number, "in_nbs_2023", InvalidInput.code, "须为 true 或 false | It is true or false")
    optional = {name: cells[column] for name, column in INPUTS.items() if cells.get(column)}
    given = {"code": cells["code"], "name": cells["name"], "kind": cells["kind"].upper(), **optional}
    try:
        return Row(line.number, **Division.commands["define"].bind(given))
    except InvalidInput as refused:
        column = refused.path[0] if refused.path else None
        message = f"{refused.message} | {refused.message_en}"
        return RowError(line.number, INPUTS.get(column, column) if column else None, refused.code, message)


def _twice(rows: Sequence[Row]) -> Iterator[RowError]:
    first: dict[str, int] = {}
    for row in rows:
        if (line := first.setdefault(row.code, row.line)) != row.line:
            text = f"代码 {row.code} 已在第 {line} 行 | Code {row.code} stands in line {line} already"
            yield RowError(row.line, "code", "DUPLICATE_CODE", text)
