"""Where a subscriber is in the log of alerts, as text: `1042.1763929000123456`.

A position, and in microseconds since 1970 when the event there happened. A log that went back (it was restored, or a
standby took over that lagged behind) goes on with other events at the same positions: the time tells them apart.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitoring_svc.domain.alert import AlertEvent

_TEXT = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,16}))?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """After the event at a position."""

    position: int
    occurred_at: datetime | None = None
    """When that event happened; None where nobody knows."""

    def __str__(self) -> str:
        """Return it as text."""
        if self.occurred_at is None:
            return str(self.position)
        return f"{self.position}.{(self.occurred_at - _EPOCH) // _MICROSECOND}"

    @staticmethod
    def after(event: AlertEvent) -> "Cursor":
        """Return the cursor after an event."""
        return Cursor(event.position, event.occurred_at)


def parse(text: str) -> Cursor | None:
    """Return the cursor that a text is; None for none. A position alone is one too."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    position, moment = found.groups()
    return Cursor(int(position), None if moment is None else _EPOCH + int(moment) * _MICROSECOND)
