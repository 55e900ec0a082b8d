"""The log's transactions on PostgreSQL: one or two round trips for any number of alerts.

One connection of its own, straight on asyncpg. Everything is written in one statement, which commits by itself and
checks what it follows from. As long as nobody else writes, and what fires is new, that is all. Else the log is read
first. Where another replica was faster then too, or one statement is too few, the log's row is locked: begin and lock;
read; write; commit.
"""

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg
import sqlalchemy as sa

from mesh.database import BOUND_TRANSACTIONS, SCHEMA, disk_full, parse_url
from mesh.refusal import Unavailable
from monitoring_svc.adapters.store import alert_rows, arrangements, delivery_rows
from monitoring_svc.adapters.store.log_left import UNREAD, LogLeft
from monitoring_svc.adapters.store.log_session import Care, LogSession, Opening, Overtaken, Seal
from monitoring_svc.adapters.store.log_statement import CURRENT, PARTS, json_columns, write_statement
from monitoring_svc.adapters.store.tables import alerts
from monitoring_svc.adapters.store.writing import changing, split_groups
from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.delivery import Delivery, told_together, with_content
from monitoring_svc.domain.routing import Arrangements
from monitoring_svc.ports import RequestKey

_SETTINGS = {
    "timezone": "UTC",
    "application_name": "tta-analytics log",
    "idle_in_transaction_session_timeout": "5s",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "jit": "off",
}
"""A process that is stopped within a transaction would hold the log's lock, and so every alert of the others.

The few statements are planned once, not anew for each list of fingerprints, and by index, however empty the tables are
then.
"""
_AWAY = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.InsufficientPrivilegeError, OSError)
_DEMOTED = (asyncpg.ReadOnlySQLTransactionError,)
"""Another server takes the writes by now: the next connection finds it."""
_GOING = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError)
_STOPPED = (
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
    asyncpg.InternalClientError,
)
"""The last is what the driver says where it reads that farewell while it sends."""
_FULL = (asyncpg.TooManyConnectionsError,)


_BEGIN = f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT FROM {SCHEMA}.alert_log FOR UPDATE"
"""One round trip for both; each later statement sees what was committed before the lock was had."""

_READ = f"""
SELECT log.xmin AS log_row, log.head AS log_head, log.arrangements_version AS log_version,
clock_timestamp() AS log_now, alert.*
FROM {SCHEMA}.alert_log AS log LEFT JOIN {SCHEMA}.realtime_alerts AS alert
ON alert.fingerprint = ANY($1::text[]) AND {CURRENT}
"""  # noqa: S608 the names are those of our own tables

_WAITING = f"""
SELECT alert_id, contact_id FROM {SCHEMA}.notification_deliveries
WHERE alert_id = ANY($1::text[]) AND state = 'pending' AND group_key IS NULL AND (attempts = 0 OR last_error <> '')
FOR SHARE SKIP LOCKED
"""  # noqa: S608 the names are those of our own tables
"""A message that somebody holds is under way: who holds it may have stopped."""

_SHARED = f"""
SELECT delivery_id, content FROM {SCHEMA}.notification_deliveries
WHERE group_key = $1 AND state = 'pending' AND fence = 0 LIMIT 1 FOR UPDATE
"""  # noqa: S608 the names are those of our own tables


ANSWER_SECONDS = 10.0
"""How long the database may take for an answer: where its machine vanished nothing else would say so for minutes."""
LOCK_SECONDS = 1.0
"""So long after another replica was faster the log is locked before it is read."""


