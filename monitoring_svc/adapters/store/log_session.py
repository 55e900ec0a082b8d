"""What one transaction of the alert log reads and writes, whichever the database."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.routing import Arrangements
from monitoring_svc.ports import RequestKey

LOCK = 0x7474_6131
"""The advisory lock of the log."""

Seal = Callable[[str, str], bytes]
"""Seals a player's id for an alert."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The log as it is under the lock."""

    head: int
    arrangements_version: int
    now: datetime
    alerts: Sequence[Alert]
    """Those of the fingerprints that were asked for: not resolved, or still keeping their rule quiet."""


class LogSession(Protocol):
    """One transaction, with the log's lock held from `open` to its end."""

    async def open(self, fingerprints: Sequence[str]) -> Opening:
        """Take the lock and read."""

    async def arrangements(self, version: int) -> Arrangements:
        """Read what people arranged."""

    async def by_id(self, alert_ids: Sequence[str]) -> tuple[Sequence[Alert], Mapping[str, tuple[int, datetime]]]:
        """Return alerts and their escalation timers."""

    async def answered(self, request_ids: Sequence[str]) -> Mapping[RequestKey, bytes]:
        """Return the answers that were kept for requests of these ids."""

    async def write(self, book: Book, seal: Seal, answered: Sequence[Mapping[str, Any]]) -> None:
        """Write what the book made, and the answers to keep."""


class LogSessions(Protocol):
    """Opens transactions of the log."""

    def begin(self) -> AbstractAsyncContextManager[LogSession]:
        """Enter a transaction that commits at the end of the block; raises Unavailable where the database is away."""

    async def aclose(self) -> None:
        """Give back what it holds."""
