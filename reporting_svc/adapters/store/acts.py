"""What every write shares: it counts once, and it leaves an audit entry in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.audit import AuditLog, Entry
from mesh.idempotency import Idempotency
from reporting_svc.store_ports import Once


@dataclass(frozen=True, slots=True)
class Acts:
    """Answered requests and the audit chain."""

    idempotency: Idempotency
    audit: AuditLog

    async def answered(self, connection: AsyncConnection, once: Once) -> str | None:
        """Return the answer that a repeat gets, None for a new request."""
        answer = await self.idempotency.replay(connection, once.caller, once.call, once.request_id, once.fingerprint)
        return None if answer is None else answer.decode()

    async def known(self, connection: AsyncConnection, once: Once) -> str | None:
        """Return the answer that this very request got before, without taking its id."""
        answer = await self.idempotency.answered(connection, once.caller, once.call, once.request_id, once.fingerprint)
        return None if answer is None else answer.decode()

    async def done(
        self, connection: AsyncConnection, once: Once, answer: str, action: str, details: Mapping[str, Any]
    ) -> None:
        """Remember an answer and write the audit entry."""
        await self.idempotency.remember(
            *(connection, once.caller, once.call, once.request_id, once.fingerprint, answer.encode())
        )
        await self.note(connection, once.caller, action, details)

    async def note(self, connection: AsyncConnection, actor: str, action: str, details: Mapping[str, Any]) -> None:
        """Write an audit entry."""
        await self.audit.append(connection, Entry(actor, action, details=dict(details)))
