"""Which buckets an amount is taken from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocrchat.credits.model import Bucket, Part
from ocrchat.errors import LedgerConflict


@dataclass(frozen=True, slots=True)
class Draw:
    bucket_id: int
    amount: int
    """Signed like the entry it is a part of."""


class Purse:
    """Buckets in the order in which they are spent, and what is left in each."""

    def __init__(self, contents: Iterable[tuple[int, int]]) -> None:
        self._left = dict(contents)

    @classmethod
    def of_buckets(cls, buckets: Iterable[Bucket]) -> Purse:
        return cls((bucket.id, bucket.remaining) for bucket in buckets)

    @classmethod
    def of_draws(cls, draws: Iterable[Draw]) -> Purse:
        return cls((draw.bucket_id, draw.amount) for draw in draws)

    def draw(self, credits: int) -> list[Draw]:
        draws = []
        missing = credits
        for bucket_id, left in self._left.items():
            taken = min(left, missing)
            if taken:
                self._left[bucket_id] = left - taken
                draws.append(Draw(bucket_id, -taken))
                missing -= taken
        if missing:
            raise LedgerConflict("The credits of this account do not add up; nothing was charged. Tell the operator.")
        return draws


def reversed_parts(parts: Iterable[Part]) -> list[Draw]:
    """What gives back what the parts took."""
    return [Draw(part.bucket_id, -part.amount) for part in parts]


def sum_by_bucket(draws: Iterable[Draw]) -> Sequence[Draw]:
    sums: dict[int, int] = {}
    for draw in draws:
        sums[draw.bucket_id] = sums.get(draw.bucket_id, 0) + draw.amount
    # Always in one order, so that two accounts' rows are never waited for crosswise.
    return [Draw(bucket_id, amount) for bucket_id, amount in sorted(sums.items()) if amount]
