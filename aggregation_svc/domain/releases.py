"""Releases: questions, their answers, and the account that pays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.patterns.release import Pattern
from aggregation_svc.domain.periods import Period
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.release_statistics import Cell
from mesh.refusal import ResourceExhausted

WINDOW = timedelta(days=365)
"""In any such time no more than the cap is spent."""


class Kind(StrEnum):
    """What a release answers."""

    COHORTS = "cohorts"
    RETENTION = "retention"
    INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Question:
    """What makes two requests the same one. Everything else about a release is fixed by the plan."""

    kind: Kind
    period: Period | None
    """None for an inline batch."""
    revision: int = 0
    batch: str = ""
    """Of an inline batch: the keyed hash of its canonical content."""

    @property
    def name(self) -> str:
        """The unique name of the question."""
        if self.period is None:
            return f"{self.kind}:{self.batch}"
        return f"{self.kind}:{self.period.grain}:{self.period.start:%Y-%m-%d}:{self.revision}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was computed for a question, not yet paid for."""

    plan_version: str
    epsilon_micro: int
    delta: float
    cells: Sequence[Cell] = ()
    notes: Sequence[str] = ()
    patterns: Sequence[Pattern] = ()
    content: Mapping[str, Any] = field(default_factory=dict)
    """What is not by cell, as JSON values."""


Place = tuple[int, int, str, int, int]
"""Where a release stands in the list of all; never changes, and no two are alike."""


@dataclass(frozen=True, slots=True)
class Release:
    """A stored answer: computed once, charged once."""

    release_id: str
    question: Question
    answer: Answer
    ledger_entry_id: int
    created_at: datetime

    @property
    def place(self) -> Place:
        """The highest stands first: what has no period, the newest period, its last revision, the last charge."""
        return *self.period_place, self.question.revision, self.ledger_entry_id

    @property
    def period_place(self) -> tuple[int, int, str]:
        """The part of the place that all revisions of a period share."""
        period = self.question.period
        return (1, 0, "") if period is None else (0, micros(period.start), period.grain.value)


@dataclass(frozen=True, slots=True)
class Charge:
    """One entry of the ledger."""

    entry_id: int
    release_id: str
    question: Question
    epsilon_micro: int
    delta: float
    actor: str
    charged_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """The account of the store at one moment."""

    now: datetime
    cap_micro: int
    spent_micro: int
    """Spent in the window that ends now."""
    lifetime_micro: int
    window: Sequence[Charge] = ()
    """The charges of the window, oldest first, where they were asked for."""

    @property
    def left_micro(self) -> int:
        """What may still be spent now."""
        return max(0, self.cap_micro - self.spent_micro)

    def fits(self, micro: int) -> bool:
        """Return whether a charge stays under the cap."""
        return self.spent_micro + micro <= self.cap_micro

    def fits_from(self, micro: int) -> datetime | None:
        """Return when a charge will fit, as older ones leave the window; None where it never does."""
        if self.fits(micro):
            return self.now
        spent = self.spent_micro
        for charge in self.window:
            spent -= charge.epsilon_micro
            if spent + micro <= self.cap_micro:
                return charge.charged_at + WINDOW
        return None

    def require(self, micro: int) -> None:
        """Refuse a charge that would pass the cap, and say what would fit instead.

        Raises:
            ResourceExhausted: it would. Depends on the ledger alone, never on players.
        """
        if self.fits(micro):
            return
        later = self.fits_from(micro)
        fits = (
            f"It fits from {later:%Y-%m-%d} on, when earlier charges are more than 365 days old"
            if later is not None
            else f"It never fits under a cap of {self.cap_micro / MICRO:g}"
        )
        raise ResourceExhausted(
            "budget_exceeded",
            f"This needs epsilon {micro / MICRO:g}; of {self.cap_micro / MICRO:g} in 365 days "
            f"{self.left_micro / MICRO:g} is left. {fits}. Until then ask for something that costs at most "
            f"{self.left_micro / MICRO:g}, or have an administrator raise the cap.",
            metadata={
                "needed_micros": str(micro),
                "left_micros": str(self.left_micro),
                "fits_from": later.strftime("%Y-%m-%dT%H:%M:%SZ") if later else "",
            },
        )
