"""How the cache's records become facts and signals: the shapes of all its writers."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tta_analytics.sources.moments import minutes, moment

Record = Mapping[str, Any]
MEASURES = ("emotional_regulation_score", "coping_skills_demonstrated", "therapeutic_alliance_strength")
"""Figures of the analytics that have no field of their own; rules know them by these names."""


class Malformed(Exception):
    """A record of no known shape; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact or a signal before it is checked."""

    kind: str
    """`sessions`, `progress` or `signals`."""
    values: dict[str, Any]
    """Fields but the player; what is missing is left out."""
    measures: dict[str, float] = field(default_factory=dict)
    """Further figures of a signal."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """What one record gives."""

    player: Any
    changed: datetime | None
    """When the record was last written; a signal is sent once for each change."""
    drafts: tuple[Draft, ...]
    named: str = "player_id"
    """What the record calls the player."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A family of keys."""

    pattern: str
    read: Callable[[Record], Drafts]


def _length(value: Any) -> Any:
    return len(value) if isinstance(value, list) else value


def _mapping(value: Any) -> Record:
    return value if isinstance(value, dict) else {}


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _live_session(record: Record) -> Drafts:
    """Read `session:{id}`: the player API names a `player_id` and a `status`, the gameplay loop a `user_id`."""
    if "player_id" in record and "status" in record:
        return _player_api(record)
    if "user_id" in record and "session_start_time" in record:
        return _gameplay(record)
    raise Malformed("is neither a session of the player API nor one of the gameplay loop")


def _player_api(record: Record) -> Drafts:
    last = record.get("last_interaction")
    signal = Draft(
        "signals",
        _given(
            observed_at=last,
            session_duration_minutes=record.get("total_duration_minutes"),
            interaction_count=record.get("interaction_count"),
        ),
    )
    fact = Draft(
        "sessions",
        _given(
            session_id=record.get("session_id"),
            started_at=record.get("created_at"),
            duration_minutes=record.get("total_duration_minutes"),
            interaction_count=record.get("interaction_count"),
            therapeutic_interventions_count=_length(record.get("therapeutic_interventions_used")),
            progress_markers_count=_length(record.get("progress_markers")) or None,
            therapeutic_focus=_mapping(record.get("therapeutic_settings")).get("therapeutic_focus"),
            updated_at=last,
        ),
    )
    over = record.get("status") == "completed"
    return Drafts(record.get("player_id"), moment(last), (fact,) if over else (signal,))


def _gameplay(record: Record) -> Drafts:
    last = record.get("last_activity_time")
    metrics = _mapping(record.get("metrics"))
    signal = Draft(
        "signals",
        _given(
            observed_at=last,
            emotional_state=record.get("emotional_state"),
            engagement_score=metrics.get("engagement_score"),
            session_duration_minutes=minutes(record.get("total_session_time")),
            interaction_count=metrics.get("total_choices_made"),
            requires_therapeutic_intervention=record.get("requires_therapeutic_intervention"),
        ),
    )
    fact = Draft(
        "sessions",
        _given(
            session_id=record.get("session_id"),
            started_at=record.get("session_start_time"),
            duration_minutes=minutes(record.get("total_session_time")),
            interaction_count=metrics.get("total_choices_made"),
            updated_at=last,
        ),
    )
    over = record.get("is_active") is False and not record.get("is_paused")
    return Drafts(record.get("user_id"), moment(last), (signal, fact) if over else (signal,), "user_id")


def _saved_session(record: Record) -> Drafts:
    """Read `tta:session:{id}`. Its key is gone a day after it was saved, so it is taken while it runs: newer wins."""
    data = record.get("session_data")
    if not isinstance(data, dict):
        raise Malformed("has no session_data")
    saved = record.get("saved_at")
    metrics = _mapping(_mapping(data.get("session_analytics")).get("therapeutic_metrics"))
    fact = Draft(
        "sessions",
        _given(
            session_id=data.get("session_id"),
            started_at=data.get("created_at"),
            interaction_count=data.get("interaction_count"),
            therapeutic_interventions_count=_length(data.get("therapeutic_interventions_used")),
            progress_markers_count=_length(data.get("progress_markers")),
            engagement_score=metrics.get("session_engagement_level"),
            therapeutic_focus=data.get("therapeutic_focus"),
            updated_at=saved,
        ),
    )
    return Drafts(data.get("player_id"), moment(saved), (fact,))


def _analytics(record: Record) -> Drafts:
    """Read `tta:analytics:{id}`: figures of a session as the AI judges them."""
    if not isinstance(record.get("analytics"), dict):
        raise Malformed("has no analytics")
    saved = record.get("saved_at")
    metrics = _mapping(record["analytics"].get("therapeutic_metrics"))
    drafts = [
        Draft(
            "signals",
            _given(
                observed_at=saved,
                engagement_score=metrics.get("session_engagement_level"),
                interaction_count=record.get("interaction_count"),
            ),
            {name: number for name in MEASURES if (number := _number(metrics.get(name))) is not None},
        )
    ]
    if metrics.get("progress_toward_goals") is not None:
        drafts.append(
            Draft("progress", _given(recorded_at=saved, overall_progress=metrics.get("progress_toward_goals")))
        )
    return Drafts(record.get("player_id"), moment(saved), tuple(drafts))


def _number(value: Any) -> float | None:
    if isinstance(value, list):
        return float(len(value))
    if value is None or isinstance(value, bool):
        return None
    if not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise Malformed("has a figure that is no number")
    return float(value)


SHAPES = (
    Shape("session:*", _live_session),
    Shape("tta:session:*", _saved_session),
    Shape("tta:analytics:*", _analytics),
)
