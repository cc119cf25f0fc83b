from __future__ import annotations

from pathlib import Path

import pytest

from ocrchat.accounts.plans import SHIPPED, load_plans
from ocrchat.errors import BadPlans, UnknownPlan

TEXT = SHIPPED.read_text(encoding="utf-8")


def test_plans_when_shipped_then_they_are_what_the_product_promises() -> None:
    plans = load_plans()
    assert plans.tiers == {"cpu": 1, "vlm": 5}
    assert plans.plans["anonymous"].pages_per_day == 10
    assert (plans.plans["free"].monthly_credits, plans.new_account_credits) == (100, 500)
    assert plans.plans["paid"].priority < plans.plans["free"].priority < plans.plans["anonymous"].priority
    assert plans.plans["paid"].max_pages_per_file > plans.plans["free"].max_pages_per_file
    assert plans.plans["admin"].unlimited and plans.plans["admin"].per_minute == {}


def test_plans_when_data_folder_has_its_own_then_those_count(tmp_path: Path) -> None:
    assert load_plans(tmp_path).plans["free"].monthly_credits == 100
    (tmp_path / "plans.toml").write_text(TEXT.replace("monthly_credits = 100   #", "monthly_credits = 7   #"))
    assert load_plans(tmp_path).plans["free"].monthly_credits == 7


def test_plans_when_tools_have_prices_then_they_are_read(tmp_path: Path) -> None:
    priced = "translate = { cpu = 2, vlm = 6 }\nextract = { cpu = 3 }\n"
    (tmp_path / "plans.toml").write_text(TEXT.replace("# translate = { cpu = 2, vlm = 6 }", priced))
    assert load_plans(tmp_path).tools == {"translate": {"cpu": 2, "vlm": 6}, "extract": {"cpu": 3}}


def test_plan_when_taken_out_of_the_file_then_its_accounts_are_treated_as_new_ones() -> None:
    plans = load_plans()
    assert plans.plan_of("gone").name == "free"
    assert plans.plan_of("paid").name == "paid"


@pytest.mark.parametrize("name", ["gold", "", "anonymous"])
def test_plan_when_unknown_then_the_known_ones_are_named(name: str) -> None:
    with pytest.raises(UnknownPlan, match="admin, free, paid"):
        load_plans().plan(name)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("cpu = 1", "cpu = -1", "prices.tiers.cpu must be a whole number"),
        ("cpu = 1", "cpu = true", "prices.tiers.cpu must be"),
        ("cpu = 1", "cpu = 0.5", "prices.tiers.cpu must be"),
        ("cpu = 1\nvlm = 5", "", "names no tier"),
        ("[plans.admin]", "[plans.boss]", 'needs a plan "admin"'),
        ('plan = "free"', 'plan = "gold"', 'needs a plan "gold"'),
        ("credits = 500", 'credits = "500"', "new_account.credits must be"),
        ("credits = 500", "", "new_account.credits must be"),
        ("monthly_credits = 100   #", "monthly_credit = 100   #", 'has "plans.free.monthly_credit"'),
        ("unlimited = true", "unlimited = 1", "plans.admin.unlimited must be true or false"),
        ('title = "Free"', "title = 5", "plans.free.title must be a text"),
        ("submit = 60,", "submit = 0,", "plans.free.per_minute.submit must be a whole number of 1 or more"),
        ("per_minute = {}", "per_minute = 5", "plans.admin.per_minute must be a table"),
        ("[throttles.per_hour]", "[throttles.per_week]", 'has "throttles.per_week"'),
        ("mail_network = 10", "mail_network = 0", "throttles.per_minute.mail_network must be a whole number of 1"),
        ("mail_network = 10", "mails_network = 10", 'has "throttles.per_minute.mails_network"'),
        ("code_address = 20", "code_address = 0", "throttles.per_day.code_address must be a whole number of 1"),
        ("submit = 60,", "submits = 60,", 'has "plans.free.per_minute.submits"'),
        ("monthly_credits = 100   #", "monthly_credits = 9000000000 #", "monthly_credits must be 1000000 or less"),
        ("credits_valid_days = 0", "credits_valid_days = 99999", "credits_valid_days must be 36500 or less"),
        ('plan = "free"', 'plan = ["free"]', "new_account.plan must be a text"),
        ("[plans.paid]", f"[plans.{'x' * 65}]", "names a plan in more than 64"),
        ("[throttles.per_minute]", "[limits.per_minute]", 'has "limits"'),
        ("# translate = {", "translate = { vml = 1,", "prices a tier"),
        ("# translate = { cpu = 2, vlm = 6 }", "translate = 5", r"needs a table \[prices.tools.translate\]"),
        ("[new_account]", "[[[", "cannot be read"),
    ],
)
def test_plans_when_file_is_wrong_then_it_refuses_with_the_place(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    assert before in TEXT
    (tmp_path / "plans.toml").write_text(TEXT.replace(before, after, 1))
    with pytest.raises(BadPlans, match=complaint):
        load_plans(tmp_path)


def test_plans_when_a_whole_table_is_missing_then_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "plans.toml").write_text("[prices]\n[prices.tiers]\ncpu = 1\n")
    with pytest.raises(BadPlans, match=r"needs a table \[new_account\]"):
        load_plans(tmp_path)
