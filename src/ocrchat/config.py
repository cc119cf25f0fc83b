"""Settings: every knob with its unit, its bounds and its reason. Read once, at start, and passed down as values.

The environment wins over `ocrchat.toml` in the data folder; a value that is not possible refuses to start, by name.
`python -m ocrchat.config` prints docs/settings.md.
"""

from __future__ import annotations

import difflib
import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ocrchat.errors import BadSetting

FILE_NAME = "ocrchat.toml"

Network = IPv4Network | IPv6Network

_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")


@dataclass(frozen=True, kw_only=True, slots=True)
class Knob:
    env: str
    reason: str
    """What it does and why it is as it is; the documentation's text."""
    unit: str = ""
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    shown_default: str = ""
    """Where the default depends on another setting."""
    secret: bool = False


def _knob(default: Any, env: str, reason: str, **more: Any) -> Any:
    knob = Knob(env=env, reason=reason, **more)
    return field(default=default, metadata={"knob": knob}, repr=not knob.secret)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    data: Path = _knob(
        Path("data"),
        "OCRCHAT_DATA",
        "The data folder: database, files, server key and your own `plans.toml` and `ocrchat.toml`. "
        "On SQLite it must be a local disk, not a network share.",
    )
    host: str = _knob(
        "127.0.0.1",
        "OCRCHAT_HOST",
        "The address to listen on. `0.0.0.0` lets other machines in: put a proxy with TLS in front.",
    )
    port: int = _knob(8000, "PORT", "The port to listen on.", low=1, high=65535)
    public_url: str = _knob(
        "",
        "PUBLIC_URL",
        "The address under which people reach the server; links in mails begin with it.",
        shown_default="http://127.0.0.1:PORT",
    )
    database_url: str = _knob(
        "",
        "DATABASE_URL",
        "`sqlite:////path/file.db` for one machine, `postgresql://user:password@host/name` for one or many.",
        shown_default="ocrchat.db in the data folder",
        secret=True,
    )
    database_pool: int = _knob(
        10,
        "OCRCHAT_DATABASE_POOL",
        "Connections to PostgreSQL that a process keeps open; under load it opens as many again. "
        "The sum over all processes must stay below the server's `max_connections`.",
        unit="connections",
        low=1,
        high=200,
    )
    sqlite_durable: bool = _knob(
        True,
        "OCRCHAT_SQLITE_DURABLE",
        "Wait for the disk at each commit, so that a power cut loses nothing that was charged. "
        "Off is faster on slow disks and may lose the last second.",
    )
    blobs: str = _knob(
        "",
        "BLOBS",
        "Where documents and results are kept: a folder, or a bucket as `s3://name/prefix`.",
        shown_default="blobs in the data folder",
    )
    server_key_file: Path | None = _knob(
        None,
        "OCRCHAT_SERVER_KEY_FILE",
        "The key that seals tokens and passwords of PDFs. Several nodes on one database need the same file.",
        shown_default="server.key in the data folder",
    )
    trusted_proxies: tuple[Network, ...] = _knob(
        (),
        "OCRCHAT_TRUSTED_PROXIES",
        "Addresses or networks of your own proxies, comma-separated. Only what they add to `X-Forwarded-For` is "
        "believed; anybody else could name any address there and get its allowance.",
    )
    sign_up: str = _knob(
        "open",
        "OCRCHAT_SIGN_UP",
        "`closed`: new accounts are made with `ocrchat accounts add` only.",
        choices=("open", "closed"),
    )
    session_idle_days: int = _knob(
        30, "OCRCHAT_SESSION_IDLE_DAYS", "A log-in ends after this long without use.", unit="days", low=1, high=365
    )
    session_days: int = _knob(
        90, "OCRCHAT_SESSION_DAYS", "A log-in ends after this long in any case.", unit="days", low=1, high=3650
    )
    smtp_host: str = _knob(
        "",
        "OCRCHAT_SMTP_HOST",
        "The mail server. Without one, mails are shown on the terminal that the server runs on, and never in a log.",
    )
    smtp_port: int = _knob(587, "OCRCHAT_SMTP_PORT", "The mail server's port.", low=1, high=65535)
    smtp_security: str = _knob(
        "starttls",
        "OCRCHAT_SMTP_SECURITY",
        "How the connection is protected; `none` only for a server on the same machine.",
        choices=("starttls", "tls", "none"),
    )
    smtp_user: str = _knob("", "OCRCHAT_SMTP_USER", "The mail server's user, where it wants one.")
    smtp_password: str = _knob("", "OCRCHAT_SMTP_PASSWORD", "The password of that user.", secret=True)
    mail_from: str = _knob("", "OCRCHAT_MAIL_FROM", "The sender of mails, like `Reader <reader@example.org>`.")

    upload_mb: int = _knob(
        100,
        "OCRCHAT_UPLOAD_MB",
        "The largest file that the full API takes. What is larger is refused while it is being sent.",
        unit="MB",
        low=1,
        high=512,
    )
    simple_upload_mb: int = _knob(
        20, "OCRCHAT_SIMPLE_UPLOAD_MB", "The same for the simple API.", unit="MB", low=1, high=512
    )
    inline_seconds: int = _knob(
        30,
        "OCRCHAT_INLINE_SECONDS",
        "How long a request waits for a short document before it answers that the job is not finished.",
        unit="s",
        low=0,
        high=300,
    )
    blocking_seconds: int = _knob(
        300, "OCRCHAT_BLOCKING_SECONDS", "How long the simple API's `/ocr` waits.", unit="s", low=1, high=3600
    )

    @property
    def upload_bytes(self) -> int:
        return self.upload_mb * 1024 * 1024

    @property
    def simple_upload_bytes(self) -> int:
        return self.simple_upload_mb * 1024 * 1024

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data / 'ocrchat.db').absolute()}"

    @property
    def key_file(self) -> Path:
        return self.server_key_file or self.data / "server.key"

    @property
    def site_url(self) -> str:
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def blob_folder(self) -> Path | None:
        """None where documents are kept in a bucket."""
        if "://" in self.blobs:
            return None
        return Path(self.blobs) if self.blobs else self.data / "blobs"


