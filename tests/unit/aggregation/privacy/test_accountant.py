from fractions import Fraction

import numpy as np
import pytest

from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.privacy.accountant import Accountant, CompositionError, Loss
from aggregation_svc.domain.privacy.noise import Drawn, OpenDpNoise
from aggregation_svc.domain.privacy.release import Terms, released
from aggregation_svc.domain.release_plan import MONTHLY_PLAN, PLAYERS, Level, ReleasePlan, inline_plan

EMPTY = BoundedSums.of_rows([])


def terms(plan: ReleasePlan) -> Terms:
    return Terms(Grain.MONTH, plan, ("anxiety", "sleep"), 0)


def test_losses_of_statistics_add_up_and_disjoint_blocks_count_once() -> None:
    accountant = Accountant()
    accountant.record("cohort", "minutes", "daily", Loss(Fraction(1, 10)))
    accountant.record("cohort", "minutes", "weekly", Loss(Fraction(1, 10)))
    accountant.record("all", "minutes", "everybody", Loss(Fraction(1, 20)))
    assert accountant.micro == 150_000
    accountant.settle(150_000, 0.0)


def test_measuring_twice_is_refused() -> None:
    accountant = Accountant()
    accountant.record("all", PLAYERS, "everybody", Loss(Fraction(1, 10)))
    with pytest.raises(CompositionError, match="twice"):
        accountant.record("all", PLAYERS, "everybody", Loss(Fraction(1, 10)))


def test_a_release_charges_exactly_what_the_mechanisms_say() -> None:
    statistics = released(EMPTY, terms(MONTHLY_PLAN), OpenDpNoise(), np.random.default_rng(1))
    assert statistics.epsilon_micro == MONTHLY_PLAN.charge_micro == 650_000
    assert 0 < statistics.delta <= 1e-7


@pytest.mark.parametrize("micro", [2_000_000, 1_000_000, 500_000, 100_000])
def test_an_inline_batch_charges_exactly_its_level(micro: int) -> None:
    statistics = released(EMPTY, terms(inline_plan(micro)), OpenDpNoise(), np.random.default_rng(1))
    assert statistics.epsilon_micro == micro
    assert statistics.delta == 0.0


class ForgetsOneStatistic(ReleasePlan):
    """A plan with the bug that the accountant exists for: the count at the top is measured and not charged."""

    __slots__ = ()

    @property
    def charge_micro(self) -> int:
        return self.selection_micro + sum(
            micro
            for level, shares in self.shares.items()
            for statistic, micro in shares.items()
            if (level, statistic) != (Level.ALL, PLAYERS)
        )


def test_a_statistic_that_is_measured_and_not_charged_voids_the_release() -> None:
    plan = ForgetsOneStatistic("bug", MONTHLY_PLAN.shares, MONTHLY_PLAN.selection_micro, MONTHLY_PLAN.delta)
    with pytest.raises(CompositionError, match="void"):
        released(EMPTY, terms(plan), OpenDpNoise(), np.random.default_rng(1))


class TwiceTheEpsilon(OpenDpNoise):
    """A mechanism that spends twice what it was given."""

    def laplace(self, values: object, sensitivity: int, micro: int) -> Drawn:
        return super().laplace(values, sensitivity, 2 * micro)  # type: ignore[arg-type]


def test_a_mechanism_that_overspends_voids_the_release() -> None:
    with pytest.raises(CompositionError, match="void"):
        released(EMPTY, terms(MONTHLY_PLAN), TwiceTheEpsilon(), np.random.default_rng(1))


def test_more_delta_than_declared_voids_the_release() -> None:
    accountant = Accountant()
    accountant.record("names", "focus_names", "everybody", Loss(Fraction(1, 10), 2e-7))
    with pytest.raises(CompositionError, match="delta"):
        accountant.settle(100_000, 1e-7)


def test_a_statistic_that_no_cohort_measures_is_no_plan() -> None:
    with pytest.raises(ValueError, match="makes no sense"):
        ReleasePlan("odd", {Level.ALL: {PLAYERS: 1000}}, 0, 0.0)
