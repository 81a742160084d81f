"""How are values written that GraphQL has no type for?"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NewType
from uuid import UUID

import strawberry
from strawberry.types.scalar import ScalarDefinition

Uscc = NewType("Uscc", str)
DivisionCode = NewType("DivisionCode", str)
Position = NewType("Position", int)
Json = NewType("Json", object)

CODE = re.compile(r"[0-9]{2}(?:[0-9]{2}(?:[0-9X][0-9](?:[0-9]{3}(?:[0-9]{3})?)?)?)?")
TOWNSHIP_DIGITS = 9
LARGEST = 2**63 - 1
MOST_DIGITS = len(str(LARGEST))
URLSAFE = bytes.maketrans(b"+/", b"-_")
LONGEST_ID = 200
"""No id of ours is longer: what is, is not worth remembering."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("须为字符串 | a string is expected")
    return value


def _datetime(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("时间须带时区 | a time needs its offset, as in 2025-03-01T08:00:00+08:00")
    return moment.astimezone(UTC)


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(_text(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(number.as_tuple().digits) > 40:
        raise ValueError('须为十进制数字符串，如 "30000.00" | a decimal is written as a string, such as "30000.00"')
    return number


def position_of(value: Any) -> int:
    """The position that is written. Raises ValueError."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)
    if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS and (position := int(text)) <= LARGEST:
        return position
    raise ValueError("位置须为不超过 64 位的非负整数 | a position is a non-negative integer of at most 64 bits")


def _code(value: Any) -> str:
    text = _text(value)
    if not CODE.fullmatch(text):
        raise ValueError("行政区划代码无效 | this is not a division code")
    return text


def normal(uscc: str) -> str:
    """A credit code as it is kept, however it was written."""
    return uscc.replace(" ", "").replace("-", "").upper()


def is_small(code: str) -> bool:
    """Whether a code is that of a township or of something in one, beneath which little lies."""
    return len(code) >= TOWNSHIP_DIGITS and code[:6].isdigit()


def print_datetime(value: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def encode_id(kind: str, id: UUID | str, position: int | None = None) -> str:
    """The opaque id of a record: base64url of `Type:uuid`, with `@position` in the past."""
    return f"{id_head(kind)}{_base64(str(id))}{id_tail(position)}"


def id_head(kind: str) -> str:
    """What the ids of a type begin with: as many colons end its name as fill whole groups of base64's three bytes.

    So the three parts of an id are encoded apart, and a uuid's part is the same wherever it stands.
    """
    return _base64(kind + ":" * (3 - len(kind) % 3))


def id_tail(position: int | None) -> str:
    """What the ids of a moment end with: nothing in the present."""
    return "" if position is None else _base64(f"@{position}")


def _base64(text: str) -> str:
    return binascii.b2a_base64(text.encode(), newline=False).translate(URLSAFE).rstrip(b"=").decode()


def decode_id(text: str) -> tuple[str, UUID, int | None] | None:
    """Type, uuid and position of an opaque id; None for anything else."""
    return _decoded(text) if len(text) <= LONGEST_ID else None


@lru_cache(maxsize=4096)
def _decoded(text: str) -> tuple[str, UUID, int | None] | None:
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    match = re.fullmatch(r"(\w+):{1,3}([0-9a-f-]{36})(?:@([0-9]{1,19}))?", plain)
    if match is None:
        return None
    try:
        return match[1], UUID(match[2]), int(match[3]) if match[3] else None
    except ValueError:
        return None


RFC3339 = "https://www.rfc-editor.org/rfc/rfc3339"


def _scalar(name: str, text: str, url: str | None, parse: Any, serialize: Any = str) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=text, specified_by_url=url, parse_value=parse, serialize=serialize)


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar("DateTime", "带时区的时间 | A moment, with its offset", RFC3339, _datetime, print_datetime),
    date: _scalar(
        "Date",
        "中国日历上的一天 | A calendar day in China",
        f"{RFC3339}#section-5.6",
        lambda value: date.fromisoformat(_text(value)),
        date.isoformat,
    ),
    Decimal: _scalar(
        "Decimal",
        "十进制数，写作字符串；金额以元计 | A decimal number, written as a string; money is in yuan",
        "https://json-schema.org/understanding-json-schema/reference/numeric",
        _decimal,
    ),
    UUID: _scalar(
        "UUID",
        "通用唯一识别码 | A universally unique identifier",
        "https://www.rfc-editor.org/rfc/rfc9562",
        lambda value: UUID(_text(value)),
    ),
    Uscc: _scalar(
        "Uscc",
        "统一社会信用代码 | A unified social credit code",
        "https://openstd.samr.gov.cn/bzgk/gb/newGbInfo?hcno=24691C25985C1073D3A7C85629378AC0",
        _text,
    ),
    DivisionCode: _scalar(
        "DivisionCode",
        "行政区划代码 | The code of an administrative division",
        "https://openstd.samr.gov.cn/bzgk/gb/newGbInfo?hcno=C9C488FD717AFDCD52157F41C3302C6D",
        _code,
    ),
    Position: _scalar(
        "Position",
        "事件日志中的位置，写作十进制字符串 | A position in the event log, as a decimal string: it has 64 bits",
        None,
        position_of,
    ),
    Json: _scalar(
        "JSON",
        "任意 JSON 值，仅用于变更前后的值 | Any JSON value; only for what a field was before and after",
        "https://www.rfc-editor.org/rfc/rfc8259",
        lambda value: value,
        lambda value: value,
    ),
}
