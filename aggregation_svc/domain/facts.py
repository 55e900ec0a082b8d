"""Facts about players as they arrive: sessions, progress snapshots, outcomes.

Named tuples rather than dataclasses: a batch makes hundreds a millisecond, and their tail is the row that is stored.
"""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from mesh.refusal import Violation

UNSPECIFIED = "unspecified"
"""What senders write where they do not know."""
LONGEST_NAME = 128
"""Characters of a focus, at most; an instrument has half of that."""
DECOMPOSED = 4
"""Characters that NFC makes one of, at most."""


class Session(NamedTuple):
    """One play session. Ranges as in the contract; None is missing."""

    user_id: str
    session_id: str | None
    started_at: int
    """Microseconds since 1970, UTC, as every time of a fact."""
    duration_minutes: float | None = None
    interaction_count: int | None = None
    therapeutic_interventions_count: int | None = None
    progress_markers_count: int | None = None
    engagement_score: float | None = None
    sentiment_score: float | None = None
    therapeutic_focus: str | None = None
    session_frequency: str | None = None
    engagement_level: str | None = None
    updated_at: int | None = None


class ProgressSnapshot(NamedTuple):
    """Where one player stands at one moment."""

    user_id: str
    recorded_at: int
    overall_progress: float | None = None
    goal_completion_rate: float | None = None
    engagement_level: str | None = None
    total_sessions: int | None = None


class Outcome(NamedTuple):
    """How one course of therapy, or one test, went."""

    user_id: str
    recorded_at: int
    outcome_category: str | None = None
    therapeutic_goals_achieved: int | None = None
    instrument: str | None = None
    score: float | None = None


def name(value: str) -> str | None:
    """Return a focus or an instrument as it is stored: NFC, trimmed; None where it says nothing.

    What no form of could be short enough to be stored is only trimmed: NFC takes the square of the length at worst.
    """
    value = value.strip()
    if not value.isascii() and len(value) <= DECOMPOSED * LONGEST_NAME:
        value = unicodedata.normalize("NFC", value).strip()
    return None if not value or value == UNSPECIFIED else value


def level(value: str) -> str | None:
    """Return an engagement level as it is stored; None where it says nothing."""
    return None if value == UNSPECIFIED else value


def text_violations(value: str | None, field: str) -> Iterator[Violation]:
    """Yield what is wrong with a name that will be stored and shown."""
    if value is not None and not value.isprintable():
        yield Violation(field, "string.printable", "holds control characters; send a plain name")