class PostgresLogSessions:
    """Sessions on a connection of their own: one group runs at a time."""

    def __init__(self, url: str, *, connected: Callable[[], None] = lambda: None) -> None:
        """Connect to `url` when first needed; `connected` hears of each connection, which may be to an older log."""
        self._url = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: asyncpg.Connection[Any] | None = None
        self._connected = connected
        self._left = LogLeft()
        self._locked_until = 0.0

    @asynccontextmanager
    async def begin(self, care: Care) -> AsyncIterator[LogSession]:
        """Enter a session, in a transaction where it locks; raises Unavailable where the database is away."""
        if time.monotonic() < self._locked_until:
            care = Care.LOCK
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(
                    self._url, timeout=ANSWER_SECONDS, command_timeout=ANSWER_SECONDS, server_settings=_SETTINGS
                )
                await self._connection.execute(BOUND_TRANSACTIONS)
                self._left.forget()
                self._connected()
            connection = self._connection
            if care is Care.LOCK:
                await connection.execute(_BEGIN)
            session = _PostgresSession(connection, care, self._left)
            yield session
            if care is Care.LOCK and await connection.execute("COMMIT") != "COMMIT":
                raise asyncpg.InterfaceError("the transaction was rolled back where it was to be committed")
            session.left_behind()
        except Overtaken:
            if session.outrun:
                self._locked_until = time.monotonic() + LOCK_SECONDS
            raise
        except asyncpg.DiskFullError as error:
            await self._let_go()
            raise disk_full() from error
        except (*_AWAY, *_DEMOTED, *_GOING, *_STOPPED, *_FULL) as error:
            await self._let_go()
            raise Unavailable(
                "database_unavailable", "The database is away or busy; try again.", retry_after=1.0
            ) from error
        except BaseException:
            # A connection that is left within a transaction would keep the lock.
            if self._connection is not None and self._connection.is_in_transaction():
                await self._let_go()
            raise

    async def _let_go(self) -> None:
        self._left.forget()
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            connection.terminate()

    async def aclose(self) -> None:
        """Close the connection."""
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close()
        self._connection = None


