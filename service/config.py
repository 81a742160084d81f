"""配置 | What is this process told from outside: by its environment, by secret files, by systemd?

One prefix, SHANGHUI_, for everything; DATABASE_URL is understood as well. A secret may stand in a file that
SHANGHUI_<NAME>_FILE names, or in systemd's $CREDENTIALS_DIRECTORY under its own lower-case name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "SHANGHUI_"
SECRETS = ("database_url", "secret")
ELSEWHERE = frozenset({"SHANGHUI_PGBIN", "SHANGHUI_TEST_PGBIN"})
"""Known, but read where they are used: by the search for PostgreSQL's programs, and by the tests."""
SHORTEST_SECRET = 32


class SettingsError(ValueError):
    """The environment asks for what cannot be; the message is one sentence, `中文 | English`."""


def default_data() -> Path:
    """Where data lives unless told otherwise: for root a folder that PostgreSQL's own account can reach."""
    if os.geteuid() == 0:
        return Path("/var/lib/shanghui")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "shanghui"


class Settings(BaseSettings):
    """All settings; each is the environment variable SHANGHUI_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, populate_by_name=True, hide_input_in_errors=True, frozen=True
    )

    data: Path = Field(
        default_factory=default_data,
        description="内嵌数据库与自动生成的密钥所在文件夹 | Folder of the embedded database and of a generated secret",
    )
    host: str = Field("127.0.0.1", description="监听地址 | Address to listen on")
    port: int = Field(8000, ge=0, le=65_535, description="监听端口，0 为任意 | Port to listen on; 0 takes a free one")
    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("SHANGHUI_DATABASE_URL", "DATABASE_URL"),
        description="外部 PostgreSQL 的 URI；不设则用内嵌数据库 | URI of a PostgreSQL; without it an embedded one runs",
    )
    secret: SecretStr | None = Field(
        None,
        description="签名密钥，至少 32 字节；用内嵌数据库时可自动生成"
        " | Key that signs tokens and cursors, at least 32 bytes; generated when the embedded database is used",
    )
    read_connections: int = Field(
        2, ge=1, le=32, description="只读连接数上限 | Most read-only connections to the database"
    )
    body_limit: int = Field(
        262_144, ge=1_024, le=16_777_216, description="请求体上限（字节） | Largest request body, in bytes"
    )
    answer_cache_bytes: int = Field(
        67_108_864,
        ge=0,
        le=8_589_934_592,
        description="答案缓存上限（字节），0 为不用；数据一变即失效"
        " | Most bytes of answers kept for as long as nothing changes; 0 keeps none",
    )
    reader: Literal["pipeline", "plain"] = Field(
        "pipeline",
        description="编译查询的读取方式；libpq 没有管线模式时自动用 plain"
        " | How compiled questions are read; plain is used by itself where libpq has no pipeline mode",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="日志级别 | Least level logged")
    log_format: Literal["auto", "text", "json"] = Field(
        "auto", description="日志格式；auto 在终端为 text | Form of the log; auto is text on a terminal, else json"
    )

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value().encode()) < SHORTEST_SECRET:
            raise ValueError(f"至少 {SHORTEST_SECRET} 字节 | at least {SHORTEST_SECRET} bytes")
        return secret

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code, then the environment, then secret files."""
        return init_settings, env_settings, SecretFiles(settings_cls)


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets that stand in files, so that neither a process listing nor an error report shows them."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The text of the secret's file, without blanks around it."""
        path = secret_file(field_name, os.environ)
        return None if path is None else path.read_text(encoding="utf-8").strip(), field_name, False

    def __call__(self) -> dict[str, Any]:
        """The secrets that have a file."""
        fields = self.settings_cls.model_fields
        found = {name: self.get_field_value(fields[name], name)[0] for name in SECRETS}
        return {name: text for name, text in found.items() if text is not None}


def load(**given: Any) -> Settings:
    """The settings of this process; what is given here, unless None, goes before the environment.

    Raises SettingsError, naming the variables, for one that is unknown, given twice, unreadable or out of range.
    """
    refuse_unknown(os.environ)
    refuse_twice(os.environ)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        reasons = "; ".join(f"{_variable(each['loc'])}: {each['msg']}" for each in error.errors())
        raise SettingsError(f"设置无效 | These settings do not fit: {reasons}") from error
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"无法读取密钥文件 | A secret's file cannot be read: {error}") from error


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise SettingsError for a variable with our prefix that means nothing: a typing error must not pass unseen."""
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known())
    if unknown:
        raise SettingsError(f"未知的环境变量 | Unknown environment variables: {', '.join(unknown)}")


def refuse_twice(environment: Mapping[str, str]) -> None:
    """Raise SettingsError for a secret that is given both as a value and as a file."""
    for name in map(str.upper, SECRETS):
        plain, file = f"{PREFIX}{name}", f"{PREFIX}{name}_FILE"
        if environment.get(plain) and environment.get(file):
            raise SettingsError(f"{plain} 与 {file} 只能设置一个 | Set {plain} or {file}, not both")


def known() -> frozenset[str]:
    """Every variable with our prefix that means something."""
    plain = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return ELSEWHERE | plain | {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}


def secret_file(name: str, environment: Mapping[str, str]) -> Path | None:
    """The file that holds a secret, if there is one: named by its variable, else among systemd's credentials."""
    if named := environment.get(f"{PREFIX}{name.upper()}_FILE"):
        return Path(named)
    credentials = environment.get("CREDENTIALS_DIRECTORY")
    path = Path(credentials) / name if credentials else None
    return path if path and path.is_file() else None


def effective(settings: Settings) -> dict[str, str | int | None]:
    """The settings as they are, secrets masked."""
    return {name: _shown(getattr(settings, name)) for name in Settings.model_fields}


def documentation() -> str:
    """A Markdown table of all settings."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_default(field)} | {(field.description or '').replace(' | ', '<br>')} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows]) + "\n"


def _shown(value: object) -> str | int | None:
    if isinstance(value, SecretStr):
        return "********"
    return value if value is None or isinstance(value, int) else str(value)


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "`~/.local/share/shanghui`; root: `/var/lib/shanghui`"
    return "" if field.default is None else f"`{field.default}`"


def _variable(location: tuple[str | int, ...]) -> str:
    name = str(location[0]) if location else ""
    return name if name.isupper() else f"{PREFIX}{name.upper()}"
