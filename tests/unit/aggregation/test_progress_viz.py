"""A player's own chart: which buckets, what is a total, what is a mean, what is not known."""

from datetime import UTC, date, datetime, timedelta

import pytest

from aggregation_svc.domain.progress_viz import PlayedSession, Progress, first_moment, progress_viz

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


def session(days_ago: float, minutes: float | None = None, engagement: float | None = None) -> PlayedSession:
    return PlayedSession(NOW - timedelta(days=days_ago), minutes, None, engagement, None)


@pytest.mark.parametrize(
    ("days", "count", "first"),
    [
        (7, 7, date(2026, 11, 16)),
        (30, 30, date(2026, 10, 24)),
        (90, 13, date(2026, 8, 24)),
        (365, 13, date(2025, 11, 1)),
    ],
)
def test_buckets_are_days_weeks_or_months(days: int, count: int, first: date) -> None:
    viz = progress_viz(days, NOW, [], [])
    assert (len(viz.buckets), viz.buckets[0]) == (count, first)
    assert all(len(values) == count for values in viz.series.values())


def test_totals_add_up_and_means_ignore_what_is_missing() -> None:
    viz = progress_viz(7, NOW, [session(0, 10, 0.5), session(0, 20), session(1)], [])
    assert viz.series["sessions"][-2:] == [1.0, 2.0]
    assert viz.series["minutes"][-3:] == [0.0, None, 30.0]
    assert viz.series["engagement"][-2:] == [None, 0.5]
    assert (viz.total_sessions, viz.avg_session_duration) == (3, 15.0)


def test_progress_is_the_mean_of_a_buckets_snapshots() -> None:
    viz = progress_viz(7, NOW, [], [Progress(NOW, 0.2, None), Progress(NOW, 0.4, 1.0)])
    assert viz.series["overall_progress"][-1] == pytest.approx(0.3)
    assert viz.series["goal_completion_rate"][-1] == 1.0


def test_nothing_known_is_nothing_shown() -> None:
    viz = progress_viz(30, NOW, [], [])
    assert viz.avg_session_duration == 0.0
    assert set(viz.series["overall_progress"]) == {None}


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_every_moment_of_the_range_has_a_bucket(days: int) -> None:
    moments = [first_moment(days, NOW), NOW - timedelta(microseconds=1)]
    viz = progress_viz(days, NOW, [PlayedSession(at, 1, 1, 1, 1) for at in moments], [])
    assert sum(count or 0 for count in viz.series["sessions"]) == 2
