"""An append-only record of acts that shows when somebody changed it.

Each entry carries an HMAC-SHA-256 of the entry before it and its own content, under a key that no database sees.
A head row beside the table holds the newest position, signed; it is also the lock that gives positions without gaps
in commit order. The head goes to the log stream too, where a cut of both tables shows.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.audit_chain import GENESIS, ChainKey, Head, Stored
from mesh.audit_verification import Verification, Walk
from mesh.columns import UtcDateTime
from mesh.database import SCHEMA
from mesh.pseudonyms import derive

__all__ = ["AuditLog", "Entry", "Head", "Record", "Verification", "audit_table"]

_LOG = logging.getLogger("mesh.audit")
_HEAD_ID = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. Names a subject by `subject_id` only; details hold no raw id and no text of a player."""

    actor: str
    """Name of the caller, or `system`."""
    action: str
    """What was done: `release.created`."""
    subject_id: str | None = None
    """Whom it was about, where it was about one subject."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """JSON values."""


@dataclass(frozen=True, slots=True)
class Record:
    """A stored entry."""

    position: int
    """From 1, without gaps, in the order of commits."""
    at: datetime
    actor: str
    action: str
    subject_id: str | None
    details: dict[str, Any]
    mac: bytes


def audit_table(metadata: sa.MetaData, name: str, schema: str | None = SCHEMA) -> sa.Table:
    """Return the table of entries, and register `<name>_head` beside it in `metadata`."""
    sa.Table(
        f"{name}_head",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sa.Column("cut_position", sa.BigInteger, nullable=False),
        sa.Column("cut_mac", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        schema=schema,
    )
    return sa.Table(
        name,
        metadata,
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime, nullable=False, index=True),
        sa.Column("actor", sa.String(256), nullable=False),
        sa.Column("action", sa.String(128), nullable=False),
        sa.Column("subject_id", sa.String(64), index=True),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        schema=schema,
    )


class AuditLog:
    """The chain of one service."""

    def __init__(self, table: sa.Table, key: bytes, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Chain under a key of its own, derived from `key` (TTA_AUDIT_KEY) and the table's name."""
        self._table = table
        name = f"{table.name}_head"
        self._heads = table.metadata.tables[f"{table.schema}.{name}" if table.schema else name]
        self._key = ChainKey(derive(key, f"audit {table.name}"))
        self._now = now

    async def append(self, connection: AsyncConnection, *entries: Entry) -> int:
        """Add entries in the caller's transaction and return the last position.

        Takes the chain's lock until the transaction ends: append last, and keep the transaction short.
        """
        head = await self._locked(connection)
        at, position, mac = self._now(), head.position, head.mac
        rows = []
        for entry in entries:
            details = json.dumps(entry.details, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            position += 1
            mac = self._key.link(mac, Stored(position, at, entry.actor, entry.action, entry.subject_id, details))
            rows.append(
                {
                    "position": position,
                    "at": at,
                    "actor": entry.actor,
                    "action": entry.action,
                    "subject_id": entry.subject_id,
                    "details": details,
                    "mac": mac,
                }
            )
        await connection.execute(self._table.insert(), rows)
        await self._sign(connection, Head(position, mac, head.cut_position, head.cut_mac))
        return position

    async def head(self, connection: AsyncConnection) -> Head:
        """Return the head as stored, unchecked."""
        row = (await connection.execute(sa.select(self._heads).where(self._heads.c.id == _HEAD_ID))).one_or_none()
        if row is None:
            return self._signed(Head(0, GENESIS, 0, GENESIS))
        return Head(row.position, row.mac, row.cut_position, row.cut_mac, row.signature)

    async def log_head(self, connection: AsyncConnection) -> Head:
        """Write the signed head to the log stream, where no one who holds the database can change it."""
        head = await self.head(connection)
        _LOG.info(
            "audit_head",
            extra={
                "chain": self._table.name,
                "position": head.position,
                "signature": head.signature.hex(),
                "head": head.token(),
            },
        )
        return head

    async def cut(self, connection: AsyncConnection, before: datetime) -> int:
        """Remove the entries older than `before` and return how many; a signed checkpoint and an entry tell of it."""
        head = await self._locked(connection)
        table = self._table
        young = sa.select(sa.func.min(table.c.position)).where(table.c.at >= before)
        first_kept = (await connection.execute(young)).scalar_one() or head.position + 1
        last = sa.select(table.c.position, table.c.mac).where(table.c.position == first_kept - 1)
        row = (await connection.execute(last)).one_or_none()
        if row is None:
            return 0
        await connection.execute(sa.delete(table).where(table.c.position <= row.position))
        await self._sign(connection, Head(head.position, head.mac, row.position, row.mac))
        removed = int(row.position) - head.cut_position
        await self.append(
            connection, Entry("system", "audit.cut", details={"removed": removed, "through": row.position})
        )
        return removed

    async def list(
        self,
        connection: AsyncConnection,
        *,
        limit: int,
        before: int | None = None,
        action: str | None = None,
        actor: str | None = None,
        subject_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[Record]:
        """Return entries, newest first, from below position `before` on, that match every filter given.

        Moments reach from `since` on to before `until`.
        """
        table = self._table
        query = sa.select(table).order_by(table.c.position.desc()).limit(limit)
        if before is not None:
            query = query.where(table.c.position < before)
        if since is not None:
            query = query.where(table.c.at >= since)
        if until is not None:
            query = query.where(table.c.at < until)
        for column, value in ((table.c.action, action), (table.c.actor, actor), (table.c.subject_id, subject_id)):
            if value is not None:
                query = query.where(column == value)
        rows = (await connection.execute(query)).all()
        return [
            Record(row.position, row.at, row.actor, row.action, row.subject_id, json.loads(row.details), row.mac)
            for row in rows
        ]

    async def verify(
        self, connection: AsyncConnection, *, known: Head | None = None, chunk: int = 1000
    ) -> Verification:
        """Walk along the whole chain and compare it with its signed head, and with a `known` one from the log stream.

        Entries that are appended meanwhile are not looked at. Reads `chunk` rows at a time.
        """
        # The newest position first: an entry that is appended between the two is not taken for a forged one.
        newest = (await connection.execute(sa.select(sa.func.max(self._table.c.position)))).scalar_one() or 0
        walk = Walk(self._table, self._key, await self.head(connection))
        return await walk.verify(connection, newest, known, chunk)

    async def _locked(self, connection: AsyncConnection) -> Head:
        query = sa.select(self._heads).where(self._heads.c.id == _HEAD_ID).with_for_update()
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            first = self._signed(Head(0, GENESIS, 0, GENESIS))
            insert = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(self._heads)
            await connection.execute(insert.values(id=_HEAD_ID, **first.columns()).on_conflict_do_nothing())
            row = (await connection.execute(query)).one()
        return Head(row.position, row.mac, row.cut_position, row.cut_mac, row.signature)

    async def _sign(self, connection: AsyncConnection, head: Head) -> None:
        values = self._signed(head).columns()
        await connection.execute(sa.update(self._heads).where(self._heads.c.id == _HEAD_ID).values(**values))

    def _signed(self, head: Head) -> Head:
        return Head(head.position, head.mac, head.cut_position, head.cut_mac, self._key.signature(head))