def load_settings(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """From environment and file; `overrides` are the command line's and win over both. Raises BadSetting."""
    environment = os.environ if environment is None else environment
    data = Path(overrides.get("data") or environment.get(_knob_of("data").env) or Settings().data)
    path = data / FILE_NAME
    from_file = _read_file(path)
    values: dict[str, Any] = {}
    for one in fields(Settings):
        knob: Knob = one.metadata["knob"]
        if overrides.get(one.name) is not None:
            values[one.name] = _parse(one, overrides[one.name], f"--{one.name.replace('_', '-')}")
        elif environment.get(knob.env):
            values[one.name] = _parse(one, environment[knob.env], knob.env)
        elif one.name in from_file:
            values[one.name] = _parse(one, from_file[one.name], f"{one.name} in {path}")
    settings = Settings(**values)
    _check_together(settings)
    return settings


def _read_file(path: Path) -> Mapping[str, Any]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"The settings file {path} cannot be read: {error}.") from None
    known = [one.name for one in fields(Settings) if one.name != "data"]
    for name in found:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else "."
            raise BadSetting(f'The settings file {path} sets "{name}", which does not exist{hint}')
    return found


def _parse(one: Field[Any], value: Any, where: str) -> Any:
    knob: Knob = one.metadata["knob"]
    shown = "the value" if knob.secret else f'"{_printable(value)}"'
    try:
        parsed = _PARSERS[str(one.type)](value)
    except (ValueError, TypeError):
        raise BadSetting(f"The setting {where} cannot be {shown}: it must be {_WHAT[str(one.type)]}.") from None
    if knob.choices and parsed not in knob.choices:
        raise BadSetting(f"The setting {where} cannot be {shown}: it must be one of {', '.join(knob.choices)}.")
    if (
        isinstance(parsed, int)
        and knob.low is not None
        and knob.high is not None
        and not knob.low <= parsed <= knob.high
    ):
        unit = f" {knob.unit}" if knob.unit else ""
        raise BadSetting(f"The setting {where} cannot be {shown}: it must be {knob.low} to {knob.high}{unit}.")
    return parsed


