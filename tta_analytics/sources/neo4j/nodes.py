"""How the graph's nodes become facts: a table for people and for the dry run, and the functions that carry it out."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tta_analytics.sources.moments import minutes, moment

IDLE = timedelta(hours=24)
"""A session without interaction for so long is over, whatever its status says."""

Node = Mapping[str, Any]
"""A node's properties, with `choices` (count), `progress` (count) and `domains` (lists) from its edges."""


@dataclass(frozen=True, slots=True)
class Source:
    """One label of the graph."""

    label: str
    kind: str
    """The kind of fact that its nodes become: `sessions` or `progress`."""
    player: str
    """The property that leads to the player."""
    last: str
    """The property that says when the node last changed; nodes are read in its order."""
    mapping: tuple[tuple[str, str], ...]
    """Fact's field and where it comes from, in words."""
    values: Callable[[Node], dict[str, Any]]
    """The fact's fields but the player; what is missing is left out."""
    over: Callable[[Node, datetime], bool] = lambda node, now: True
    """Whether a session is over."""


def _count(value: Any) -> Any:
    """A list, or its JSON text, as its length; anything else as it is."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = _json(value)
    return len(value) if isinstance(value, list) else value


def _json(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return None


def _setting(text: Any, name: str) -> Any:
    settings = _json(text)
    value = settings.get(name) if isinstance(settings, dict) else None
    return value if isinstance(value, str) and value.strip() else None


def _most_frequent(lists: Any) -> str | None:
    names = Counter(
        name.strip()
        for item in lists or ()
        for name in (item if isinstance(item, list) else [item])
        if isinstance(name, str) and name.strip()
    )
    return min(names, key=lambda name: (-names[name], name)) if names else None


def _time(value: Any) -> Any:
    found = moment(value)
    return value if found is None else found


def _idle(last: Any, began: Any, now: datetime) -> bool:
    found = moment(last) or moment(began)
    return found is None or found <= now - IDLE


def _player_api(node: Node) -> dict[str, Any]:
    return {
        "session_id": node.get("session_id"),
        "started_at": _time(node.get("created_at")),
        "duration_minutes": node.get("total_duration_minutes"),
        "interaction_count": node.get("interaction_count"),
        "therapeutic_interventions_count": _count(node.get("therapeutic_interventions_used")),
        "progress_markers_count": node.get("progress") or None,
        "therapeutic_focus": _setting(node.get("therapeutic_settings"), "therapeutic_focus")
        or _most_frequent(node.get("domains")),
        "updated_at": _time(node.get("last_interaction")),
    }


def _gameplay(node: Node) -> dict[str, Any]:
    started = node.get("session_start_time")
    return {
        "session_id": node.get("session_id"),
        "started_at": _time(node.get("created_at") if started is None else started),
        "duration_minutes": minutes(node.get("total_session_time")),
        "interaction_count": node.get("choices"),
        "progress_markers_count": node.get("progress"),
        "therapeutic_focus": _most_frequent(node.get("domains")),
        "updated_at": _time(node.get("last_activity_time")),
    }


def _progress(node: Node) -> dict[str, Any]:
    return {"recorded_at": _time(node.get("achieved_at")), "overall_progress": node.get("progress_value")}


SOURCES = (
    Source(
        label="Session",
        kind="sessions",
        player="player_id",
        last="last_interaction",
        mapping=(
            ("user_id", "player_id"),
            ("session_id", "session_id"),
            ("started_at", "created_at; UTC where it names no zone"),
            ("duration_minutes", "total_duration_minutes"),
            ("interaction_count", "interaction_count"),
            ("therapeutic_interventions_count", "therapeutic_interventions_used: the number, or the list's length"),
            ("progress_markers_count", "number of ACHIEVES_PROGRESS edges; missing where there is none"),
            ("therapeutic_focus", "therapeutic_settings.therapeutic_focus, else the most frequent domain of progress"),
            ("updated_at", "last_interaction"),
        ),
        values=_player_api,
        over=lambda node, now: (
            node.get("status") == "completed" or _idle(node.get("last_interaction"), node.get("created_at"), now)
        ),
    ),
    Source(
        label="GameplaySession",
        kind="sessions",
        player="user_id",
        last="last_activity_time",
        mapping=(
            ("user_id", "user_id"),
            ("session_id", "session_id"),
            ("started_at", "session_start_time, else created_at; UTC where it names no zone"),
            ("duration_minutes", "total_session_time (seconds) / 60"),
            ("interaction_count", "number of MADE_CHOICE edges"),
            ("progress_markers_count", "number of ACHIEVES_PROGRESS edges"),
            ("therapeutic_focus", "the most frequent domain of its progress, ties by name"),
            ("updated_at", "last_activity_time"),
        ),
        values=_gameplay,
        over=lambda node, now: (
            (node.get("is_active") is False and not node.get("is_paused"))
            or _idle(node.get("last_activity_time"), node.get("session_start_time"), now)
        ),
    ),
    Source(
        label="TherapeuticProgress",
        kind="progress",
        player="user_id",
        last="achieved_at",
        mapping=(
            ("user_id", "user_id"),
            ("recorded_at", "achieved_at; UTC where it names no zone"),
            ("overall_progress", "progress_value, 0 to 1"),
        ),
        values=_progress,
    ),
)
