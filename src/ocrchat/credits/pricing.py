"""Pages, tier and tool in; whole credits out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.accounts.plans import Plan, Plans
from ocrchat.errors import UnknownTier


@dataclass(frozen=True, kw_only=True, slots=True)
class PageCost:
    """What one page of a job is held for."""

    page: int
    """1-based, as in the source file."""
    credits: int
    tier: str
    tool: str = ""


def price_per_page(plans: Plans, plan: Plan, tier: str, tool: str = "") -> int:
    if tier not in plans.tiers:
        raise UnknownTier(f'There is no tier "{tier}". Known: {", ".join(plans.tiers)}.')
    if plan.unlimited:
        return 0
    return plans.tools.get(tool, {}).get(tier, plans.tiers[tier])


def cost_of_pages(plans: Plans, plan: Plan, pages: Sequence[int], tier: str, tool: str = "") -> list[PageCost]:
    credits = price_per_page(plans, plan, tier, tool)
    return [PageCost(page=page, credits=credits, tier=tier, tool=tool) for page in pages]
