"""Bounding one player: the plan's caps applied to the player's own facts of a period.

This is the definition; the SQL expression in `adapters/bounding.py` computes the same for a whole store and is tested
against it. Inline batches are bounded here.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.cohorts import (
    FREQUENCIES,
    FREQUENCY_SYNONYMS,
    GIVEN_LEVELS,
    UNSPECIFIED,
    derived_frequency,
    derived_level,
)
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.release_plan import MEASURES, OUTCOMES, RESOLUTION, Measure

GRID_BITS = 30
"""Numbers with a fraction are taken to the nearest multiple of 2 to minus this before they are added up.

Sums of such multiples are exact in whatever order an engine adds them, as those of integers are, up to 2^23: the
scores of 8 million facts of a player, and far more minutes than any cap. So a player's row follows from the player's
facts alone, and taking another player out cannot move it (Casacuberta et al., 2022: sums of floats in another order
differ, and what is rounded after them differs by a whole step).
"""
GRID = 1.5 * 2.0 ** (52 - GRID_BITS)
"""Added to a float and taken off again, this leaves the nearest multiple: the floats around it lie so far apart."""

ROUNDING = 0.500001
"""Added before the fraction is dropped: a half goes up also where the grid took it down a little."""

TOO_LITTLE = 1e-6
"""A cap counts as exceeded from this much of 1/K above it: what the grid adds exceeds none."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What bounding reads of a session; None is missing."""

    focus: str | None = None
    frequency: str | None = None
    level: str | None = None
    minutes: float | None = None
    interactions: int | None = None
    interventions: int | None = None
    markers: int | None = None
    engagement: float | None = None
    sentiment: float | None = None


@dataclass(frozen=True, slots=True)
class ProgressFacts:
    """What bounding reads of a progress snapshot."""

    overall_progress: float | None = None
    goal_completion: float | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class PlayerFacts:
    """One player's facts of one period."""

    sessions: Sequence[SessionFacts] = ()
    progress: Sequence[ProgressFacts] = ()
    outcomes: Sequence[tuple[datetime, str]] = ()
    """(recorded at, category), of which the last counts; at one moment the first by name."""


@dataclass(frozen=True, slots=True)
class BoundedPlayer:
    """One player's row: a cohort, an integer in [0, K] per measure (None is missing), at most one outcome."""

    focus: str
    frequency: str
    level: str
    x: tuple[int | None, ...]
    capped: bool
    outcome: str | None

    def numbers(self) -> list[int]:
        """Return the row that `BoundedSums.of_rows` adds up."""
        moments = [number for x in self.x for number in ((0, 0, 0) if x is None else (1, x, x * x))]
        return [1, *moments, int(self.capped), *(int(self.outcome == category) for category in OUTCOMES)]


def bounded(player: PlayerFacts, grain: Grain, days: int) -> BoundedPlayer:
    """Bound one player with at least one fact in a period of `days` days."""
    sessions = player.sessions
    values: dict[str, float | None] = {
        "sessions": float(len(sessions)),
        "minutes": _total(session.minutes for session in sessions),
        "interactions": _total(session.interactions for session in sessions),
        "interventions": _total(session.interventions for session in sessions),
        "markers": _total(session.markers for session in sessions),
        "engagement": _mean(session.engagement for session in sessions),
        "sentiment": _mean(session.sentiment for session in sessions),
        "overall_progress": _mean(snapshot.overall_progress for snapshot in player.progress),
        "goal_completion": _mean(snapshot.goal_completion for snapshot in player.progress),
    }
    focus = _most_frequent([session.focus or UNSPECIFIED for session in sessions]) or UNSPECIFIED
    frequency = _most_frequent(
        [FREQUENCY_SYNONYMS.get(session.frequency or "") for session in sessions], FREQUENCIES
    ) or derived_frequency(len(sessions), days)
    level = _most_frequent(
        [level for level in _levels(player) if level in GIVEN_LEVELS], GIVEN_LEVELS
    ) or derived_level(values["engagement"])
    x: list[int | None] = []
    cut = False
    for measure in MEASURES:
        value = values[measure.name]
        if value is None:
            x.append(None)
            continue
        reach, scaled = measure.reach(frequency), _scaled(value, measure, grain)
        x.append(min(max(math.floor(scaled + ROUNDING), 0), reach))
        cut = cut or scaled > reach + TOO_LITTLE
    last = min(player.outcomes, key=lambda outcome: (-outcome[0].timestamp(), outcome[1]), default=None)
    return BoundedPlayer(focus, frequency, level, tuple(x), cut, last[1] if last else None)


def bounded_sums(players: Iterable[PlayerFacts], grain: Grain, days: int) -> BoundedSums:
    """Bound every player and add the rows up by cohort."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for player in players:
        row = bounded(player, grain, days)
        key = (row.focus, row.frequency, row.level)
        numbers = row.numbers()
        rows[key] = [a + b for a, b in zip(rows.get(key, [0] * len(numbers)), numbers, strict=True)]
    return BoundedSums.of_rows((*key, numbers) for key, numbers in rows.items())


def _levels(player: PlayerFacts) -> list[str | None]:
    return [session.level for session in player.sessions] + [snapshot.level for snapshot in player.progress]


def _scaled(value: float, measure: Measure, grain: Grain) -> float:
    width = measure.caps[grain] - measure.floor
    return (value - measure.floor) * (RESOLUTION / width)


def on_grid(value: float) -> float:
    """Return the nearest multiple of the grid's step, a half to the even one."""
    return (value + GRID) - GRID


def _total(values: Iterable[float | int | None]) -> float | None:
    known = [on_grid(value) for value in values if value is not None]
    return sum(known) if known else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [on_grid(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _most_frequent(names: Sequence[str | None], order: Sequence[str] | None = None) -> str | None:
    """Return the most frequent name; ties go to the first in `order`, else by name."""
    counts = Counter(name for name in names if name is not None)
    if not counts:
        return None
    return min(counts, key=lambda name: (-counts[name], order.index(name) if order else name))
