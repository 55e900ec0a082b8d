"""Features of a player: how much, how often, how regular, how good, which way, and how long ago.

Each is a function of the facts up to the cut-off, and NaN where those facts do not tell: a visit that was missed is not
a visit of zero. Nothing here looks at other players.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.prediction.history import History

Point = tuple[float, float]
"""(day, value)."""

RECENT = 1 / 3
"""The last part of the observed time that counts as recent."""

SERIES = (
    "minutes",
    "interactions",
    "interventions",
    "markers",
    "engagement",
    "sentiment",
    "overall_progress",
    "goal_completion",
    "score",
)
"""The measures of a player over time."""
SHAPES = ("total", "mean", "first", "last", "least", "most", "slope", "recent", "spread")
"""What is told of each: `slope` is per 30 days, `recent` the mean of the last third of the time."""
RHYTHM = (
    "sessions_count",
    "sessions_recent_share",
    "sessions_days_since_last",
    "sessions_first_day",
    "sessions_gap_mean_days",
    "sessions_gap_longest_days",
    "sessions_active_weeks",
    "progress_count",
    "score_count",
)
"""How often and how regularly."""
NAMES = (*RHYTHM, *(f"{series}_{shape}" for series in SERIES for shape in SHAPES))
"""The numeric features, in the order of every row."""
PARTS = ("early", "then", "late")
"""The first quarter of the observed time, the second, and its last half: the nearer, the more the time tells."""
STAGES = tuple(f"{series}_{part}" for series in SERIES for part in PARTS)
"""The mean of each measure in each part; a visit that was missed leaves its part missing."""


def vector(history: History, day: float) -> NDArray[np.float64]:
    """Return the numeric features of what was known at the end of `day`, (len(NAMES),), NaN where it does not tell."""
    known = history.until(day)
    parts = [_rhythm(known, day)]
    parts += [_shape(points, day) for points in _series(known)]
    return np.concatenate(parts)


def stages(history: History, day: float) -> NDArray[np.float64]:
    """Return the means of each measure by part of the time until the end of `day`, (len(STAGES),)."""
    ends = np.array([day / 4.0, day / 2.0])
    found = np.full((len(SERIES), len(PARTS)), np.nan)
    for row, points in enumerate(_series(history.until(day))):
        days, values = np.array(points).reshape(-1, 2).T
        part = np.searchsorted(ends, days, side="left")
        for one in np.unique(part):
            found[row, one] = values[part == one].mean()
    return found.ravel()


def focus(history: History, day: float) -> str | None:
    """Return the player's most frequent focus up to the end of `day`, ties by name; None where none is known."""
    counts = Counter(play.focus for play in history.plays if play.day <= day and play.focus is not None)
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def _series(known: History) -> list[list[Point]]:
    plays: list[list[Point]] = [
        [(play.day, float(value)) for play in known.plays if (value := play[position]) is not None]
        for position in range(2, 8)
    ]
    standings: list[list[Point]] = [
        [(one.day, value) for one in known.standings if (value := one[position]) is not None] for position in (1, 2)
    ]
    return [*plays, *standings, [(one.day, one.score) for one in known.results if one.score is not None]]


def _rhythm(known: History, day: float) -> NDArray[np.float64]:
    days = np.array([play.day for play in known.plays])
    gaps = np.diff(days)
    count = len(days)
    return np.array(
        [
            count,
            (days > day * (1 - RECENT)).mean() if count else np.nan,
            day - days[-1] if count else np.nan,
            days[0] if count else np.nan,
            gaps.mean() if count > 1 else np.nan,
            max(gaps.max(initial=0.0), day - days[-1]) if count else np.nan,
            len(np.unique(days // 7)),
            len(known.standings),
            sum(1 for result in known.results if result.score is not None),
        ]
    )


def _shape(points: Sequence[Point], day: float) -> NDArray[np.float64]:
    if not points:
        return np.full(len(SHAPES), np.nan)
    days, values = np.array(points).T
    away = days - days.mean()
    squares = float(away @ away)
    recent = values[days > day * (1 - RECENT)]
    return np.array(
        [
            values.sum(),
            values.mean(),
            values[0],
            values[-1],
            values.min(),
            values.max(),
            float(away @ values) / squares * 30.0 if squares > 0.0 else np.nan,
            recent.mean() if len(recent) else np.nan,
            values.std() if len(values) > 1 else np.nan,
        ]
    )
