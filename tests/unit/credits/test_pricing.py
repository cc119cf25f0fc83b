from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ocrchat.credits.drawing import Draw, Purse, sum_by_bucket
from ocrchat.credits.months import month_of, next_day, next_month
from ocrchat.errors import LedgerConflict


def test_purse_when_drawn_on_then_buckets_go_in_their_order() -> None:
    purse = Purse([(7, 3), (5, 0), (9, 4)])
    assert purse.draw(2) == [Draw(7, -2)]
    assert purse.draw(3) == [Draw(7, -1), Draw(9, -2)]
    assert purse.draw(0) == []


def test_purse_when_it_holds_too_little_then_the_books_are_wrong_and_nothing_is_charged() -> None:
    with pytest.raises(LedgerConflict):
        Purse([(1, 2)]).draw(3)


def test_draws_when_summed_then_each_bucket_has_one_and_what_cancels_out_is_gone() -> None:
    assert sum_by_bucket([Draw(2, 5), Draw(1, 1), Draw(2, -3), Draw(3, 4), Draw(3, -4)]) == [Draw(1, 1), Draw(2, 2)]


@pytest.mark.parametrize(
    ("moment", "month", "following"),
    [
        (datetime(2026, 11, 21, 12, tzinfo=UTC), "2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "2026-12", datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2028, 1, 31, tzinfo=UTC), "2028-01", datetime(2028, 2, 1, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), "2028-02", datetime(2028, 3, 1, tzinfo=UTC)),
        (datetime(2026, 12, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_month_when_asked_anywhere_then_it_is_that_of_utc(moment: datetime, month: str, following: datetime) -> None:
    assert month_of(moment) == month
    assert next_month(moment) == following


def test_day_when_asked_anywhere_then_it_is_that_of_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert next_day(datetime(2026, 11, 22, 3, tzinfo=tokyo)) == datetime(2026, 11, 22, tzinfo=UTC)
