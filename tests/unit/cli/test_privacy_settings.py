"""TTA's privacy settings mean what the player decided; a default is no decision."""

from typing import Any

import pytest

from tta_analytics.sources.privacy_settings import NOTHING, decision

DEFAULTS: dict[str, Any] = {
    "data_collection_consent": True,
    "research_participation_consent": False,
    "anonymous_analytics_enabled": True,
    "data_retention_period_days": 365,
    "collect_interaction_patterns": True,
    "collect_emotional_responses": True,
    "collect_therapeutic_outcomes": True,
    "collect_usage_statistics": True,
}


def test_settings_that_nobody_touched_are_no_consent() -> None:
    assert decision(DEFAULTS, changed_by_player=False) == NOTHING


def test_settings_that_the_player_confirmed_are_analytics_without_research() -> None:
    found = decision(DEFAULTS, changed_by_player=True)
    assert (found.analytics, found.research, found.sessions, found.outcomes, found.emotions) == (
        *(True, False),
        *(True, True, True),
    )


@pytest.mark.parametrize("switch", ["data_collection_consent", "anonymous_analytics_enabled"])
def test_either_switch_of_analytics_turns_everything_off(switch: str) -> None:
    settings = DEFAULTS | {"research_participation_consent": True, switch: False}
    assert decision(settings, changed_by_player=True) == NOTHING


@pytest.mark.parametrize(
    ("switch", "part"),
    [
        ("collect_interaction_patterns", "sessions"),
        ("collect_usage_statistics", "sessions"),
        ("collect_therapeutic_outcomes", "outcomes"),
        ("collect_emotional_responses", "emotions"),
    ],
)
def test_a_finer_switch_turns_off_its_part_alone(switch: str, part: str) -> None:
    found = decision(DEFAULTS | {switch: False}, changed_by_player=True)
    off = {name for name in ("sessions", "outcomes", "emotions") if not getattr(found, name)}
    assert off == {part}
    assert found.analytics


def test_what_is_no_boolean_is_a_no() -> None:
    assert decision(DEFAULTS | {"data_collection_consent": "yes"}, changed_by_player=True) == NOTHING
    assert decision({}, changed_by_player=True) == NOTHING
