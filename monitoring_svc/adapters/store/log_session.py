"""What one write to the alert log reads and writes, whichever the database."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Protocol

from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.routing import Arrangements
from monitoring_svc.ports import RequestKey

Seal = Callable[[str, str], Mapping[str, Any]]
"""Takes a player's id and an alert's: returns the columns of the alert's row that hold the id sealed."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The log as it is."""

    head: int
    arrangements_version: int
    now: datetime
    alerts: Sequence[Alert]
    """Those of the fingerprints that were asked for: not resolved, or still keeping their rule quiet."""


class Care(Enum):
    """How a session makes sure that the log is what the write follows from."""

    ASSUME = auto()
    """As this process left it, with no alert of what fires: the write finds out. Where that is unlikely it reads."""
    READ = auto()
    """As it was read: the write finds out whether another wrote since."""
    LOCK = auto()
    """As it was read under the log's lock."""


class Overtaken(Exception):
    """Nothing was written: the log is not what it was taken for, or one statement is too few."""

    def __init__(self, again: Care) -> None:
        """Have it tried again with more care."""
        self.again = again


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

    async def waiting(self, alert_ids: Sequence[str]) -> set[tuple[str, str]]:
        """Return (alert, contact) of the messages about these alerts that wait alone: for their turn, or once more."""

    async def write(self, book: Book, seal: Seal, answered: Sequence[Mapping[str, Any]]) -> None:
        """Write what the book made, and the answers to keep; raises Overtaken in a session without the lock.

        With nothing to write too, where the book follows from what was only assumed.
        """


class LogSessions(Protocol):
    """Opens sessions of the log."""

    def begin(self, care: Care) -> AbstractAsyncContextManager[LogSession]:
        """Enter a session whose write is durable when the block ends; raises Unavailable where the database is away.

        With `Care.LOCK` nobody else writes to the log before the end, else `write` may raise Overtaken.
        """

    async def aclose(self) -> None:
        """Give back what it holds."""
