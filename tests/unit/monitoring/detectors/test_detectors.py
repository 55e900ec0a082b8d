"""What every detector promises."""

import json
import math

import numpy as np
import pytest

from mesh.refusal import FailedPrecondition, InvalidArgument
from monitoring_svc.domain.detectors import DEFAULT, KINDS, restored, started

every_kind = pytest.mark.parametrize("kind", sorted(KINDS))


def series(points: int = 900) -> list[tuple[float, float]]:
    random = np.random.default_rng(7)
    values = 50 + np.sin(np.arange(points) / 20) * 5 + random.standard_normal(points)
    values[700] = 95
    values[800:] += 30
    return [(float(value), 300.0 * index) for index, value in enumerate(values)]


def size(state: dict) -> int:
    return len(json.dumps(state))


def test_the_default_is_value_novelty() -> None:
    assert DEFAULT == "value_novelty"
    assert started().kind == "value_novelty"


@every_kind
def test_a_restored_detector_goes_on_exactly_where_the_checkpoint_was_taken(kind: str) -> None:
    points = series()
    detector = started(kind)
    for value, at in points[:450]:
        detector.score(value, at)
    copy = restored(json.loads(json.dumps(detector.snapshot())))
    rest = [detector.score(value, at) for value, at in points[450:]]
    assert [copy.score(value, at) for value, at in points[450:]] == rest
    assert any(score > 0 for score in rest)


@every_kind
def test_a_snapshot_shares_nothing_with_the_living_detector(kind: str) -> None:
    points = series()
    detector = started(kind)
    for value, at in points[:300]:
        detector.score(value, at)
    state = detector.snapshot()
    before = json.dumps(state)
    for value, at in points[300:]:
        detector.score(value, at)
    assert json.dumps(state) == before


@every_kind
def test_scores_are_causal(kind: str) -> None:
    points = series()
    whole, start = started(kind), started(kind)
    all_scores = [whole.score(value, at) for value, at in points]
    assert [start.score(value, at) for value, at in points[:500]] == all_scores[:500]


@every_kind
def test_memory_stays_bounded(kind: str) -> None:
    random = np.random.default_rng(1)
    detector = started(kind)
    sizes = []
    for index in range(6000):
        detector.score(float(random.standard_cauchy()), 60.0 * index)
        if index in (2999, 5999):
            sizes.append(size(detector.snapshot()))
    assert sizes[1] < sizes[0] * 1.2


@every_kind
@pytest.mark.parametrize("value", [0.0, 1e100, -1e100, 5e-324, 42.0])
def test_a_constant_series_never_alarms_and_scores_stay_finite(kind: str, value: float) -> None:
    detector = started(kind)
    scores = [detector.score(value, 60.0 * index) for index in range(400)]
    assert max(scores) < detector.threshold
    assert all(math.isfinite(score) for score in scores)


@every_kind
def test_extreme_values_give_no_nan(kind: str) -> None:
    detector = started(kind)
    random = np.random.default_rng(3)
    for index in range(400):
        value = float(random.choice([-1e100, 1e100, 1e-300, 0.0, 1.0]))
        assert not math.isnan(detector.score(value, 60.0 * index))
    json.dumps(detector.snapshot(), allow_nan=False)


@every_kind
@pytest.mark.parametrize(("value", "at"), [(math.nan, 0.0), (math.inf, 0.0), (1.0, math.nan), (1e101, 0.0)])
def test_what_cannot_be_learned_is_refused_and_changes_nothing(kind: str, value: float, at: float) -> None:
    detector = started(kind)
    for point, time in series()[:200]:
        detector.score(point, time)
    before = detector.snapshot()
    with pytest.raises(InvalidArgument, match="finite"):
        detector.score(value, at)
    assert detector.snapshot() == before


@every_kind
def test_a_checkpoint_of_another_version_is_refused_with_the_way_out(kind: str) -> None:
    with pytest.raises(FailedPrecondition, match="anew"):
        restored(started(kind).snapshot() | {"version": 99})


@every_kind
def test_a_damaged_checkpoint_is_refused(kind: str) -> None:
    with pytest.raises(FailedPrecondition):
        restored({"kind": kind, "version": 1})


def test_an_unknown_detector_is_refused_with_those_known() -> None:
    with pytest.raises(InvalidArgument, match="value_novelty"):
        started("oracle")
    with pytest.raises(InvalidArgument, match="value_novelty"):
        restored({"kind": "oracle"})


@pytest.mark.parametrize("kind", ["value_novelty", "rolling_zscore"])
def test_scores_do_not_saturate_ten_times_farther_is_scored_several_times_higher(kind: str) -> None:
    def jump(size: float) -> float:
        detector = started(kind)
        random = np.random.default_rng(5)
        for index in range(500):
            detector.score(float(random.standard_normal()), 300.0 * index)
        return detector.score(size, 300.0 * 500)

    assert jump(1000) > 3 * jump(100) > 9 * jump(10) > 0
