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


def decided(
    standing: Consent, analytics: bool | None, research: bool | None, basis: Basis, at: int
) -> tuple[Consent, tuple[ConsentChange, ...]]:
    """Return what stands after a decision and what it changed; None leaves a purpose as it stands.

    Saying again what stands changes nothing, but the first word on a subject is always kept, a no as well.
    """
    first = standing.changed_at is None
    changes = tuple(
        ConsentChange(purpose, wanted, basis, at)
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
