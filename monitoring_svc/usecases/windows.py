"""The rolling statistics of players, bounded in memory and kept across restarts."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Protocol

from mesh.refusal import Refusal
from monitoring_svc.domain.rolling import Rolling
from monitoring_svc.domain.signal import Signal

MOST = 100_000
"""Players whose statistics are kept in memory; the least recently seen go first."""


class WindowRows(Protocol):
    """Checkpoints of windows."""

    async def load(self) -> Mapping[bytes, Rolling]:
        """Return the windows of the last 24 hours, oldest first."""

    async def save(self, windows: Mapping[bytes, Rolling]) -> None:
        """Keep windows."""


class Windows:
    """Windows by pseudonym. Replicas keep their own part of a player's signals; the last checkpoint wins."""

    def __init__(self, rows: WindowRows) -> None:
        """Keep checkpoints in `rows`."""
        self._rows = rows
        self._known: OrderedDict[bytes, Rolling] = OrderedDict()
        self._dirty: set[bytes] = set()

    async def load(self) -> None:
        """Read the checkpoints."""
        self._known = OrderedDict(await self._rows.load())

    def take(self, subject: bytes, signal: Signal) -> Rolling:
        """Take in a signal and return the player's window."""
        window = self._known.get(subject)
        if window is None:
            window = self._known[subject] = Rolling()
            if len(self._known) > MOST:
                gone, _ = self._known.popitem(last=False)
                self._dirty.discard(gone)
        else:
            self._known.move_to_end(subject)
        window.add(signal)
        self._dirty.add(subject)
        return window

    async def checkpoint(self) -> None:
        """Keep what changed. Raises Unavailable where the database is away; nothing is lost then."""
        dirty, self._dirty = self._dirty, set()
        if not dirty:
            return
        try:
            await self._rows.save({one: self._known[one] for one in dirty if one in self._known})
        except Refusal:
            self._dirty |= dirty
            raise

    def forget(self, subject: bytes) -> None:
        """Drop a player."""
        self._known.pop(subject, None)
        self._dirty.discard(subject)
