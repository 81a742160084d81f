"""Why a command was refused, in words a clerk understands.

Refused
├── InvalidInput          BAD_USER_INPUT          a value that no command could take
├── NotFound              NOT_FOUND               no such record, or none the caller may see
├── NotAllowedInState     NOT_ALLOWED_IN_STATE    right command, wrong moment
├── OutOfScope            OUT_OF_SCOPE            wrong role, or a record of another division
├── GuardFailed           GUARD_FAILED            a rule of law or policy is not met
├── FourEyes              FOUR_EYES               the second pair of eyes must be another's
├── Duplicate             DUPLICATE               the name, code or seat is taken
├── VersionConflict       VERSION_CONFLICT        the record has moved on since it was read
├── IdempotencyKeyReused  IDEMPOTENCY_KEY_REUSED  the key belongs to another request
└── TryLater              (send it again with the same key)
    ├── Busy              BUSY                    too many commands are waiting; nothing was written
    └── LedgerUnavailable LEDGER_UNAVAILABLE      the database does not answer

A refusal writes nothing, but for a LedgerUnavailable that says it does not know. Its code is stable; its text is
`中文 | English`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID


class Refused(Exception):
    """A command that was not carried out.

    `text` is `中文 | English` and may name `values` in braces; `path` leads to the input it concerns; `basis` is the
    legal article it rests on.
    """

    code: ClassVar[str] = "REFUSED"

    def __init__(self, text: str, *, path: Sequence[str] = (), basis: str | None = None, **values: object) -> None:
        chinese, _, english = text.format(**values).partition(" | ")
        self.message, self.message_en = chinese, english or chinese
        self.path, self.basis, self.values = tuple(path), basis, values
        super().__init__(f"{self.code}: {self.message} | {self.message_en}")


class InvalidInput(Refused):
    """A value that no command could take."""

    code = "BAD_USER_INPUT"


class NotFound(Refused):
    """No such record, or none that the caller may see: the two are not told apart."""

    code = "NOT_FOUND"


class NotAllowedInState(Refused):
    """Carries the commands that the present state does allow."""

    code = "NOT_ALLOWED_IN_STATE"

    def __init__(self, text: str, *, allowed: Sequence[str], path: Sequence[str] = (), **values: object) -> None:
        super().__init__(text, path=path, basis=None, **values)
        self.allowed = tuple(allowed)


class OutOfScope(Refused):
    """The caller's roles do not include this command, or his division does not reach the record."""

    code = "OUT_OF_SCOPE"


class GuardFailed(Refused):
    """A rule of law or policy is not met; `basis` names it."""

    code = "GUARD_FAILED"


class FourEyes(Refused):
    """The caller did an earlier step that must be another's."""

    code = "FOUR_EYES"


class Duplicate(Refused):
    """What only one may hold is held."""

    code = "DUPLICATE"


class VersionConflict(Refused):
    """Carries the record, the version its caller had read, and the version it really has."""

    code = "VERSION_CONFLICT"

    def __init__(self, record: UUID, expected: int, actual: int) -> None:
        super().__init__(
            "记录已变更：期望版本 {expected}，实际版本 {actual}，请重新读取后再试"
            " | The record has changed: version {expected} was expected, it is {actual}; read it again and retry",
            path=("expectedVersion",),
            expected=expected,
            actual=actual,
        )
        self.record, self.expected, self.actual = record, expected, actual


class IdempotencyKeyReused(Refused):
    """The key came before with another command or other input."""

    code = "IDEMPOTENCY_KEY_REUSED"


class TryLater(Refused):
    """Nothing is wrong with the request itself; `retry_after` is in how many seconds to send it again."""

    retry_after: ClassVar[int]


class Busy(TryLater):
    """Too many commands are waiting; nothing was written, try again."""

    code, retry_after = "BUSY", 1


class LedgerUnavailable(TryLater):
    """The database is down, full or read-only, or went away in the middle; try again with the same key."""

    code, retry_after = "LEDGER_UNAVAILABLE", 5


def require(met: bool, text: str, *, path: Sequence[str] = (), basis: str | None = None, **values: object) -> None:
    """Refuse with GUARD_FAILED unless the rule is met."""
    if not met:
        raise GuardFailed(text, path=path, basis=basis, **values)
