"""A player's facts as they are stored, and the history that follows from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aggregation_svc.domain.prediction.examples import Known, known
from aggregation_svc.domain.prediction.history import History, Play, Result, Standing

DAY = 86_400_000_000
"""Microseconds."""

Row = tuple[Any, ...]


@dataclass(slots=True)
class PlayerFacts:
    """Rows about one subject; the first value of each is its time in microseconds since 1970."""

    subject: int
    sessions: list[Row] = field(default_factory=list)
    """(started_at, focus, minutes, interactions, interventions, markers, engagement, sentiment)."""
    snapshots: list[Row] = field(default_factory=list)
    """(recorded_at, overall_progress, goal_completion_rate)."""
    outcomes: list[Row] = field(default_factory=list)
    """(recorded_at, category, score, instrument)."""

    def first(self) -> int | None:
        """Return when the first fact was; None where there is none."""
        times = [row[0] for rows in (self.sessions, self.snapshots, self.outcomes) for row in rows]
        return min(times, default=None)


def history(facts: PlayerFacts) -> History | None:
    """Return the history of a player; None where nothing is known."""
    first = facts.first()
    if first is None:
        return None

    return History(
        facts.subject,
        first / DAY,
        tuple(Play(*row) for row in _by_day(facts.sessions, first)),
        tuple(Standing(*row) for row in _by_day(facts.snapshots, first)),
        tuple(Result(*row) for row in _by_day(facts.outcomes, first)),
    )


def _by_day(rows: Iterable[Row], first: int) -> list[Row]:
    days = [((row[0] - first) / DAY, *row[1:]) for row in rows]
    return sorted(days, key=lambda row: row[0])


def known_of(
    players: Sequence[PlayerFacts],
    day: float,
    *,
    outcomes_until: int | None = None,
    entered_since: int | None = None,
    entered_until: int | None = None,
) -> list[Known]:
    """Return what was known at the end of `day` of the players who were still on their way then.

    Players whose first fact lies before `entered_since` or after `entered_until` are left out, and so are outcomes
    from `outcomes_until` on; all three in microseconds since 1970.
    """
    found = []
    for facts in players:
        first = facts.first()
        if first is None or (entered_since is not None and first < entered_since):
            continue
        if entered_until is not None and first > entered_until:
            continue
        if outcomes_until is not None:
            facts.outcomes = [row for row in facts.outcomes if row[0] < outcomes_until]
        past = history(facts)
        one = None if past is None else known(past, day)
        if one is not None:
            found.append(one)
    return found
