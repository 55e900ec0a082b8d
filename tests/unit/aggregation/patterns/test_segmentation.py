"""Segments of players, and the refusals that are answers."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from aggregation_svc.domain.patterns import lloyd
from aggregation_svc.domain.patterns.plan import Place, SegmentationPlan
from aggregation_svc.domain.patterns.segmentation import Feature, Looks, Outcome, Segmentation, segmented
from aggregation_svc.domain.privacy.accountant import Accountant
from aggregation_svc.domain.privacy.noise import Noise
from mesh.refusal import InvalidArgument

FEATURES = (Feature("minutes", 0, 1400), Feature("engagement", 0, 1), Feature("sentiment", -1, 1))
Rows = NDArray[np.int64]
Groups = Callable[[int], Rows]
Seeded = Callable[[int], Noise]


def segment(
    rows: Rows, noise: Noise, *, micro: int = 1_000_000, segments: int | None = None, account: Accountant | None = None
) -> Segmentation:
    looks = Looks(rows, SegmentationPlan(micro, segments), noise, account or Accountant(), "engagement")
    return segmented(looks, FEATURES, np.random.default_rng(3))


def test_groups_that_are_there_are_found_with_their_number(four_groups: Groups, seeded_noise: Seeded) -> None:
    result = segment(four_groups(10_000), seeded_noise(1))
    assert result.outcome is Outcome.FOUND
    assert len(result.segments) == 4
    assert [round(one.share.value, 1) for one in result.segments if one.share] == [0.4, 0.3, 0.2, 0.1]
    assert result.stability > 0.95


def test_centres_are_told_in_the_features_own_units_with_intervals_that_hold(
    four_groups: Groups, seeded_noise: Seeded
) -> None:
    largest = segment(four_groups(10_000), seeded_noise(1)).segments[0]
    minutes, engagement, sentiment = (one.value for one in largest.centre)
    assert minutes.value == pytest.approx(280, abs=15)
    assert engagement.value == pytest.approx(0.2, abs=0.01)
    assert sentiment.value == pytest.approx(-0.4, abs=0.02)
    assert minutes.lower < minutes.value < minutes.upper
    assert minutes.privacy_margin > 0
    assert minutes.sampling_margin > 0


def test_segments_are_named_by_what_sets_them_apart(four_groups: Groups, seeded_noise: Seeded) -> None:
    names = [one.name for one in segment(four_groups(10_000), seeded_noise(1)).segments]
    assert names[0] == "low minutes, low engagement, low sentiment"
    assert names[3] == "high minutes, high engagement, high sentiment"
    assert len(set(names)) == 4


def test_every_place_is_charged_and_the_sum_is_the_plan(four_groups: Groups, seeded_noise: Seeded) -> None:
    account = Accountant()
    noise = seeded_noise(1)
    segment(four_groups(5_000), noise, micro=123_457, account=account)
    account.settle(123_457, 0.0)
    plan = SegmentationPlan(123_457)
    assert noise.calls == [
        (4, plan.share(Place.MARGINALS)),
        (1, plan.share(Place.GRID)),
        (lloyd.SENSITIVITY, plan.share(Place.FIRST_STEP)),
        (lloyd.SENSITIVITY, plan.share(Place.SECOND_STEP)),
    ]


@pytest.mark.parametrize("players", [0, 1, 30, 150])
def test_too_few_players_are_an_answer_that_costs_the_same(
    players: int, four_groups: Groups, seeded_noise: Seeded
) -> None:
    account = Accountant()
    result = segment(four_groups(players), seeded_noise(2), account=account)
    assert result.outcome is Outcome.TOO_FEW_PLAYERS
    assert result.segments == ()
    account.settle(1_000_000, 0.0)


def test_the_refusal_is_decided_by_the_noisy_number_of_players(four_groups: Groups, seeded_noise: Seeded) -> None:
    outcomes = {segment(four_groups(500), seeded_noise(seed)).outcome for seed in range(12)}
    assert len(outcomes) > 1


def test_players_without_structure_have_no_segments(seeded_noise: Seeded) -> None:
    rows = np.clip(np.rint(np.random.default_rng(5).normal(500, 90, (10_000, 3))), 0, 1000).astype(np.int64)
    assert segment(rows, seeded_noise(1)).outcome is Outcome.NO_SEGMENTS


def test_constant_features_have_no_segments_and_cost_the_same(seeded_noise: Seeded) -> None:
    account = Accountant()
    result = segment(np.full((5_000, 3), 400), seeded_noise(1), account=account)
    assert result.outcome is Outcome.NO_SEGMENTS
    account.settle(1_000_000, 0.0)


def test_a_given_number_of_segments_is_found(four_groups: Groups, seeded_noise: Seeded) -> None:
    assert len(segment(four_groups(10_000), seeded_noise(1), segments=3).segments) == 3


@pytest.mark.parametrize("segments", [0, 1, 9])
def test_a_number_of_segments_that_is_never_tried_is_refused_in_words(segments: int) -> None:
    with pytest.raises(InvalidArgument, match=f"segments is {segments}; 2 to 8 are found"):
        SegmentationPlan(1_000_000, segments)


def test_stability_falls_where_noise_decides(four_groups: Groups, seeded_noise: Seeded) -> None:
    clear = segment(four_groups(20_000), seeded_noise(1), segments=4).stability
    blurred = segment(four_groups(20_000), seeded_noise(1), segments=8).stability
    assert clear > 0.95
    assert blurred < clear - 0.1


def test_bounds_twice_too_wide_still_find_the_groups(four_groups: Groups, seeded_noise: Seeded) -> None:
    result = segment(four_groups(10_000) // 2 + 250, seeded_noise(1))
    assert [round(one.share.value, 1) for one in result.segments if one.share] == [0.4, 0.3, 0.2, 0.1]
