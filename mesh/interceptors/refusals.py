"""Counts refusals of permission per caller, call and minute, so that a scan leaves one audit entry, not thousands."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mesh.interceptors.call import Call

_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class RefusalCount:
    """How often one caller was refused one call within one minute."""

    caller: str
    call: str
    """`AlertService/RevealAlertSubject`."""
    reason: str
    minute: datetime
    """Start of the minute, UTC."""
    count: int


OnRefusals = Callable[[Sequence[RefusalCount]], Awaitable[None]]
"""What a service does with the counts of the minutes that are over: one audit entry each."""


class RefusalCounter:
    """Counts in memory until the minute is over."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Take the time in seconds since 1970 from `clock`."""
        self._clock = clock
        self._counts: Counter[tuple[str, str, str, int]] = Counter()

    def count(self, caller: str, call: Call, reason: str) -> None:
        """Add one refusal. Beyond 10,000 different ones a minute, callers are counted as `others`."""
        key = (caller, f"{call.service}/{call.method}", reason, int(self._clock() // 60))
        if key not in self._counts and len(self._counts) >= _MOST_KEYS:
            key = ("others", *key[1:])
        self._counts[key] += 1

    def take(self, *, everything: bool = False) -> list[RefusalCount]:
        """Return and forget the counts of the minutes that are over, or all of them."""
        this_minute = int(self._clock() // 60)
        over = [key for key in self._counts if everything or key[3] < this_minute]
        return [
            RefusalCount(key[0], key[1], key[2], datetime.fromtimestamp(key[3] * 60, UTC), self._counts.pop(key))
            for key in sorted(over, key=lambda key: (key[3], key))
        ]

    def put_back(self, counts: Sequence[RefusalCount]) -> None:
        """Count again what could not be written down."""
        for count in counts:
            key = (count.caller, count.call, count.reason, int(count.minute.timestamp() // 60))
            self._counts[key] += count.count
