"""Whether the next monthly release will fit into the budget on its day, also when a whole year has been released."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregation_svc.adapters.account_figures import late
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.releases import Account, Charge, Kind, Question

GRACE = timedelta(hours=48)
CAP, MONTHLY = 12_000_000, 1_000_000


def charges(*, day: int, extra: int = 0) -> list[Charge]:
    """Give a year of monthly releases, each made on a day of the month after, and one more charge at its end."""
    made = [
        Charge(number, f"{number}", Question(Kind.COHORTS, None, 0, ""), MONTHLY, 0.0, "ada", at)
        for number, at in enumerate(datetime(2025, month, day, 4, 20, tzinfo=UTC) for month in range(2, 13))
    ]
    return [
        *made,
        Charge(12, "12", made[0].question, MONTHLY + extra, 0.0, "ada", datetime(2026, 1, day, 5, tzinfo=UTC)),
    ]


def account(window: list[Charge]) -> Account:
    spent = sum(charge.epsilon_micro for charge in window)
    return Account(datetime(2026, 1, 20, tzinfo=UTC), CAP, spent, spent, tuple(window))


DECEMBER = Period(datetime(2025, 12, 1, tzinfo=UTC), Grain.MONTH)


def test_a_year_of_monthly_releases_leaves_room_for_the_next_on_its_day():
    spent = account(charges(day=3))
    assert spent.left_micro == 0
    assert late(spent, MONTHLY, DECEMBER, GRACE) == timedelta(hours=4, minutes=20).total_seconds()


def test_one_charge_beside_the_plan_makes_the_next_release_a_month_late():
    spent = account(charges(day=3, extra=1))
    assert late(spent, MONTHLY, DECEMBER, GRACE) == timedelta(days=28, hours=4, minutes=20).total_seconds()


def test_what_fits_now_is_not_late_and_what_passes_the_cap_never_fits():
    assert late(account([]), MONTHLY, DECEMBER, GRACE) == 0
    assert late(account([]), CAP + 1, DECEMBER, GRACE) == pytest.approx(float("inf"))
