"""TTA's `PrivacySettings` as consent here: what a player decided, never what was merely left at its default."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SWITCHES = (
    "data_collection_consent",
    "anonymous_analytics_enabled",
    "research_participation_consent",
    "collect_interaction_patterns",
    "collect_usage_statistics",
    "collect_therapeutic_outcomes",
    "collect_emotional_responses",
)
"""The switches that are read."""
_SESSIONS = ("collect_interaction_patterns", "collect_usage_statistics")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a player's settings mean here."""

    analytics: bool
    """May facts be part of private releases?"""
    research: bool
    """May facts train models for research?"""
    sessions: bool
    """May sessions be sent?"""
    outcomes: bool
    """May progress and outcomes be sent?"""
    emotions: bool
    """May sentiment and emotional state be sent with them?"""


NOTHING = Decision(analytics=False, research=False, sessions=False, outcomes=False, emotions=False)


def decision(settings: Mapping[str, Any], *, changed_by_player: bool) -> Decision:
    """Return what stored settings mean.

    Args:
        settings: TTA's `PrivacySettings`. A switch that is missing, or no boolean, is a no.
        changed_by_player: Whether the player ever set them. Untouched, they are TTA's defaults and mean no to all.
    """
    if not changed_by_player:
        return NOTHING

    def says_yes(name: str) -> bool:
        return settings.get(name) is True

    analytics = says_yes("data_collection_consent") and says_yes("anonymous_analytics_enabled")
    return Decision(
        analytics=analytics,
        research=analytics and says_yes("research_participation_consent"),
        sessions=analytics and all(says_yes(name) for name in _SESSIONS),
        outcomes=analytics and says_yes("collect_therapeutic_outcomes"),
        emotions=analytics and says_yes("collect_emotional_responses"),
    )
