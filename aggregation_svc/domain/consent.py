"""Consent: a subject's standing yes or no per purpose, opt-in."""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What consent is for."""

    ANALYTICS = "analytics"
    """The subject's facts may be part of private releases."""
    RESEARCH = "research"
    """The subject's facts may train models."""


class Basis(StrEnum):
    """Who said so."""

    PLAYER = "player"
    """The player, by their own token."""
    SERVICE = "service"
    """A service of TTA, where the player decided."""
    ASSERTED = "asserted"
    """A sender who vouched for a batch."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What stands of one subject."""

    analytics: bool = False
    research: bool = False
    changed_at: int | None = None
    """Microseconds since 1970, UTC; None where it was never set."""


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """One decision about one purpose."""

    purpose: Purpose
    granted: bool
    basis: Basis
    recorded_at: int
    """Microseconds since 1970, UTC."""
    decided_at: int | None = None
    """When the player decided; None where a sender vouched, who knows only that they did."""


@dataclass(frozen=True, slots=True)
class Moments:
    """When a subject last decided, in microseconds since 1970, UTC; None where never, or where that is not known."""

    analytics: int | None = None
    research: int | None = None


@dataclass(frozen=True, slots=True)
class Timely:
    """What of a decision counts beside those that came before it."""

    analytics: bool | None
    research: bool | None
    moments: Moments
    """The last ones, this decision included."""
    decided_at: int
    """When this one was made: never after it arrived."""
    superseded: bool
    """Whether a newer one stands on one of its purposes."""


def timely(last: Moments, analytics: bool | None, research: bool | None, told: int | None, now: int) -> Timely:
    """Return what counts of a decision made at `told` that arrives at `now`; None leaves a purpose as it stands.

    What is older than the last decision on a purpose does not count there; of one moment a no does. A decision whose
    moment was not told counts as made on arrival, after all that came before it, whatever the clocks say: a withdrawal
    is never lost to one of them.
    """
    at = now if told is None else min(told, now)

    def counts(wanted: bool | None, before: int | None) -> bool:
        if wanted is None or told is None or before is None:
            return wanted is not None
        return at > before or (at == before and not wanted)

    def newest(counted: bool, before: int | None) -> int | None:
        return max(at, at if before is None else before) if counted else before

    of_analytics, of_research = counts(analytics, last.analytics), counts(research, last.research)
    return Timely(
        analytics if of_analytics else None,
        research if of_research else None,
        Moments(newest(of_analytics, last.analytics), newest(of_research, last.research)),
        at,
        superseded=(analytics is not None and not of_analytics) or (research is not None and not of_research),
    )


def decided(
    standing: Consent,
    analytics: bool | None,
    research: bool | None,
    basis: Basis,
    at: int,
    decided_at: int | None = None,
) -> tuple[Consent, tuple[ConsentChange, ...]]:
    """Return what stands after a decision and what it changed; None leaves a purpose as it stands.

    Saying again what stands changes nothing, but the first word on a subject is always kept, a no as well.
    """
    first = standing.changed_at is None
    changes = tuple(
        ConsentChange(purpose, wanted, basis, at, decided_at)
        for purpose, wanted, held in (
            (Purpose.ANALYTICS, analytics, standing.analytics),
            (Purpose.RESEARCH, research, standing.research),
        )
        if wanted is not None and (first or wanted != held)
    )
    if not changes:
        return standing, ()
    return (
        Consent(
            standing.analytics if analytics is None else analytics,
            standing.research if research is None else research,
            at,
        ),
        changes,
    )