class _PostgresSession:
    def __init__(self, connection: "asyncpg.Connection[Any]", care: Care, memory: LogLeft) -> None:
        self._connection = connection
        self._care = care
        self._memory = memory
        self._left = UNREAD
        self._fingerprints: Sequence[str] = ()
        self._request_ids: Sequence[str] = ()
        self.outrun = False
        """Whether another wrote between our reading and our write."""

    async def open(self, fingerprints: Sequence[str]) -> Opening:
        """Return what may be assumed, else read; note which row of the log that was."""
        self._fingerprints = fingerprints
        assumed = self._memory.assume(fingerprints) if self._care is Care.ASSUME else None
        if assumed is not None:
            self._left, opening = assumed
            return opening
        if self._care is Care.ASSUME:
            self._care = Care.READ
        rows = await self._connection.fetch(_READ, list(fingerprints))
        first = rows[0]
        self._left = self._memory.note(first["log_row"], first["log_head"], first["log_version"], first["log_now"])
        found = [_alert(row) for row in rows if row["alert_id"] is not None]
        return Opening(self._left.head, self._left.version, self._left.now, found)

    def left_behind(self) -> None:
        """Note how the log was left; called when that is committed."""
        self._memory.keep(self._left, self._fingerprints)

    async def arrangements(self, version: int) -> Arrangements:
        """Read what people arranged: changes to it are committed before its version is seen.

        On this connection: those who change it hold all others of the pool, perhaps, while they wait for the log's row.
        """
        rows: dict[sa.Table, list[Mapping[str, Any]]] = {}
        for table in arrangements.TABLES:
            found = await self._connection.fetch(f"SELECT * FROM {SCHEMA}.{table.name}")  # noqa: S608 our names
            rows[table] = [_decoded(table, row) for row in found]
        return arrangements.arranged(rows, version)

    async def by_id(self, alert_ids: Sequence[str]) -> tuple[Sequence[Alert], Mapping[str, tuple[int, datetime]]]:
        """Return alerts and their escalation timers."""
        chosen = f"SELECT * FROM {SCHEMA}.realtime_alerts WHERE alert_id = ANY($1::text[])"  # noqa: S608 our names
        running = f"SELECT * FROM {SCHEMA}.escalation_timers WHERE alert_id = ANY($1::text[])"  # noqa: S608 our names
        found = [_alert(row) for row in await self._connection.fetch(chosen, list(alert_ids))]
        rows = await self._connection.fetch(running, list(alert_ids))
        return found, {row["alert_id"]: (row["step"], row["due_at"]) for row in rows}

    async def answered(self, request_ids: Sequence[str]) -> Mapping[RequestKey, bytes]:
        """Return the answers that were kept for requests of these ids; none where that is assumed."""
        self._request_ids = request_ids
        if self._care is Care.ASSUME:
            return {}
        chosen = f"SELECT * FROM {SCHEMA}.monitoring_requests WHERE request_id = ANY($1::text[])"  # noqa: S608 our names
        return {
            RequestKey(row["caller"], row["call"], row["request_id"], row["fingerprint"]): row["answer"]
            for row in await self._connection.fetch(chosen, list(request_ids))
        }

    async def waiting(self, alert_ids: Sequence[str]) -> set[tuple[str, str]]:
        """Return (alert, contact) of the messages about these alerts that wait alone: for their turn, or once more."""
        rows = await self._connection.fetch(_WAITING, list(alert_ids))
        return {(row["alert_id"], row["contact_id"]) for row in rows}

    async def write(self, book: Book, seal: Seal, answered: Sequence[Mapping[str, Any]]) -> None:
        """Write what the book made, and the answers to keep, in one statement where that suffices."""
        alone, shared = split_groups(book.deliveries)
        if shared and self._care is not Care.LOCK:
            raise Overtaken(Care.LOCK)
        for key, members in shared.items():
            alone.extend(await self._share(key, members))
        created = []
        for alert_id in book.created:
            user_id = book.sealed_ids.get(alert_id)
            sealed = alert_rows.UNSEALED if user_id is None else seal(user_id, alert_id)
            created.append({**alert_rows.to_row(book.by_id[alert_id]), **sealed})
        changed = [{"alert_id": one, **changing(book.by_id[one])} for one in book.changed if one not in book.created]
        kept = [
            {"alert_id": alert_id, "step": timer[0], "due_at": timer[1]}
            for alert_id, timer in book.timers.items()
            if timer is not None
        ]
        gone = [{"alert_id": alert_id} for alert_id, timer in book.timers.items() if timer is None]
        assumed = self._care is Care.ASSUME
        if not (book.changed or book.events or alone or book.timers or answered):
            if assumed:
                raise Overtaken(Care.READ)
            return
        rows: tuple[Sequence[Mapping[str, Any]], ...] = (
            created,
            changed,
            [alert_rows.to_event_row(event) for event in book.events],
            kept,
            gone,
            [delivery_rows.to_row(one) for one in alone],
            answered,
        )
        arrays = [array for part, some in zip(PARTS, rows, strict=True) if some for array in part.arrays(some)]
        names = (list(self._fingerprints), list(self._request_ids)) if assumed else ()
        left = self._left
        statement = write_statement(tuple(map(bool, rows)), new=assumed)
        written = await self._connection.fetchrow(statement, book.head, left.row, *names, *arrays)
        if written is None and assumed:
            self._memory.doubt(left)
            raise Overtaken(Care.READ)
        if written is None:
            self.outrun = True
            raise Overtaken(Care.LOCK)
        self._left = self._memory.note(written["log_row"], book.head, left.version, written["log_now"])

    async def _share(self, key: str, members: list[Delivery]) -> list[Delivery]:
        """Add to a message of that group that still waits; return what needs a message of its own."""
        row = await self._connection.fetchrow(_SHARED, key)
        if row is None:
            return [with_content(members[0], told_together(members[0].content, members[1:]))]
        content = told_together(json.loads(row["content"]), members)
        await self._connection.execute(
            f"UPDATE {SCHEMA}.notification_deliveries SET content = $2 WHERE delivery_id = $1",  # noqa: S608 our names
            row["delivery_id"],
            json.dumps(content),
        )
        return []


def _alert(row: "asyncpg.Record") -> Alert:
    return alert_rows.from_row(_decoded(alerts, row))


def _decoded(table: sa.Table, row: "asyncpg.Record") -> dict[str, Any]:
    """Return a row with its JSON read."""
    values = dict(row)
    for name in json_columns(table):
        values[name] = json.loads(values[name])
    return values
