"""The rights of a player: what is held, and what it takes to forget it everywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HERE = "aggregation"
"""The service that carries erasures out over all others."""

FIRST_WAIT = 2_000_000
"""Microseconds until a service that could not forget is asked again; each failure doubles it."""
LONGEST_WAIT = 3_600_000_000
"""An hour in microseconds: the longest wait between two tries."""


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one kind about one player."""

    kind: str
    records: Sequence[Mapping[str, Any]]
    """JSON values, with the field names of the facts."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a service did to forget a player."""

    done: bool
    """Nothing of the player is left in it."""
    removed: Mapping[str, int]
    """Records by kind."""
    kept: tuple[str, ...] = ()
    """What had to stay for now and until when, in words."""


@dataclass(frozen=True, slots=True)
class ErasurePart:
    """One service's part of an erasure. Times in microseconds since 1970."""

    service: str
    done: bool = False
    removed: Mapping[str, int] | None = None
    kept: tuple[str, ...] = ()
    failures: int = 0
    tried_at: int | None = None

    def after(self, forgotten: Forgotten, at: int) -> "ErasurePart":
        """Return the part after a service answered; what it removed adds up, and what is done stays so."""
        removed = dict(self.removed or {})
        for kind, count in forgotten.removed.items():
            removed[kind] = removed.get(kind, 0) + count
        return ErasurePart(
            self.service, self.done or forgotten.done, removed, () if self.done else forgotten.kept, 0, at
        )

    def failed(self, at: int) -> "ErasurePart":
        """Return the part after a service could not be asked; one that is done by then was asked by another."""
        if self.done:
            return self
        return ErasurePart(self.service, self.done, self.removed, self.kept, self.failures + 1, at)

    def next_try(self, at: int) -> int:
        """Return when to ask again: soon at first, hourly for what has to stay for now."""
        wait = FIRST_WAIT << min(self.failures, 20) if self.failures else LONGEST_WAIT
        return at + min(wait, LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure over all services."""

    erasure_id: str
    requested_at: int
    finished_at: int | None
    parts: tuple[ErasurePart, ...]


@dataclass(frozen=True, slots=True)
class HistoricConsent:
    """One decision with its place in the history."""

    position: int
    purpose: str
    granted: bool
    basis: str
    recorded_at: int
    decided_at: int | None = None
