"""From environment and file to settings; a value that is not possible refuses to start, by name."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ocrchat.config.knobs import Knob, Network, knob_of
from ocrchat.config.settings import FILE_NAME, Settings
from ocrchat.errors import BadSetting

_STORES = ("s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "adl", "http", "https", "file", "memory")
_OURS = "OCRCHAT_"
# Of the model store, of client programs, of tests and measurements: names of ours that set nothing of the service.
_NO_SETTINGS = frozenset(
    f"{_OURS}{name}"
    for name in (
        "CACHE",
        "CHILD_ERRORS",
        "CORPUS",
        "LOCAL_MODEL_KEY",
        "MODELS",
        "MODELS_MIRROR",
        "MODEL_KEY",
        "POINTS",
        "POINTS_LOG",
        "PYTHON",
        "TOKEN",
        "URL",
    )
)

_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")


def load_settings(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """From environment and file; `overrides` are the command line's and win over both. Raises BadSetting."""
    environment = os.environ if environment is None else environment
    _refuse_unknown(environment)
    data = Path(overrides.get("data") or environment.get(_knob_named("data").env) or Settings().data)
    path = data / FILE_NAME
    from_file = _read_file(path)
    values: dict[str, Any] = {}
    for one in fields(Settings):
        knob = knob_of(one)
        if overrides.get(one.name) is not None:
            values[one.name] = _parse(one, overrides[one.name], f"--{one.name.replace('_', '-')}")
        elif environment.get(knob.env):
            values[one.name] = _parse(one, environment[knob.env], knob.env)
        elif one.name in from_file:
            values[one.name] = _parse(one, from_file[one.name], f"{one.name} in {path}")
    settings = Settings(**values)
    _check_together(settings)
    return settings


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """A setting that is misspelled would start with its default, and nobody would know."""
    known = [knob_of(one).env for one in fields(Settings)]
    for name in sorted(environment):
        if name.startswith(_OURS) and environment[name] and name not in known and name not in _NO_SETTINGS:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
            hint = f"; did you mean {near[0]}?" if near else ". Those there are stand in docs/settings.md."
            raise BadSetting(f"The environment sets {_printable(name)}, which is no setting{hint}")


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
    knob = knob_of(one)
    shown = "the value" if knob.secret else f'"{_printable(value)}"'
    try:
        parsed = _PARSERS[str(one.type)](value)
    except (ValueError, TypeError):
        raise BadSetting(f"The setting {where} cannot be {shown}: it must be {WHAT[str(one.type)]}.") from None
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
    if "://" in settings.blobs and _split("BLOBS", settings.blobs).scheme not in _STORES:
        raise BadSetting(
            "The setting BLOBS is no store that is known: it must be a folder, or an address that begins with "
            f"{', '.join(f'{name}://' for name in _STORES)}."
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
WHAT = {
    "str": "a text on one line",
    "int": "a whole number",
    "bool": "true or false",
    "Path": "a path",
    "Path | None": "a path",
    "tuple[Network, ...]": "addresses or networks like 10.0.0.0/8, comma-separated",
}


def _knob_named(name: str) -> Knob:
    return next(knob_of(one) for one in fields(Settings) if one.name == name)
