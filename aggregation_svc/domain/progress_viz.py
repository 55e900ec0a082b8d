"""One player's own progress over time, in buckets that a chart can show."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import fmean
from typing import NamedTuple, TypeVar

_T = TypeVar("_T")

RANGES = (7, 30, 90, 365)
"""Days that a player may look back."""


class PlayedSession(NamedTuple):
    """What a chart needs of a session; None is missing."""

    started_at: datetime
    minutes: float | None
    interactions: int | None
    engagement: float | None
    sentiment: float | None


class Progress(NamedTuple):
    """What a chart needs of a progress snapshot; None is missing."""

    recorded_at: datetime
    overall_progress: float | None
    goal_completion_rate: float | None


@dataclass(frozen=True, slots=True)
class ProgressViz:
    """Lines of a chart over common buckets."""

    buckets: tuple[date, ...]
    """The first day of each."""
    series: Mapping[str, Sequence[float | None]]
    """A number a bucket; None where nothing is known."""
    total_sessions: int
    avg_session_duration: float
    """Minutes, of the sessions whose duration is known; 0 where none is."""
    start: datetime
    end: datetime


def first_moment(days: int, now: datetime) -> datetime:
    """Return where a look back over so many days begins: the first midnight of as many days, today included."""
    today = now.astimezone(UTC).date()
    return datetime.combine(today - timedelta(days=days - 1), time(), UTC)


def progress_viz(
    days: int, now: datetime, sessions: Sequence[PlayedSession], progress: Sequence[Progress]
) -> ProgressViz:
    """Return the chart of the last `days` days: by day up to 30, by ISO week up to 90, else by month.

    Totals are 0 in a bucket without sessions and None where none of its sessions tells; means are None without values.
    """
    start, opens = first_moment(days, now), _opening(days)
    buckets = tuple(dict.fromkeys(opens(start.date() + timedelta(days=day)) for day in range(days)))
    played = _sorted_into(buckets, opens, ((session.started_at, session) for session in sessions))
    stood = _sorted_into(buckets, opens, ((one.recorded_at, one) for one in progress))
    minutes = [session.minutes for session in sessions if session.minutes is not None]
    return ProgressViz(
        buckets,
        {
            "sessions": [float(len(played[bucket])) for bucket in buckets],
            "minutes": [_total([one.minutes for one in played[bucket]]) for bucket in buckets],
            "interactions": [_total([one.interactions for one in played[bucket]]) for bucket in buckets],
            "engagement": [_mean(one.engagement for one in played[bucket]) for bucket in buckets],
            "sentiment": [_mean(one.sentiment for one in played[bucket]) for bucket in buckets],
            "overall_progress": [_mean(one.overall_progress for one in stood[bucket]) for bucket in buckets],
            "goal_completion_rate": [_mean(one.goal_completion_rate for one in stood[bucket]) for bucket in buckets],
        },
        len(sessions),
        fmean(minutes) if minutes else 0.0,
        start,
        now,
    )


def _opening(days: int) -> Callable[[date], date]:
    """Return what gives the first day of a day's bucket."""
    if days <= 30:
        return lambda day: day
    if days <= 90:
        return lambda day: day - timedelta(days=day.weekday())
    return lambda day: day.replace(day=1)


def _sorted_into(
    buckets: Sequence[date], opens: Callable[[date], date], facts: Iterable[tuple[datetime, _T]]
) -> dict[date, list[_T]]:
    sorted_in: dict[date, list[_T]] = {bucket: [] for bucket in buckets}
    for at, fact in facts:
        sorted_in[opens(at.astimezone(UTC).date())].append(fact)
    return sorted_in


def _total(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(sum(known)) if known or not values else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
