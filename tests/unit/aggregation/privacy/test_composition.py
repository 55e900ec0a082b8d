import math

import pytest

from aggregation_svc.domain.privacy.composition import tighter_epsilon


def test_one_charge_is_itself() -> None:
    assert tighter_epsilon([650_000], 1e-9) == pytest.approx(0.65, abs=0.002)


def test_it_never_passes_basic_composition() -> None:
    for charges in ([], [100_000], [650_000] * 3, [2_000_000] * 6):
        assert tighter_epsilon(charges, 1e-6) <= sum(charges) / 1e6


def test_52_weekly_releases_cost_less_than_their_sum() -> None:
    weekly = tighter_epsilon([100_000] * 52, 1e-6)
    assert 3.0 < weekly < 3.9


def test_it_is_the_closed_form_of_two_charges() -> None:
    epsilon, delta = 0.5, 0.02
    twice = (1 / (1 + math.exp(-epsilon))) ** 2
    expected = 2 * epsilon + math.log1p(-delta / twice)
    assert tighter_epsilon([500_000, 500_000], delta) == pytest.approx(expected, abs=0.002)


def test_more_delta_needs_less_epsilon() -> None:
    charges = [200_000] * 36
    assert tighter_epsilon(charges, 1e-5) < tighter_epsilon(charges, 1e-6) < 7.2
