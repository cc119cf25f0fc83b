"""What a setting is: its name in the environment, its reason, its unit and its bounds."""

from __future__ import annotations

from dataclasses import Field, dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Any

Network = IPv4Network | IPv6Network


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


def knob(default: Any, env: str, reason: str, **more: Any) -> Any:
    made = Knob(env=env, reason=reason, **more)
    return field(default=default, metadata={"knob": made}, repr=not made.secret)


def knob_of(one: Field[Any]) -> Knob:
    found: Knob = one.metadata["knob"]
    return found
