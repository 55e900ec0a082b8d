"""The rolling statistics of players, bounded in memory and kept across restarts."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mesh.refusal import Refusal
from monitoring_svc.domain.holding import Hold, Reading, after
from monitoring_svc.domain.rolling import Rolling
from monitoring_svc.domain.signal import Signal

MOST = 100_000
"""Players whose statistics are kept in memory; the least recently seen go first."""


class WindowRows(Protocol):
    """Checkpoints of windows."""

    async def load(self) -> Mapping[bytes, Rolling]:
        """Return the windows of the last 24 hours, oldest first."""

    async def save(self, windows: Mapping[bytes, Rolling]) -> None:
        """Keep windows, but for those of players who were erased."""

    async def erased(self, since: datetime | None) -> tuple[datetime, Sequence[bytes]]:
        """Return the time now, and who was erased since a time; nobody where there is none."""


class Consents(Protocol):
    """Who has said no to analytics."""

    async def refused(self, user_ids: Iterable[str]) -> set[str]:
        """Return those who do not want to be analysed. Never raises."""


class Windows:
    """Windows by pseudonym. Replicas keep their own part of a player's signals; the last checkpoint wins.

    They tell each other what rules with a duration read. Checkpoints are kept only of players who agreed to analytics.
    """

    def __init__(self, rows: WindowRows, consents: Consents, tell: Callable[[Reading], None]) -> None:
        """Keep checkpoints in `rows`; `tell` hears of each reading that the other replicas need."""
        self._rows = rows
        self._consents = consents
        self._tell = tell
        self._known: OrderedDict[bytes, Rolling] = OrderedDict()
        self._dirty: dict[bytes, str] = {}
        """Whose windows changed since the last checkpoint, with the player's id."""
        self._followed: dict[bytes, bytes] = {}
        self._looked: datetime | None = None

    async def load(self) -> None:
        """Read the checkpoints."""
        self._looked, _ = await self._rows.erased(None)
        self._known = OrderedDict(await self._rows.load())

    def take(self, subjects: Sequence[bytes], user_id: str, signal: Signal) -> Rolling:
        """Take in a signal and return the player's window, kept by the first of the player's pseudonyms."""
        subject, *others = subjects
        for other in others:
            self._follow(other, subject)
        window = self._window(subject)
        window.add(signal)
        self._dirty[subject] = user_id
        return window

    def _follow(self, other: bytes, subject: bytes) -> None:
        """Keep under one pseudonym of a player what is known, or told from now on, under another key's."""
        window = self._known.pop(other, None)
        self._dirty.pop(other, None)
        if window is not None:
            self._known.setdefault(subject, window)
        if len(self._followed) >= MOST:
            self._followed.clear()
        self._followed[other] = subject

    def read(self, reading: Reading) -> Hold | None:
        """Take in what a signal of ours tells of a rule with a duration; return what has held."""
        before, hold = self.note(reading)
        if before is not None or hold is not None:
            self._tell(reading)
        return hold

    def note(self, reading: Reading) -> tuple[Hold | None, Hold | None]:
        """Take in what a signal, ours or another replica's, tells; return what held before, and what does now."""
        holds = self._window(self._followed.get(reading.subject, reading.subject)).holds
        before = holds.pop(reading.rule_id, None)
        hold = after(before, reading)
        if hold is not None:
            holds[reading.rule_id] = hold
        return before, hold

    def _window(self, subject: bytes) -> Rolling:
        window = self._known.get(subject)
        if window is None:
            window = self._known[subject] = Rolling()
            if len(self._known) > MOST:
                gone, _ = self._known.popitem(last=False)
                self._dirty.pop(gone, None)
        else:
            self._known.move_to_end(subject)
        return window

    async def checkpoint(self) -> None:
        """Keep what changed, of players who agreed; of the others there is nothing but memory.

        Raises Unavailable where the database is away; nothing is lost then.
        """
        dirty, self._dirty = self._dirty, {}
        if not dirty:
            return
        refused = await self._consents.refused(dirty.values())
        agreed = {one: user_id for one, user_id in dirty.items() if user_id not in refused}
        try:
            await self._rows.save({one: self._known[one] for one in agreed if one in self._known})
        except Refusal:
            self._dirty = agreed | self._dirty
            raise

    async def erased(self) -> Sequence[bytes]:
        """Drop players who were erased since the last look, by whichever replica, and return them."""
        self._looked, erased = await self._rows.erased(self._looked)
        for subject in erased:
            self.forget(subject)
        return erased

    def forget(self, subject: bytes) -> None:
        """Drop a player."""
        self._known.pop(subject, None)
        self._dirty.pop(subject, None)
        self._followed.pop(subject, None)
