"""Calendar months and days in UTC: when allowances come again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta


def month_of(moment: datetime) -> str:
    """Like "2026-11"."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def next_month(moment: datetime) -> datetime:
    first = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)  # no month is longer than 31 days, none shorter than 28


def next_day(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(UTC).date() + timedelta(days=1), time(tzinfo=UTC))
