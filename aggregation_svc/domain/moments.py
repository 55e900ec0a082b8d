"""Times of facts: whole microseconds since 1970 in UTC, and which of them can be true."""

from datetime import UTC, datetime, timedelta

from mesh.refusal import Violation

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No fact is older: what claims so has a wrong clock."""
AHEAD = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return the microseconds since 1970 of a moment with a time zone."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """Return the UTC moment of so many microseconds since 1970."""
    return _EPOCH + value * _MICROSECOND


class Plausible:
    """The times of facts that can be true at one moment."""

    def __init__(self, now: datetime) -> None:
        """Judge as of `now`."""
        self._now = now
        self._least, self._most = micros(EARLIEST), micros(now + AHEAD)

    def __contains__(self, value: int) -> bool:
        """Return whether a time in microseconds can be true."""
        return self._least <= value <= self._most

    def violation(self, value: int, field: str) -> Violation:
        """Return what is wrong with a time that cannot be true."""
        if value < self._least:
            return Violation(field, "time.gte", "lies before 2000-01-01; check the unit and the sender's clock")
        ours = f"{self._now:%Y-%m-%dT%H:%M:%SZ}"
        return Violation(field, "time.lte", f"lies more than 5 minutes after {ours}, this service's clock")
