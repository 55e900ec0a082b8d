"""The log as this process left it with its last write: where nobody wrote since, it need not be read again."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitoring_svc.adapters.store.log_session import Opening

SECONDS = 10.0
"""How long what was left is taken for what is there; the database's clock is reckoned on from it for no longer."""
PAUSE_SECONDS = 1.0
"""So long after another replica wrote, the log is read."""
MOST_NAMES = 20_000
"""Fingerprints that are known to have been used."""


@dataclass(frozen=True, slots=True)
class Left:
    """The log's one row, and when that was."""

    row: int
    """Its `xmin`: the transaction that wrote it."""
    head: int
    version: int
    """Of the arrangements."""
    now: datetime
    """By the database's clock."""
    at: float
    """By this process's clock, when the database's answer was here: so the reckoned time is never ahead."""


UNREAD = Left(0, 0, 0, datetime.min.replace(tzinfo=UTC), 0.0)
"""Before anything is known: no row is like it."""


class LogLeft:
    """Says what may be assumed. An assumption is checked by the write that follows from it, and costs it nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing; `clock` is in seconds."""
        self._clock = clock
        self._left: Left | None = None
        self._doubted: int | None = None
        self._not_before = 0.0
        self._used: OrderedDict[str, None] = OrderedDict()

    def note(self, row: int, head: int, version: int, now: datetime) -> Left:
        """Return the log as it is found now; another replica's write shows in it after an assumption failed."""
        if self._doubted is not None and self._doubted != row:
            self._not_before = self._clock() + PAUSE_SECONDS
        self._doubted = None
        return Left(row, head, version, now, self._clock())

    def keep(self, left: Left, fingerprints: Sequence[str]) -> None:
        """Keep how a session left the log, and of which fingerprints it knows alerts."""
        self._left = left
        for name in fingerprints:
            self._used[name] = None
            self._used.move_to_end(name)
        while len(self._used) > MOST_NAMES:
            self._used.popitem(last=False)

    def assume(self, fingerprints: Sequence[str]) -> tuple[Left, Opening] | None:
        """Return what may be assumed to be there now; None where the log should be read."""
        left, now = self._left, self._clock()
        if left is None or now - left.at > SECONDS or now < self._not_before:
            return None
        if any(name in self._used for name in fingerprints):
            return None
        return left, Opening(left.head, left.version, left.now + timedelta(seconds=now - left.at), ())

    def doubt(self, left: Left) -> None:
        """Drop an assumption that was wrong."""
        self._left, self._doubted = None, left.row

    def forget(self) -> None:
        """Know nothing of the log: its connection is a new one, perhaps to an older log."""
        self._left = self._doubted = None
