"""Alarms that do not flood."""

from monitoring_svc.domain.detectors import Episode, StormGate


def test_an_episode_alarms_when_it_begins() -> None:
    episode = Episode(threshold=1.0, quiet=600)
    assert [episode.alarms(score, 60.0 * index) for index, score in enumerate([0.5, 1.0, 1.5, 1.9])] == [
        False,
        True,
        False,
        False,
    ]


def test_an_episode_alarms_again_when_it_is_twice_as_bad() -> None:
    episode = Episode(threshold=1.0, quiet=600)
    assert [episode.alarms(score, 60.0 * index) for index, score in enumerate([1.0, 2.0, 3.0, 4.0])] == [
        True,
        True,
        False,
        True,
    ]


def test_a_new_episode_begins_after_quiet() -> None:
    episode = Episode(threshold=1.0, quiet=600)
    assert episode.alarms(5.0, 0.0)
    assert not episode.alarms(5.0, 599.0)
    assert not episode.alarms(5.0, 1198.0)
    assert episode.alarms(1.0, 1798.0)


def test_a_storm_over_many_series_is_cut_and_counted() -> None:
    gate = StormGate(burst=3, window=60)
    assert [gate.passes(float(second)) for second in range(6)] == [True, True, True, False, False, False]
    assert gate.summary() == 3
    assert gate.summary() == 0


def test_a_storm_gate_opens_again_when_the_window_has_passed() -> None:
    gate = StormGate(burst=1, window=60)
    assert gate.passes(0.0)
    assert not gate.passes(59.0)
    assert gate.passes(60.0)
