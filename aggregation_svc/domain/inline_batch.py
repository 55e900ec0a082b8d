"""An inline batch: what a caller knows of some players, and which of it can be used."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aggregation_svc.domain.bounding import PlayerFacts, ProgressFacts, SessionFacts
from aggregation_svc.domain.facts import LONGEST_NAME, text_violations
from aggregation_svc.domain.moments import Plausible
from mesh.refusal import Violation

DAYS = 30
"""A batch counts as a month: caps and derived frequencies are those of 30 days."""

LEVEL_EPSILON_MICRO = {"low": 2_000_000, "medium": 1_000_000, "high": 500_000, "maximum": 100_000}
"""What each level of privacy costs."""

LARGEST_COUNT = 1_000_000
LONGEST_ID = 256
MOST_OF_A_RECORD = 1000
"""Sessions of one record."""
MOST_SESSIONS = 50_000
"""Sessions of one batch."""
MOST_VIOLATIONS = 10
"""Violations that are listed of one record."""
RANGES: Mapping[str, tuple[float, float]] = {
    "duration_minutes": (0, 1440),
    "interaction_count": (0, LARGEST_COUNT),
    "therapeutic_interventions_count": (0, LARGEST_COUNT),
    "progress_markers_count": (0, LARGEST_COUNT),
    "engagement_score": (0, 1),
    "sentiment_score": (-1, 1),
    "overall_progress": (0, 1),
    "goal_completion_rate": (0, 1),
    "total_sessions": (0, LARGEST_COUNT),
}
"""Least and largest value of each number, as for any fact."""


class InlineSession(NamedTuple):
    """One session of a record; times in microseconds since 1970."""

    session_id: str | None = None
    started_at: int | None = None
    duration_minutes: float | None = None
    interaction_count: int | None = None
    therapeutic_interventions_count: int | None = None
    progress_markers_count: int | None = None
    engagement_score: float | None = None
    sentiment_score: float | None = None

    def numbers(self) -> Mapping[str, float | None]:
        """Return the numbers by name."""
        return {name: getattr(self, name) for name in list(RANGES)[:6]}


@dataclass(frozen=True, slots=True)
class InlineProgress:
    """Where the player stands."""

    overall_progress: float | None = None
    goal_completion_rate: float | None = None
    engagement_level: str | None = None
    total_sessions: int | None = None
    recorded_at: int | None = None

    def numbers(self) -> Mapping[str, float | None]:
        """Return the numbers by name."""
        return {name: getattr(self, name) for name in list(RANGES)[6:]}


@dataclass(frozen=True, slots=True)
class InlineRecord:
    """What a caller knows of one player."""

    user_id: str
    therapeutic_focus: str | None = None
    session_frequency: str | None = None
    engagement_level: str | None = None
    sessions: tuple[InlineSession, ...] = ()
    progress: InlineProgress | None = None
    malformed: tuple[tuple[str, str], ...] = ()
    """(field, what is wrong) of what could not even be parsed."""


def violations(record: InlineRecord, index: int, plausible: Plausible) -> Iterator[Violation]:
    """Yield what is wrong with a record, named by its place in the request; the id is judged elsewhere."""
    where = f"user_data[{index}]"
    for field, problem in record.malformed:
        yield Violation(f"{where}.{field}", "type", problem)
    if record.therapeutic_focus is not None:
        if len(record.therapeutic_focus) > LONGEST_NAME:
            yield Violation(f"{where}.therapeutic_focus", "string.max_len", f"is longer than {LONGEST_NAME} characters")
        yield from text_violations(record.therapeutic_focus, f"{where}.therapeutic_focus")
    for position, session in enumerate(record.sessions):
        field = f"{where}.sessions[{position}]"
        yield from _numbers(session.numbers(), field)
        if session.session_id is not None and len(session.session_id) > LONGEST_ID:
            yield Violation(f"{field}.session_id", "string.max_len", f"is longer than {LONGEST_ID} characters")
        if session.started_at is not None and session.started_at not in plausible:
            yield plausible.violation(session.started_at, f"{field}.started_at")
    if record.progress is not None:
        yield from _numbers(record.progress.numbers(), f"{where}.progress_data")
        at = record.progress.recorded_at
        if at is not None and at not in plausible:
            yield plausible.violation(at, f"{where}.progress_data.recorded_at")


class NamedSessions:
    """The sessions of a batch that have an id: two contents of one contradict, and nothing says which is newer."""

    def __init__(self) -> None:
        """Know of none."""
        self._first: dict[tuple[str, str], tuple[object, str, int]] = {}
        self._wrong: dict[str, tuple[int, Violation]] = {}

    def add(self, user: str, index: int, record: InlineRecord) -> None:
        """Take the sessions of the record at `index` of the request, of the player with the canonical id `user`."""
        for position, one in enumerate(record.sessions):
            if one.session_id is None:
                continue
            content = (one, record.therapeutic_focus, record.session_frequency, record.engagement_level)
            where = f"user_data[{index}].sessions[{position}]"
            known, first, its_index = self._first.setdefault((user, one.session_id), (content, where, index))
            if known != content:
                self._wrong.setdefault(first, (its_index, _told_twice(first, where)))
                self._wrong[where] = (index, _told_twice(where, first))

    def contradictions(self) -> dict[int, list[Violation]]:
        """Return what contradicts by the index of its record. Of two records both: none is the right one for sure."""
        by_record: dict[int, list[Violation]] = {}
        for index, violation in self._wrong.values():
            by_record.setdefault(index, []).append(violation)
        return {index: violations[:MOST_VIOLATIONS] for index, violations in by_record.items()}


def _told_twice(where: str, other: str) -> Violation:
    return Violation(f"{where}.session_id", "already_exists", f"is that of {other} too, with other content")


def player_facts(records: Sequence[InlineRecord]) -> PlayerFacts:
    """Return all records of one player as what bounding reads."""
    sessions = [
        SessionFacts(
            record.therapeutic_focus,
            record.session_frequency,
            record.engagement_level,
            one.duration_minutes,
            one.interaction_count,
            one.therapeutic_interventions_count,
            one.progress_markers_count,
            one.engagement_score,
            one.sentiment_score,
        )
        for record in records
        for one in record.sessions
    ]
    progress = [
        ProgressFacts(
            record.progress.overall_progress,
            record.progress.goal_completion_rate,
            record.progress.engagement_level or record.engagement_level,
        )
        for record in records
        if record.progress is not None
    ]
    return PlayerFacts(sessions, progress)


def _numbers(numbers: Mapping[str, float | None], where: str) -> Iterator[Violation]:
    for name, value in numbers.items():
        if value is None:
            continue
        least, largest = RANGES[name]
        if not math.isfinite(value) or not least <= value <= largest:
            description = f"is {value:g}; it lies between {least:g} and {largest:g}"
            yield Violation(f"{where}.{name}", "double.gte_lte", description)
