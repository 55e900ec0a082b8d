"""Novelty of values."""

import math

import numpy as np

from monitoring_svc.domain.detectors import ValueNovelty
from monitoring_svc.domain.detectors.value_memory import CAPACITY, ValueMemory

MINUTES_5 = 300.0


def noise(points: int, seed: int = 0) -> list[float]:
    return [float(value) for value in np.random.default_rng(seed).standard_normal(points)]


def scores(values: list[float]) -> list[float]:
    detector = ValueNovelty()
    return [detector.score(value, MINUTES_5 * index) for index, value in enumerate(values)]


def test_a_value_never_seen_alarms_and_a_usual_one_does_not() -> None:
    values = [math.sin(index / 10) for index in range(1500)]
    values[1200] = 4.0
    result = scores(values)
    assert result[1200] > ValueNovelty.threshold
    assert max(result[400:1200]) < ValueNovelty.threshold


def test_the_first_fifty_points_are_learned_in_silence() -> None:
    assert scores([*noise(40), 1000.0])[-1] == 0.0


def test_an_episode_alarms_once_and_then_falls_silent() -> None:
    values = noise(800)
    values[600:] = [value + 20 for value in values[600:]]
    alarms = [index for index, score in enumerate(scores(values)) if score >= ValueNovelty.threshold and index >= 600]
    assert alarms[0] == 600
    assert len(alarms) < 6


def test_a_value_usual_by_day_is_found_at_night() -> None:
    random = np.random.default_rng(2)
    days = 20
    at = np.arange(days * 288) * MINUTES_5
    value = np.where((at // 3600 % 24 >= 8) & (at // 3600 % 24 < 20), 100.0, 10.0) + random.standard_normal(at.size)
    night = days * 288 - 200
    night -= int((at[night] // 3600 % 24 - 2) * 12)
    value[night : night + 24] = 100.0
    detector = ValueNovelty()
    result = [detector.score(float(v), float(t)) for v, t in zip(value, at, strict=True)]
    assert max(result[night : night + 24]) > 2 * max(result[night - 288 : night])


def test_scale_and_offset_of_a_series_do_not_matter() -> None:
    values = noise(600)
    plain, scaled = scores(values), scores([4096.0 * value for value in values])
    assert np.allclose(plain, scaled)


def test_the_memory_holds_at_most_its_capacity_sorted() -> None:
    memory = ValueMemory()
    for value in noise(3000):
        memory.meet(1000 * value, 0.001)
    assert len(memory.values) == len(memory.turns) == CAPACITY
    assert memory.values == sorted(memory.values)


def test_the_memory_forgets_the_least_recently_met() -> None:
    memory = ValueMemory()
    for value in range(CAPACITY):
        memory.meet(float(value), 0.5)
    memory.meet(0.0, 0.5)
    memory.meet(1000.0, 0.5)
    assert 0.0 in memory.values
    assert 1.0 not in memory.values


def test_the_nearest_remembered_value_moves_towards_a_near_one() -> None:
    memory = ValueMemory()
    memory.meet(10.0, 1.0)
    assert memory.meet(10.5, 1.0) == 0.5
    assert memory.values == [10.05]
