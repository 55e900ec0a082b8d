"""How long a rule's condition has held for one player, as far as the player's signals tell."""

import hashlib
from dataclasses import dataclass

from monitoring_svc.domain.rule import Rule

PAUSE_SECONDS = 1800.0
"""A silence longer than this, or than the rule's own duration, ends what held: that was another session."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one signal tells of a rule's condition. Times are in seconds since 1970."""

    subject: bytes
    """The player's pseudonym."""
    rule_id: str
    condition: str
    """Which condition: a digest of its source, so that an edited rule begins anew."""
    pause: float
    """Seconds without a signal in which it holds after which it begins anew."""
    at: float
    holds: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """A condition that has held in every signal that could tell of it. Times are in seconds since 1970."""

    condition: str
    since: float
    last: float
    """When it held last."""

    def lasts(self, seconds: float) -> bool:
        """Return whether it has held for so long."""
        return self.last - self.since >= seconds


def read(rule: Rule, subject: bytes, at: float, *, holds: bool) -> Reading:
    """Return what a signal of time `at` tells of a rule."""
    condition = hashlib.sha256(rule.condition.encode()).hexdigest()[:16]
    return Reading(subject, rule.rule_id, condition, max(PAUSE_SECONDS, rule.for_seconds), at, holds)


def after(before: Hold | None, reading: Reading) -> Hold | None:
    """Return what has held after a reading; None for nothing. Readings may come late and more than once."""
    if not reading.holds:
        return before if before is not None and reading.at < before.since else None
    if before is None or before.condition != reading.condition or reading.at - before.last > reading.pause:
        return Hold(reading.condition, reading.at, reading.at)
    return Hold(reading.condition, before.since, max(before.last, reading.at))
