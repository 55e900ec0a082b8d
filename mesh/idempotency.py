"""A write that is sent again with the same `request_id` is answered as the first time and counts once."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.columns import UtcDateTime
from mesh.database import SCHEMA
from mesh.refusal import AlreadyExists, Violation

KEPT = timedelta(hours=24)


def idempotency_table(metadata: sa.MetaData, name: str = "answered_requests", schema: str | None = SCHEMA) -> sa.Table:
    """Return the table of answered requests; a service that shares a database gives it a name of its own."""
    return sa.Table(
        name,
        metadata,
        sa.Column("caller", sa.String(256), primary_key=True),
        sa.Column("call", sa.String(256), primary_key=True),
        sa.Column("request_id", sa.String(128), primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("subject_id", sa.String(64), index=True),
        sa.Column("created_at", UtcDateTime, nullable=False, index=True),
        schema=schema,
    )


def utc_now() -> datetime:
    """Return this process's clock."""
    return datetime.now(UTC)


class Idempotency:
    """The answers of the last 24 hours, by caller, call and request id."""

    def __init__(
        self,
        table: sa.Table,
        *,
        key: bytes = b"",
        now: Callable[[], datetime] = utc_now,
        kept: timedelta | None = KEPT,
    ) -> None:
        """Keep answers in `table`; `key` keeps ids in requests and request ids from being guessed.

        Answers stand for `kept`, for ever without it.
        """
        self._kept_for = kept
        self._table = table
        self._key = key
        self._now = now

    def fingerprint(self, request: Message) -> bytes:
        """Return 32 bytes that stand for the content of a request, whatever its `request_id`."""
        content = type(request)()
        content.CopyFrom(request)
        if "request_id" in content.DESCRIPTOR.fields_by_name:
            content.ClearField("request_id")
        return hmac.digest(self._key or b"\0", content.SerializeToString(deterministic=True), "sha256")

    async def replay(
        self, connection: AsyncConnection, caller: str, call: str, request_id: str, fingerprint: bytes
    ) -> bytes | None:
        """Return the answer already given to this request, none where it is new; then the caller answers it.

        Takes the request id within the caller's transaction: a second one at the same time waits for the first one's
        commit and then gets its answer. An empty request id is always new.
        Raises AlreadyExists (`request_id_reused`) where the id was used for another request.
        """
        if not request_id:
            return None
        table, key = self._table, self._key_of(caller, call, request_id)
        now = self._now()
        if self._kept_for is not None:
            await connection.execute(sa.delete(table).where(key, table.c.created_at < now - self._kept_for))
        insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
        taken = await connection.execute(
            insert.values(
                caller=caller,
                call=call,
                request_id=self._kept(request_id),
                fingerprint=fingerprint,
                created_at=now,
            ).on_conflict_do_nothing()
        )
        if taken.rowcount == 1:
            return None
        row = (await connection.execute(sa.select(table.c.fingerprint, table.c.answer).where(key))).one()
        if not hmac.compare_digest(row.fingerprint, fingerprint):
            violation = Violation("request_id", "request_id_reused", "was used for another request; take a new one")
            raise AlreadyExists("request_id_reused", f"request_id {violation.description}.", violations=[violation])
        answer: bytes | None = row.answer
        return answer

    async def answered(
        self, connection: AsyncConnection, caller: str, call: str, request_id: str, fingerprint: bytes
    ) -> bytes | None:
        """Return the answer already given to this very request without taking its id, none where there is none."""
        if not request_id:
            return None
        table = self._table
        query = sa.select(table.c.answer).where(
            self._key_of(caller, call, request_id), table.c.fingerprint == fingerprint
        )
        if self._kept_for is not None:
            query = query.where(table.c.created_at >= self._now() - self._kept_for)
        answer: bytes | None = (await connection.execute(query)).scalar_one_or_none()
        return answer

    async def remember(
        self,
        connection: AsyncConnection,
        caller: str,
        call: str,
        request_id: str,
        fingerprint: bytes,
        answer: bytes,
        *,
        subject_id: str | None = None,
    ) -> None:
        """Keep the serialised answer in the transaction of the act; `subject_id` lets erasure find it."""
        if not request_id:
            return
        table = self._table
        await connection.execute(
            sa.update(table)
            .where(self._key_of(caller, call, request_id), table.c.fingerprint == fingerprint)
            .values(answer=answer, subject_id=subject_id)
        )

    async def release(self, connection: AsyncConnection, caller: str, call: str, request_id: str) -> None:
        """Let go of a request that was taken and refused, so that it may come again with other content."""
        unanswered = self._table.c.answer.is_(None)
        await connection.execute(sa.delete(self._table).where(self._key_of(caller, call, request_id), unanswered))

    async def forget(self, connection: AsyncConnection, subject_id: str) -> int:
        """Remove the answers that tell of a subject; return how many."""
        gone = await connection.execute(sa.delete(self._table).where(self._table.c.subject_id == subject_id))
        return gone.rowcount

    async def expire(self, connection: AsyncConnection) -> int:
        """Remove the answers that are older than 24 hours; return how many."""
        old = self._table.c.created_at < self._now() - KEPT
        return (await connection.execute(sa.delete(self._table).where(old))).rowcount

    def _key_of(self, caller: str, call: str, request_id: str) -> sa.ColumnElement[bool]:
        table = self._table
        return sa.and_(table.c.caller == caller, table.c.call == call, table.c.request_id == self._kept(request_id))

    def _kept(self, request_id: str) -> str:
        """Return what is stored of a request id: senders put ids of players and sessions into theirs."""
        return hmac.digest(self._key, f"request id {request_id}".encode(), "sha256").hex()
