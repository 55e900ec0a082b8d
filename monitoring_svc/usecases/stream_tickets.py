"""Tickets that open one stream without a header: one use, thirty seconds."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from mesh.refusal import PermissionDenied

LIFETIME = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose ticket it was."""

    name: str
    role: str
    permissions: tuple[str, ...]
    expires_at: datetime | None
    """When the holder's own token ends."""


class TicketRows(Protocol):
    """Tickets as rows, by their digest."""

    async def keep(self, digest: bytes, holder: dict[str, Any], expires_at: datetime) -> None:
        """Keep a ticket."""

    async def take(self, digest: bytes, now: datetime) -> dict[str, Any] | None:
        """Remove a ticket and return its holder; None where there is none, or it is too old."""


class StreamTickets:
    """Makes tickets and uses them up. Only a digest is kept."""

    def __init__(self, rows: TicketRows, clock: Callable[[], datetime], new_secret: Callable[[], str]) -> None:
        """Keep digests in `rows`; `new_secret` makes tickets that nobody can guess."""
        self._rows = rows
        self._clock = clock
        self._new_secret = new_secret

    async def create(
        self, name: str, role: str, permissions: Sequence[str], expires_at: datetime | None
    ) -> tuple[str, datetime]:
        """Return a ticket and when it is of no more use."""
        ticket, until = self._new_secret(), self._clock() + LIFETIME
        end = None if expires_at is None else expires_at.isoformat()
        holder = {"name": name, "role": role, "permissions": list(permissions), "expires_at": end}
        await self._rows.keep(_digest(ticket), holder, until)
        return ticket, until

    async def redeem(self, ticket: str) -> Holder:
        """Use a ticket up; raises PermissionDenied where it is unknown, used or too old."""
        holder = await self._rows.take(_digest(ticket), self._clock())
        if holder is None:
            raise PermissionDenied("ticket_invalid", "The ticket is unknown, used or too old; make a new one.")
        end = holder["expires_at"]
        return Holder(
            holder["name"],
            holder["role"],
            tuple(holder["permissions"]),
            None if end is None else datetime.fromisoformat(end),
        )


def _digest(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()
