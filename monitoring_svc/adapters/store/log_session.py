"""What one write to the alert log reads and writes, whichever the database."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.routing import Arrangements
from monitoring_svc.ports import RequestKey

Seal = Callable[[str, str], bytes]
"""Seals a player's id for an alert."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The log as it is."""

    head: int
    arrangements_version: int
    now: datetime
    alerts: Sequence[Alert]
    """Those of the fingerprints that were asked for: not resolved, or still keeping their rule quiet."""


class Overtaken(Exception):
    """Nothing was written without the log's lock: another wrote since the log was read, or one statement is too few."""


class LogSession(Protocol):
    """One reading of the log and one write that follows from it."""

    async def open(self, fingerprints: Sequence[str]) -> Opening:
        """Read."""

    async def arrangements(self, version: int) -> Arrangements:
        """Read what people arranged."""

    async def by_id(self, alert_ids: Sequence[str]) -> tuple[Sequence[Alert], Mapping[str, tuple[int, datetime]]]:
        """Return alerts and their escalation timers."""

    async def answered(self, request_ids: Sequence[str]) -> Mapping[RequestKey, bytes]:
        """Return the answers that were kept for requests of these ids."""

    async def write(self, book: Book, seal: Seal, answered: Sequence[Mapping[str, Any]]) -> None:
        """Write what the book made, and the answers to keep; raises Overtaken in a session without the lock."""


class LogSessions(Protocol):
    """Opens sessions of the log."""

    def begin(self, *, locked: bool) -> AbstractAsyncContextManager[LogSession]:
        """Enter a session whose write is durable when the block ends; raises Unavailable where the database is away.

        With `locked` nobody else writes to the log before the end, else `write` may raise Overtaken.
        """

    async def aclose(self) -> None:
        """Give back what it holds."""
