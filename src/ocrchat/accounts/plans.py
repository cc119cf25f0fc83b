"""The plan file, read and checked: what a page costs, what a plan allows, how often a caller may ask."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ocrchat.errors import BadPlans, UnknownPlan

SHIPPED = Path(__file__).with_name("plans.toml")

# What calls are limited by kind, and what tries; a misspelt one would limit nothing.
CALLS = ("submit", "read", "chat")
THROTTLES = (
    "sign_up_network",
    "mail_network",
    "mail_address",
    "password_network",
    "password_address",
    "code_network",
    "code_address",
    "voucher_account",
    "token_network",
)

# Above them sums leave the columns of the database, and dates the calendar.
_MOST = 1_000_000
_MOST_DAYS = 36_500
_MAX_NAME_LENGTH = 64

ANONYMOUS = "anonymous"
ADMIN = "admin"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    name: str
    title: str
    monthly_credits: int = 0
    pages_per_day: int = 0
    """Of callers without an account."""
    unlimited: bool = False
    max_pages_per_file: int = 0
    """0: only the server's own limit."""
    priority: int = 20
    """Lower goes first."""
    per_minute: Mapping[str, int] = field(default_factory=dict)
    """Calls a minute by kind; a kind that is missing is not limited."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plans:
    tiers: Mapping[str, int]
    """Credits a page."""
    tools: Mapping[str, Mapping[str, int]]
    """Credits a page by tier, of tools with a price of their own."""
    new_account_plan: str
    new_account_credits: int
    new_account_valid_days: int
    plans: Mapping[str, Plan]
    throttles: Mapping[str, int]
    """A minute."""
    hourly_throttles: Mapping[str, int] = field(default_factory=dict)
    daily_throttles: Mapping[str, int] = field(default_factory=dict)

    def plan(self, name: str) -> Plan:
        """Of people's input; unknown is an error that names the known ones."""
        if name not in self.plans or name == ANONYMOUS:
            known = ", ".join(sorted(self.plans.keys() - {ANONYMOUS}))
            raise UnknownPlan(f'There is no plan "{name}". Known: {known}.')
        return self.plans[name]

    def plan_of(self, name: str) -> Plan:
        """Of a caller. Accounts on a plan that the operator has since taken out of the file are treated as new ones."""
        return self.plans.get(name) or self.plans[self.new_account_plan]


def load_plans(data: Path | None = None) -> Plans:
    """The data folder's `plans.toml`, else the one that is shipped."""
    own = data / "plans.toml" if data is not None else None
    path = own if own is not None and own.exists() else SHIPPED
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPlans(f"The plan file {path} cannot be read: {error}.") from None
    return _Reader(path).read(parsed)


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, parsed: Mapping[str, Any]) -> Plans:
        self._check_names(parsed, "", ("prices", "new_account", "plans", "throttles"))
        prices = self._table(parsed, "prices")
        self._check_names(prices, "prices.", ("tiers", "tools"))
        new = self._table(parsed, "new_account")
        self._check_names(new, "new_account.", ("plan", "credits", "credits_valid_days"))
        throttles = self._table(parsed, "throttles")
        self._check_names(throttles, "throttles.", ("per_minute", "per_hour", "per_day"))
        named = self._table(parsed, "plans")
        plans = {name: self._plan(name, self._table(named, name, "plans.")) for name in named}
        if not isinstance(new.get("plan"), str):
            raise self._error("new_account.plan must be a text")
        for name in (ANONYMOUS, ADMIN, new["plan"]):
            if name not in plans:
                raise self._error(f'needs a plan "{name}"')
        tools = self._table(prices, "tools", "prices.")
        result = Plans(
            tiers=self._numbers(self._table(prices, "tiers", "prices."), "prices.tiers."),
            tools={
                name: self._numbers(self._table(tools, name, "prices.tools."), f"prices.tools.{name}.")
                for name in tools
            },
            new_account_plan=str(new["plan"]),
            new_account_credits=self._number(new, "credits", "new_account."),
            new_account_valid_days=self._number(new, "credits_valid_days", "new_account.", default=0, most=_MOST_DAYS),
            plans=MappingProxyType(plans),
            throttles=self._rates(self._table(throttles, "per_minute", "throttles."), "throttles.per_minute."),
            hourly_throttles=self._rates(throttles.get("per_hour", {}), "throttles.per_hour."),
            daily_throttles=self._rates(throttles.get("per_day", {}), "throttles.per_day."),
        )
        self._check_tiers(result)
        return result

    def _plan(self, name: str, table: Mapping[str, Any]) -> Plan:
        where = f"plans.{name}."
        if not 1 <= len(name) <= _MAX_NAME_LENGTH or not name.isprintable():
            raise self._error(f"names a plan in more than {_MAX_NAME_LENGTH} characters, or in none")
        self._check_names(table, where, [one.name for one in fields(Plan) if one.name != "name"])
        if not isinstance(table.get("title", name), str):
            raise self._error(f"{where}title must be a text")
        if not isinstance(table.get("unlimited", False), bool):
            raise self._error(f"{where}unlimited must be true or false")
        return Plan(
            name=name,
            title=table.get("title", name),
            unlimited=table.get("unlimited", False),
            per_minute=self._rates(table.get("per_minute", {}), f"{where}per_minute.", CALLS),
            **{
                key: self._number(table, key, where, default=default)
                for key, default in (
                    ("monthly_credits", 0),
                    ("pages_per_day", 0),
                    ("max_pages_per_file", 0),
                    ("priority", 20),
                )
            },
        )

    def _check_tiers(self, plans: Plans) -> None:
        if not plans.tiers:
            raise self._error("names no tier under prices.tiers")
        for tool, prices in plans.tools.items():
            for tier in prices:
                if tier not in plans.tiers:
                    raise self._error(f"prices.tools.{tool}.{tier} prices a tier that prices.tiers does not name")

    def _table(self, parent: Mapping[str, Any], name: str, where: str = "") -> Mapping[str, Any]:
        table = parent.get(name)
        if not isinstance(table, Mapping):
            raise self._error(f"needs a table [{where}{name}]")
        return table

    def _rates(self, table: Any, where: str, known: Sequence[str] = THROTTLES) -> Mapping[str, int]:
        rates = self._numbers(table, where, least=1)
        self._check_names(rates, where, known)
        return rates

    def _numbers(self, table: Any, where: str, *, least: int = 0) -> Mapping[str, int]:
        if not isinstance(table, Mapping):
            raise self._error(f"{where.rstrip('.')} must be a table of numbers")
        return MappingProxyType({name: self._number(table, name, where, least=least) for name in table})

    def _number(
        self,
        table: Mapping[str, Any],
        name: str,
        where: str,
        *,
        default: int | None = None,
        least: int = 0,
        most: int = _MOST,
    ) -> int:
        value = table.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self._error(f"{where}{name} must be a whole number of {least} or more")
        if value > most:
            raise self._error(f"{where}{name} must be {most} or less")
        return value

    def _check_names(self, table: Mapping[str, Any], where: str, known: Any) -> None:
        for name in table:
            if name not in known:
                raise self._error(f'has "{where}{name}", which means nothing; known: {", ".join(known)}')

    def _error(self, what: str) -> BadPlans:
        return BadPlans(f"The plan file {self._path} {what}. Correct it, or remove it to use the plans shipped.")
