"""Commands about this installation: config, doctor, token, schema."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import typer
from graphql import build_schema
from graphql.utilities import find_breaking_changes, find_dangerous_changes

from schema.scalars import CODE, decode_id
from schema.schema import COMMITTED, sdl
from service.access.tokens import DevelopmentTokens
from service.cli.doctor import diagnose
from service.cli.options import Data, Json
from service.cli.options import settings as given
from service.cli.output import show
from service.config import documentation, effective
from service.domain.roles import Grant, Role
from service.resources import secret_of

token = typer.Typer(no_args_is_help=True, help="令牌 | Tokens.")
schema = typer.Typer(no_args_is_help=True, help="GraphQL 架构 | The GraphQL schema.")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(config)
    app.command()(doctor)
    app.add_typer(token, name="token")
    app.add_typer(schema, name="schema")


def config(
    markdown: Annotated[bool, typer.Option("--markdown", help="设置说明表 | The table of all settings.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """显示生效的设置 | Show the effective settings, secrets masked."""
    if markdown:
        show({"markdown": documentation()}, documentation().rstrip(), as_json)
        return
    found = effective(given(data))
    show(found, "\n".join(f"{name:<18} {'' if value is None else value}" for name, value in found.items()), as_json)


def doctor(data: Data = None, as_json: Json = False) -> None:
    """检查运行环境 | Check everything the service stands on, a line each; exit 1 when something is amiss."""
    checks = diagnose(given(data))
    for check in checks:
        mark = "✓" if check.ok else "✗"
        show(check._asdict(), f"{mark} {check.name:<32} {check.text}  {check.detail}".rstrip(), as_json)
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


@token.callback()
def _token() -> None:
    """Keep `dev` a sub-command although it is the only one."""


@token.command()
def dev(
    role: Annotated[list[Role], typer.Option(help="角色，可重复 | A role; may be given again.")],
    division: Annotated[str | None, typer.Option(metavar="CODE", help="管辖区划 | Whose records; all if none.")] = None,
    chamber: Annotated[str | None, typer.Option(metavar="ID", help="仅限此商会 | This chamber only.")] = None,
    account: Annotated[str | None, typer.Option(help="账号 | The account; named after the role if none.")] = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="有效天数 | For how many days.")] = 30,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """签发开发令牌 | Issue a signed development token."""
    if division is not None and not CODE.fullmatch(division):
        raise typer.BadParameter(f"行政区划代码无效 | not a division code: {division}", param_hint="--division")
    grants = [Grant(each, division, chamber=_chamber(chamber)) for each in role]
    name = account or "-".join([role[0].lower().replace("_", "-"), *([division] if division else [])])
    issued = DevelopmentTokens(secret_of(given(data))).issue(name, grants, timedelta(days=days))
    show({"token": issued, "account": name, "grants": msgspec.to_builtins(grants), "days": days}, issued, as_json)


@schema.command("print")
def print_schema(as_json: Json = False) -> None:
    """输出架构 | Print the schema in its definition language."""
    show({"sdl": sdl()}, sdl().rstrip(), as_json)


@schema.command("diff")
def diff_schema(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="旧架构 | The schema to compare with.")] = COMMITTED,
    as_json: Json = False,
) -> None:
    """比较架构 | Compare a schema file with the program's own; exit 1 when they differ."""
    old, new = _read(file), sdl()
    before, after = build_schema(old), build_schema(new)
    breaking = [_change(each) for each in find_breaking_changes(before, after)]
    dangerous = [_change(each) for each in find_dangerous_changes(before, after)]
    lines = [*(f"BREAKING {each}" for each in breaking), *(f"DANGEROUS {each}" for each in dangerous)]
    verdict = "一致 | The same" if old == new else "有差异 | They differ"
    found: dict[str, Any] = {"same": old == new, "breaking": breaking, "dangerous": dangerous}
    show(found, "\n".join([*lines, verdict]), as_json)
    raise typer.Exit(0 if old == new else 1)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"无法读取 | cannot be read: {error}", param_hint="FILE") from error


def _change(change: Any) -> str:
    return f"{change.type.name}: {change.description}"


def _chamber(text: str | None) -> UUID | None:
    if text is None:
        return None
    if opaque := decode_id(text):
        return opaque[1]
    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter(f"商会标识无效 | not a chamber's id: {text}", param_hint="--chamber") from None
