"""How are things named: records, divisions, money, text?

The aliases constrain what a command accepts; `extra` names the GraphQL scalar. Facts use the plain types underneath.
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha1
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec import Meta

from service.domain.refusal import InvalidInput

FEN = Decimal("0.01")
NAMESPACE = uuid5(NAMESPACE_URL, "urn:shanghui")
VERSION_BITS, VERSION_5 = 0xF000_C000_0000_0000_0000, 0x5000_8000_0000_0000_0000


def money(value: Decimal, field: str) -> Decimal:
    """An amount in yuan that a ledger can carry.

    Raises InvalidInput when it is negative, not finite, finer than a fen, or 10^15 yuan and more.
    """
    if not value.is_finite() or not 0 <= value < Decimal("1e15") or value != value.quantize(FEN):
        raise InvalidInput("金额须非负、精确到分 | An amount is not negative and no finer than a fen", path=(field,))
    return value.quantize(FEN)


def _id(space: UUID, name: str) -> UUID:
    """The library's `uuid5`, at half its cost: most commands need several."""
    digest = int.from_bytes(sha1(space.bytes + name.encode(), usedforsecurity=False).digest()[:16])
    return UUID(int=digest & ~VERSION_BITS | VERSION_5)


def name_id(name: str) -> UUID:
    """The id of a record that has a natural name, such as `division/410225`."""
    return _id(NAMESPACE, name)


def event_id(record: UUID, version: int) -> UUID:
    """The id of the event that brought a record to this version."""
    return _id(record, str(version))


DivisionCode = Annotated[
    str,
    Meta(pattern=r"^[0-9]{2}([0-9]{2}([0-9X][0-9]([0-9]{3}([0-9]{3})?)?)?)?$", extra={"scalar": "DivisionCode"}),
]
"""GB/T 2260 (2, 4 or 6 places) or the statistical extension (9 or 12); a local code has an X in its fifth place."""

Line = Annotated[str, Meta(min_length=1, max_length=200)]
Paragraph = Annotated[str, Meta(min_length=1, max_length=4000)]
PersonName = Annotated[str, Meta(min_length=1, max_length=50)]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a file, in hexadecimal."""
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Year = Annotated[int, Meta(ge=1998, le=2999)]
Yuan = Annotated[Decimal, Meta(extra={"scalar": "Decimal"})]
"""Money in yuan, to the fen; `money` checks it."""
UsccText = Annotated[str, Meta(min_length=18, max_length=30, extra={"scalar": "Uscc"})]
DivisionId = Annotated[UUID, Meta(extra={"ref": "Division"})]
ChamberId = Annotated[UUID, Meta(extra={"ref": "Chamber"})]
DocumentId = Annotated[UUID, Meta(extra={"ref": "Document"})]
AppointmentId = Annotated[UUID, Meta(extra={"ref": "Appointment"})]
MediationBodyId = Annotated[UUID, Meta(extra={"ref": "MediationBody"})]
