"""A simulated population: a seeded generative model with known segments and effects. None of it is real.

Each player has a focus, a habit (how often they play) and an engagement, drawn once from the tables below; the month's
sessions, progress and outcome follow from them. What an analysis of the simulated data should find stands in `EFFECTS`:

- sessions a month follow the habit (Poisson, kept within the habit's range);
- minutes, interactions, interventions and markers of a session follow the engagement;
- progress rises with habit and engagement, and less for depression than for the other focuses;
- the chance of a good outcome is logistic in progress.

Columns carry the names of facts that files, protos and tables use, so that a population goes in as real data does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOCUSES = ("anxiety", "depression", "sleep", "stress")
HABITS = ("daily", "weekly", "occasional")
ENGAGEMENTS = ("high", "medium", "low")

FOCUS_SHARES = (0.32, 0.28, 0.18, 0.22)
HABIT_SHARES = (0.33, 0.42, 0.25)
ENGAGEMENT_SHARES = (0.36, 0.38, 0.26)

PLAYERS = 24_000
"""Players of the default population; in each month about nine of ten play."""
ACTIVE = 0.9
"""The chance that a player plays in a month."""

EFFECTS: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "sessions_per_month": (22.0, 9.0, 2.8),
        "fewest_sessions": (18.0, 5.0, 1.0),
        "most_sessions": (31.0, 16.0, 3.0),
        "minutes_per_session": (34.0, 26.0, 17.0),
        "interactions_per_minute": (0.9, 0.8, 0.7),
        "interventions_per_session": (2.6, 1.9, 1.2),
        "markers_per_session": (2.4, 1.6, 0.9),
        "engagement_score": (0.82, 0.52, 0.24),
        "sentiment_by_focus": (0.25, 0.12, 0.34, 0.28),
        "progress_by_habit": (0.18, 0.10, 0.0),
        "progress_by_engagement": (0.20, 0.10, 0.0),
        "progress_by_focus": (0.0, -0.08, 0.03, 0.02),
    }
)
"""By habit, engagement or focus, in the order of `HABITS`, `ENGAGEMENTS`, `FOCUSES`."""

BASE_PROGRESS = 0.35

Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Month:
    """The facts of one simulated month, column by column; `player` is an index into `player_name`."""

    sessions: Mapping[str, Column]
    progress: Mapping[str, Column]
    outcomes: Mapping[str, Column]


def player_name(index: int) -> str:
    """Return the user id of a simulated player."""
    return f"simulated-{index:06d}"


def simulated_month(first_day: datetime, *, players: int = PLAYERS, seed: int = 1) -> Month:
    """Simulate the month that begins at `first_day` (UTC). The same arguments give the same facts.

    Args:
        first_day: midnight of the first of a month.
        players: size of the population; player i is the same person in every month of a seed.
        seed: of the population and of everything that happens.
    """
    focus, habit, engagement = _people(players, seed)
    random = np.random.default_rng([seed, first_day.year, first_day.month])
    player = np.flatnonzero(random.random(players) < ACTIVE)
    focus, habit, engagement = focus[player], habit[player], engagement[player]
    days = ((first_day + timedelta(days=31)).replace(day=1) - first_day).days

    number = np.clip(
        random.poisson(_effect("sessions_per_month", habit)),
        _effect("fewest_sessions", habit),
        _effect("most_sessions", habit),
    ).astype(np.int64)
    of = np.repeat(np.arange(len(player)), number)
    minutes = np.clip(random.gamma(4.0, _effect("minutes_per_session", engagement[of]) / 4.0), 1.0, 240.0)
    personal = random.normal(0.0, 0.06, len(player))
    mood = random.normal(0.0, 0.12, len(player))
    midnight = np.datetime64(first_day.replace(tzinfo=None), "s")
    started = midnight + (random.random(len(of)) * days * 86_400).astype("timedelta64[s]")
    sessions = {
        "player": player[of],
        "started_at": started,
        "duration_minutes": np.round(minutes, 1),
        "interaction_count": random.poisson(minutes * _effect("interactions_per_minute", engagement[of])),
        "therapeutic_interventions_count": random.poisson(_effect("interventions_per_session", engagement[of])),
        "progress_markers_count": random.poisson(_effect("markers_per_session", engagement[of])),
        "engagement_score": _score(_effect("engagement_score", engagement[of]) + personal[of], 0.05, 0.0, random),
        "sentiment_score": _score(_effect("sentiment_by_focus", focus[of]) + mood[of], 0.15, -1.0, random),
        "therapeutic_focus": np.array(FOCUSES)[focus[of]],
    }
    reached = BASE_PROGRESS + sum(
        (
            _effect("progress_by_habit", habit),
            _effect("progress_by_engagement", engagement),
            _effect("progress_by_focus", focus),
            random.normal(0.0, 0.1, len(player)),
        )
    )
    reached = np.clip(reached, 0.0, 1.0)
    last_day = midnight + np.timedelta64((days - 1) * 86_400, "s")
    moments = last_day + (random.random(len(player)) * 86_000).astype("timedelta64[s]")
    progress = {
        "player": player,
        "recorded_at": moments,
        "overall_progress": np.round(reached, 3),
        "goal_completion_rate": _score(reached * 0.9, 0.05, 0.0, random),
    }
    judged = np.flatnonzero(random.random(len(player)) < 0.6)
    return Month(sessions, progress, _outcomes(player[judged], reached[judged], moments[judged], random))


def months_before(moment: datetime, count: int) -> Iterator[datetime]:
    """Yield the first days of the `count` full months before `moment`, oldest first."""
    first = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    firsts = []
    for _ in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
        firsts.append(first)
    yield from reversed(firsts)


def _people(players: int, seed: int) -> tuple[Column, Column, Column]:
    random = np.random.default_rng([seed, 0])
    return (
        random.choice(len(FOCUSES), players, p=FOCUS_SHARES),
        random.choice(len(HABITS), players, p=HABIT_SHARES),
        random.choice(len(ENGAGEMENTS), players, p=ENGAGEMENT_SHARES),
    )


def _effect(name: str, group: Column) -> NDArray[np.float64]:
    return np.array(EFFECTS[name])[group]


def _score(mean: Column, spread: float, floor: float, random: np.random.Generator) -> Column:
    return np.round(np.clip(random.normal(mean, spread), floor, 1.0), 3)


def _outcomes(player: Column, progress: Column, recorded: Column, random: np.random.Generator) -> Mapping[str, Column]:
    good = random.random(len(player)) < 1 / (1 + np.exp(-6 * (progress - 0.45)))
    grade = random.random(len(player))
    category = np.where(
        good,
        np.select([grade < 0.2, grade < 0.55], ["excellent", "good"], "positive"),
        np.select([grade < 0.45, grade < 0.8], ["neutral", "moderate"], "needs_attention"),
    )
    return {
        "player": player,
        "recorded_at": recorded,
        "outcome_category": category,
        "therapeutic_goals_achieved": random.binomial(10, progress),
    }