def _check_together(settings: Settings) -> None:
    if settings.smtp_host and "@" not in settings.mail_from:
        raise BadSetting(
            "The setting OCRCHAT_MAIL_FROM is needed with OCRCHAT_SMTP_HOST: the address that mails come from."
        )
    if settings.public_url:
        parsed = _split("PUBLIC_URL", settings.public_url)
        if parsed.scheme not in ("http", "https") or not parsed.netloc or parsed.query or parsed.fragment:
            raise BadSetting(
                f'The setting PUBLIC_URL cannot be "{settings.public_url}": it must look like https://reader.example.org.'
            )
    if settings.database_url and "://" not in settings.database_url:
        raise BadSetting("The setting DATABASE_URL is not an address: it must begin with sqlite:// or postgresql://.")
    if settings.database_url:
        database = _split("DATABASE_URL", settings.database_url)
        if database.path in ("", "/"):
            raise BadSetting(
                "The setting DATABASE_URL names no database: it must look like sqlite:////path/file.db "
                "or postgresql://user:password@host/name."
            )
    if settings.session_idle_days > settings.session_days:
        raise BadSetting("The setting OCRCHAT_SESSION_IDLE_DAYS cannot be more than OCRCHAT_SESSION_DAYS.")


def _split(name: str, url: str) -> SplitResult:
    try:
        parsed = urlsplit(url)
        parsed.port  # noqa: B018  read, because only then it is looked at
    except ValueError:
        raise BadSetting(f"The setting {name} is not an address: its host or port cannot be understood.") from None
    return parsed


def _printable(value: object) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(value)
    return value.strip()


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(value)
    return int(value)


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(value)


def _networks(value: Any) -> tuple[Network, ...]:
    parts = value.split(",") if isinstance(value, str) else list(value)
    return tuple(ip_network(part.strip()) for part in parts if part.strip())


def _path(value: Any) -> Path:
    return Path(value if isinstance(value, Path) else _text(value))


_PARSERS: Mapping[str, Callable[[Any], Any]] = {
    "str": _text,
    "int": _number,
    "bool": _switch,
    "Path": _path,
    "Path | None": _path,
    "tuple[Network, ...]": _networks,
}
_WHAT = {
    "str": "a text on one line",
    "int": "a whole number",
    "bool": "true or false",
    "Path": "a path",
    "Path | None": "a path",
    "tuple[Network, ...]": "addresses or networks like 10.0.0.0/8, comma-separated",
}


def _knob_of(name: str) -> Knob:
    knob: Knob = next(one.metadata["knob"] for one in fields(Settings) if one.name == name)
    return knob


def settings_page() -> str:
    """The text of docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Generated by `python -m ocrchat.config`; do not edit.",
        "",
        f"Set in the environment, or under the name in the second column in `{FILE_NAME}` in the data folder; the",
        "environment wins. A value that is not possible refuses to start and is named.",
        "",
        "| environment | in the file | default | values | what it does |",
        "|---|---|---|---|---|",
    ]
    for one in fields(Settings):
        knob: Knob = one.metadata["knob"]
        name = "" if one.name == "data" else f"`{one.name}`"
        lines.append(f"| `{knob.env}` | {name} | {_shown_default(one)} | {_shown_values(one)} | {knob.reason} |")
    return "\n".join(lines) + "\n"


def _shown_default(one: Field[Any]) -> str:
    knob: Knob = one.metadata["knob"]
    assert one.default is not MISSING
    if knob.shown_default:
        return knob.shown_default
    if isinstance(one.default, bool):
        return str(one.default).lower()
    return f"`{one.default}`" if one.default not in ("", ()) else ""


def _shown_values(one: Field[Any]) -> str:
    knob: Knob = one.metadata["knob"]
    if knob.choices:
        return ", ".join(f"`{choice}`" for choice in knob.choices)
    if knob.low is not None:
        return f"{knob.low} to {knob.high} {knob.unit}".strip()
    return _WHAT[str(one.type)].removeprefix("a ")


if __name__ == "__main__":
    sys.stdout.write(settings_page())
