"""Periods: a day, an ISO week or a calendar month in UTC, half-open, closed a grace after their end."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from aggregation_svc.domain.moments import EARLIEST
from mesh.refusal import FailedPrecondition, InvalidArgument, Violation


class Grain(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


LONGEST = timedelta(days=31)
"""No period is longer."""
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""Periods end before the calendar does."""


def _implausible() -> InvalidArgument:
    sentence = f"lies outside the years {EARLIEST.year} to {LATEST.year - 1}, in which facts can lie"
    return InvalidArgument(
        "period_implausible",
        f"period_start {sentence}.",
        violations=[Violation("period_start", "period.plausible", sentence)],
    )


def _start(grain: Grain, moment: datetime) -> datetime:
    midnight = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match grain:
        case Grain.DAY:
            return midnight
        case Grain.WEEK:
            return midnight - timedelta(days=midnight.weekday())
        case Grain.MONTH:
            return midnight.replace(day=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period; `start` is its first moment, aligned to the grain, in UTC."""

    start: datetime
    grain: Grain

    @classmethod
    def containing(cls, grain: Grain, moment: datetime) -> Self:
        """Return the period of `grain` that `moment` (with a time zone) lies in."""
        return cls(_start(grain, moment), grain)

    @classmethod
    def aligned(cls, grain: Grain, start: datetime) -> Self:
        """Return the period that begins at `start`, or refuse with the right start.

        Raises:
            InvalidArgument: `start` is not the first moment of a period of this grain, or no fact can lie in it.
        """
        if not EARLIEST - LONGEST < start < LATEST:
            raise _implausible()
        right = _start(grain, start)
        if right != start:
            sentence = (
                f"A {grain} cannot start at {start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}; "
                f"the {grain} around it starts at {right:%Y-%m-%dT%H:%M:%SZ}."
            )
            raise InvalidArgument(
                "period_misaligned", sentence, violations=[Violation("period_start", "period.aligned", sentence)]
            )
        period = cls(right, grain)
        if period.end <= EARLIEST:
            raise _implausible()
        return period

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        match self.grain:
            case Grain.DAY:
                return self.start + timedelta(days=1)
            case Grain.WEEK:
                return self.start + timedelta(days=7)
            case Grain.MONTH:
                return (self.start + timedelta(days=31)).replace(day=1)

    @property
    def days(self) -> int:
        """How many days the period has: 1, 7 or 28 to 31."""
        return (self.end - self.start).days

    @property
    def next(self) -> "Period":
        """The period after this one."""
        return Period(self.end, self.grain)

    @property
    def previous(self) -> "Period":
        """The period before this one."""
        return Period.containing(self.grain, self.start - timedelta(days=1))

    def require_closed(self, now: datetime, grace: timedelta) -> None:
        """Refuse while facts of the period may still arrive.

        Raises:
            FailedPrecondition: `now` is before the period's end plus `grace`.
        """
        closes = self.end + grace
        if now < closes:
            raise FailedPrecondition(
                "period_open",
                f"The {self.grain} that starts at {self.start:%Y-%m-%d} closes at {closes:%Y-%m-%dT%H:%M:%SZ}; "
                "release it after that.",
                metadata={"closes_at": closes.strftime("%Y-%m-%dT%H:%M:%SZ")},
            )

    def __str__(self) -> str:
        """Name the period by grain and first day."""
        return f"{self.grain} of {self.start:%Y-%m-%d}"
