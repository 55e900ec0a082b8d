"""The kinds of patterns, and the features of a player that each is drawn from."""

from enum import StrEnum


class PatternKind(StrEnum):
    """What a segmentation describes."""

    ENGAGEMENT = "engagement"
    THERAPEUTIC_PROGRESS = "therapeutic_progress"
    SESSION_BEHAVIOR = "session_behavior"


FEATURES: dict[PatternKind, tuple[str, ...]] = {
    PatternKind.ENGAGEMENT: ("sessions", "engagement", "sentiment"),
    PatternKind.THERAPEUTIC_PROGRESS: ("markers", "overall_progress", "goal_completion"),
    PatternKind.SESSION_BEHAVIOR: ("sessions", "minutes", "interactions", "interventions"),
}
"""Names of the release's measures. A player without a value of one of them is not segmented in that kind."""

SHARES: dict[PatternKind, int] = {
    PatternKind.ENGAGEMENT: 300,
    PatternKind.THERAPEUTIC_PROGRESS: 300,
    PatternKind.SESSION_BEHAVIOR: 400,
}
"""Thousandths of the patterns' epsilon by kind."""


def micro_of(kind: PatternKind, total: int) -> int:
    """Return one kind's part of the patterns' micro-epsilon; the rounding goes to the session behaviour."""
    if kind is PatternKind.SESSION_BEHAVIOR:
        return total - sum(micro_of(other, total) for other in PatternKind if other is not kind)
    return total * SHARES[kind] // 1000
