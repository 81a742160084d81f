"""How do refusals reach the caller: as data in payloads, as coded errors elsewhere?

A refused command is data: `errors` of its payload, with a stable code, both languages, the path of the input it
concerns and the article it rests on. A question that cannot be answered is a GraphQL error with `extensions.code`.
Anything unforeseen is INTERNAL_SERVER_ERROR with the request's id outside, and a full trace in the log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
import structlog
from graphql import GraphQLError

from schema.scalars import Position
from service.domain import refusal

if TYPE_CHECKING:
    from schema.changes import Change

log = structlog.get_logger()


class CodedError(GraphQLError):
    """An error that tools know by its code. The text is `中文 | English`."""

    def __init__(self, code: str, text: str, **more: Any) -> None:
        super().__init__(text, extensions={"code": code, **more})


class Unauthorized(CodedError):
    """Nobody in particular is asking."""

    def __init__(self) -> None:
        super().__init__("UNAUTHENTICATED", "需要有效令牌 | A valid bearer token is needed")


class Forbidden(CodedError):
    """The viewer may not ask this."""

    def __init__(self) -> None:
        super().__init__("FORBIDDEN", "您的角色不允许此查询 | Your role does not allow this question")


class BadInput(CodedError):
    """The question itself is wrong."""

    def __init__(self, text: str) -> None:
        super().__init__("BAD_USER_INPUT", text)


class StaleRead(CodedError):
    """The views have not come as far as was asked, within the time allowed, or have stopped before it."""

    def __init__(self, position: int, stopped: int | None = None) -> None:
        text = f"视图尚未到达位置 {position}，请稍后重读 | The views have not reached position {position}; read again"
        if stopped is not None:
            text = (
                f"视图停在位置 {stopped}，未到 {position}，请通知管理员恢复 | "
                f"A view is parked at {stopped}, before {position}: it must be resumed first"
            )
        super().__init__("STALE_READ", text, position=str(position))


@strawberry.interface
class UserError:
    """拒绝的原因 | Why a command was refused."""

    code: str
    message: str
    message_en: str
    path: list[str]
    basis: str | None


@strawberry.type
class CommandError(UserError):
    """操作被拒绝 | The command was refused; nothing was written."""


@strawberry.type
class VersionConflictError(UserError):
    """版本冲突 | The record has changed since it was read."""

    actual_version: int
    changes_since: list[Annotated[Change, strawberry.lazy("schema.changes")]]


@strawberry.type
class TryLaterError(UserError):
    """请稍后再试 | Nothing is wrong with the command itself: send it again, with the same idempotency key."""

    retry_after: int


@strawberry.type
class NotAllowedInStateError(UserError):
    """当前状态不允许 | The record's state does not allow the command."""

    allowed_commands: list[str]


TYPES = [CommandError, VersionConflictError, NotAllowedInStateError, TryLaterError]


def user_error(refused: refusal.Refused, changes_since: list[Change] | None = None) -> UserError:
    """A refusal as data; one for a version that is not the last comes with what has changed since."""
    values: dict[str, Any] = {
        "code": refused.code,
        "message": refused.message,
        "message_en": refused.message_en,
        "path": [_camel(part) for part in refused.path],
        "basis": refused.basis,
    }
    if isinstance(refused, refusal.VersionConflict):
        return VersionConflictError(**values, actual_version=refused.actual, changes_since=changes_since or [])
    if isinstance(refused, refusal.TryLater):
        return TryLaterError(**values, retry_after=refused.retry_after)
    if isinstance(refused, refusal.NotAllowedInState):
        return NotAllowedInStateError(**values, allowed_commands=[_camel(name) for name in refused.allowed])
    return CommandError(**values)


def public(error: GraphQLError, request_id: str) -> GraphQLError:
    """What a stranger may know of an error: its code if it has one, the request's id, and no internals."""
    cause = error.original_error
    if isinstance(cause, GraphQLError):
        error = GraphQLError(
            cause.message, error.nodes, error.source, error.positions, error.path, None, cause.extensions
        )
    elif isinstance(cause, refusal.Refused):
        text = f"{cause.message} | {cause.message_en}"
        error = GraphQLError(text, error.nodes, path=error.path, extensions={"code": cause.code})
    elif cause is not None and not _is_input(error):
        log.error("unforeseen", request_id=request_id, exc_info=cause)
        text = "内部错误，请凭请求编号联系管理员 | Internal error; quote the request id"
        error = GraphQLError(text, error.nodes, path=error.path, extensions={"code": "INTERNAL_SERVER_ERROR"})
    error.message = error.message[:300]
    error.extensions = {"code": "BAD_USER_INPUT"} | (error.extensions or {}) | {"requestId": request_id}
    return error


def _is_input(error: GraphQLError) -> bool:
    """A variable or literal that a scalar's parser did not take: no resolver ran, so there is no path."""
    return error.path is None


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


__all__ = ["TYPES", "BadInput", "CodedError", "Forbidden", "Position", "StaleRead", "Unauthorized", "UserError"]
