"""The log's transactions in portable SQL: what SQLite uses."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from monitoring_svc.adapters.store import arrangements
from monitoring_svc.adapters.store.alert_rows import from_row
from monitoring_svc.adapters.store.log_session import Care, LogSession, Opening, Seal
from monitoring_svc.adapters.store.tables import alert_log, alerts, deliveries, requests, timers
from monitoring_svc.adapters.store.writing import write
from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.delivery import DeliveryState
from monitoring_svc.domain.routing import Arrangements
from monitoring_svc.ports import RequestKey


class SqlLogSessions:
    """Transactions through the shared database; SQLite has one writer, which is the lock."""

    def __init__(self, database: Database) -> None:
        """Write to `database`."""
        self._database = database

    @asynccontextmanager
    async def begin(self, care: Care) -> AsyncIterator[LogSession]:
        """Enter a transaction; it is always locked."""
        del care
        async with self._database.begin() as connection:
            yield _SqlSession(connection)

    async def aclose(self) -> None:
        """Hold nothing."""


class _SqlSession:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, fingerprints: Sequence[str]) -> Opening:
        """Read; the writer is ours since the transaction began."""
        clock = sa.func.strftime("%Y-%m-%dT%H:%M:%f+00:00", "now").label("now")
        statement = sa.select(alert_log.c.head, alert_log.c.arrangements_version, clock)
        row = (await self._connection.execute(statement)).one()
        now = datetime.fromisoformat(row.now)
        found: list[Alert] = []
        if fingerprints:
            current = sa.select(alerts).where(
                alerts.c.fingerprint.in_(fingerprints),
                sa.or_(sa.not_(alerts.c.is_resolved), alerts.c.quiet_until > now),
            )
            found = [from_row(one) for one in (await self._connection.execute(current)).mappings()]
        return Opening(row.head, row.arrangements_version, now, found)

    async def arrangements(self, version: int) -> Arrangements:
        """Read what people arranged."""
        return await arrangements.load(self._connection, version)

    async def by_id(self, alert_ids: Sequence[str]) -> tuple[Sequence[Alert], Mapping[str, tuple[int, datetime]]]:
        """Return alerts and their escalation timers."""
        chosen = sa.select(alerts).where(alerts.c.alert_id.in_(alert_ids))
        found = [from_row(one) for one in (await self._connection.execute(chosen)).mappings()]
        running = await self._connection.execute(sa.select(timers).where(timers.c.alert_id.in_(alert_ids)))
        return found, {row.alert_id: (row.step, row.due_at) for row in running}

    async def answered(self, request_ids: Sequence[str]) -> Mapping[RequestKey, bytes]:
        """Return the answers that were kept for requests of these ids."""
        rows = await self._connection.execute(sa.select(requests).where(requests.c.request_id.in_(request_ids)))
        return {RequestKey(row.caller, row.call, row.request_id, row.fingerprint): row.answer for row in rows}

    async def waiting(self, alert_ids: Sequence[str]) -> set[tuple[str, str]]:
        """Return (alert, contact) of the messages about these alerts that wait alone: for their turn, or once more."""
        waits = sa.select(deliveries.c.alert_id, deliveries.c.contact_id).where(
            deliveries.c.alert_id.in_(alert_ids),
            deliveries.c.state == DeliveryState.PENDING.value,
            deliveries.c.group_key.is_(None),
            sa.or_(deliveries.c.attempts == 0, deliveries.c.last_error != ""),
        )
        return {(row.alert_id, row.contact_id) for row in await self._connection.execute(waits)}

    async def write(self, book: Book, seal: Seal, answered: Sequence[Mapping[str, Any]]) -> None:
        """Write what the book made, and the answers to keep."""
        await write(self._connection, book, seal, answered)
