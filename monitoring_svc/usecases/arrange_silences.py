"""Silences: who may hold back what for how long."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from mesh.refusal import InvalidArgument, Violation
from monitoring_svc.domain.matchers import Matcher, Silence

LONGEST = timedelta(days=30)


class SilenceRows(Protocol):
    """Silences as rows."""

    async def create_silence(self, silence: Silence) -> Silence:
        """Keep a silence."""

    async def silences(
        self, size: int, after: tuple[datetime, str] | None, *, active_at: datetime | None
    ) -> Sequence[Silence]:
        """Return at most `size` silences, newest first, after (created_at, id)."""

    async def end_silence(self, silence_id: str, now: datetime) -> None:
        """End a silence; raises NotFound."""


class Silences:
    """Makes, lists and ends silences."""

    def __init__(self, rows: SilenceRows, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        """Keep them in `rows`."""
        self._rows = rows
        self._clock = clock
        self._new_id = new_id

    async def create(
        self,
        matchers: tuple[Matcher, ...],
        starts_at: datetime | None,
        ends_at: datetime,
        comment: str,
        actor: str,
        silence_id: str = "",
    ) -> Silence:
        """Hold back what matches until `ends_at`; raises InvalidArgument for an end before its start or too far.

        A `silence_id` that follows from a request id makes a repeat of the request return the silence that is there.
        """
        now = self._clock()
        start = starts_at or now
        if ends_at <= max(start, now) or ends_at - start > LONGEST:
            violation = Violation("ends_at", "timestamp", "must lie after the start and now, at most 30 days on")
            raise InvalidArgument("silence_time_invalid", f"ends_at {violation.description}.", violations=[violation])
        key = silence_id or self._new_id()
        return await self._rows.create_silence(Silence(key, matchers, start, ends_at, comment, actor, now))

    async def page(self, size: int, after: tuple[datetime, str] | None, *, active_only: bool) -> Sequence[Silence]:
        """Return at most `size`, newest first."""
        return await self._rows.silences(size, after, active_at=self._clock() if active_only else None)

    async def end(self, silence_id: str) -> None:
        """End one now; raises NotFound."""
        await self._rows.end_silence(silence_id, self._clock())
