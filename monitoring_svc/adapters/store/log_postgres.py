"""The log's transactions on PostgreSQL: two round trips for any number of alerts.

One connection of its own, straight on asyncpg: read; write everything in one statement, which commits by itself. That
statement first takes the log's one row, and writes only where the row is the one that was read (its `xmin`, the
transaction that wrote it, tells): every write to the log writes that row. Where another replica was faster, or one
statement is too few, the row is locked first: begin and lock; read; write; commit. Each table's rows travel as one
array a column, so that every group size shares the same few prepared statements.
"""

import json
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any

import asyncpg
import orjson
import sqlalchemy as sa

from mesh.database import SCHEMA, parse_url
from mesh.refusal import Unavailable
from monitoring_svc.adapters.store import alert_rows, arrangements, delivery_rows
from monitoring_svc.adapters.store.log_session import LogSession, Opening, Overtaken, Seal
from monitoring_svc.adapters.store.tables import alert_events, alerts, deliveries, requests, timers
from monitoring_svc.adapters.store.writing import CHANGING, changing, line_of, split_groups
from monitoring_svc.domain.alert import Alert, AlertState
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.delivery import Delivery, with_content
from monitoring_svc.domain.routing import Arrangements
from monitoring_svc.ports import RequestKey

_TYPES: tuple[tuple[type[Any], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.SmallInteger, "smallint"),
    (sa.BigInteger, "bigint"),
    (sa.Integer, "integer"),
    (sa.LargeBinary, "bytea"),
    (sa.JSON, "jsonb"),
    (sa.DateTime, "timestamptz"),
)
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
_GOING = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError)
_STOPPED = (asyncpg.IdleInTransactionSessionTimeoutError, asyncpg.InternalClientError)
"""The second is what the driver says where it reads that farewell while it sends."""
_FULL = (asyncpg.TooManyConnectionsError,)


def _type(column: sa.Column[Any]) -> str:
    kind = column.type
    if isinstance(kind, sa.types.TypeDecorator):
        kind = kind.impl_instance
    return next((name for known, name in _TYPES if isinstance(kind, known)), "text")


class _Rows:
    """Rows of one table within the one statement, from one array a column."""

    def __init__(self, table: sa.Table, columns: Sequence[str], statement: str) -> None:
        """Write `columns` of `table` by `statement`, in which `{source}` stands for the arrays."""
        self.columns = tuple(columns)
        self._types = tuple(_type(table.c[name]) for name in columns)
        self._names = ", ".join(f'"{name}"' for name in columns)
        self._statement = statement.replace("{table}", f"{SCHEMA}.{table.name}").replace("{names}", self._names)

    def sql(self, first: int) -> str:
        """Return the statement, its arrays numbered from `first`."""
        arrays = (f"${first + place}::{kind}[]" for place, kind in enumerate(self._types))
        return self._statement.replace("{source}", f"unnest({', '.join(arrays)}) AS fresh({self._names})")

    def arrays(self, rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
        """Return the rows as one list a column."""
        rows = list(rows)
        return [
            [orjson.dumps(row[name]).decode() for row in rows] if kind == "jsonb" else [row[name] for row in rows]
            for name, kind in zip(self.columns, self._types, strict=True)
        ]


def _columns(table: sa.Table, *without: str) -> list[str]:
    return [column.name for column in table.columns if column.name not in without]


_HELD = "EXISTS (SELECT FROM held)"
"""That the log's row is still the one that was read, and ours until the commit."""
_INSERT = f"INSERT INTO {{table}} ({{names}}) SELECT {{names}} FROM {{source}} WHERE {_HELD}"  # noqa: S608 our names
_SET = ", ".join(f'"{name}" = fresh."{name}"' for name in CHANGING)
_PARTS = (
    _Rows(alerts, _columns(alerts, "erase_when_resolved"), _INSERT),
    _Rows(
        alerts,
        ("alert_id", *CHANGING),
        f"UPDATE {{table}} AS old SET {_SET} FROM {{source}} WHERE old.alert_id = fresh.alert_id AND {_HELD}",  # noqa: S608 our names
    ),
    _Rows(alert_events, _columns(alert_events), _INSERT),
    _Rows(
        timers,
        _columns(timers),
        f"{_INSERT} ON CONFLICT (alert_id) DO UPDATE SET step = excluded.step, due_at = excluded.due_at",
    ),
    _Rows(
        timers,
        ("alert_id",),
        f"DELETE FROM {{table}} AS old USING {{source}} WHERE old.alert_id = fresh.alert_id AND {_HELD}",  # noqa: S608 our names
    ),
    _Rows(deliveries, _columns(deliveries, "sealed_address", "attachments", "delivered_at"), _INSERT),
    _Rows(requests, _columns(requests, "subject_id"), _INSERT),
)
"""What a transaction may write: alerts made, alerts changed, events, timers started and stopped, messages, answers."""


@cache
def _write(present: tuple[bool, ...]) -> str:
    """Return the statement that writes these parts: what is empty costs nothing, and there are few different ones."""
    parts, first = [f"held AS (UPDATE {SCHEMA}.alert_log SET head = $1 WHERE xmin = $2 RETURNING 1)"], 3  # noqa: S608 our names
    for number, (part, there) in enumerate(zip(_PARTS, present, strict=True)):
        if there:
            parts.append(f"part_{number} AS ({part.sql(first)})")
            first += len(part.columns)
    return f"WITH {', '.join(parts)} SELECT count(*) FROM held"  # noqa: S608 our names


_BEGIN = f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT FROM {SCHEMA}.alert_log FOR UPDATE"
"""One round trip for both; each later statement sees what was committed before the lock was had."""

_READ = f"""
SELECT log.xmin AS log_row, log.head AS log_head, log.arrangements_version AS log_version,
clock_timestamp() AS log_now, alert.*
FROM {SCHEMA}.alert_log AS log LEFT JOIN {SCHEMA}.realtime_alerts AS alert
ON alert.fingerprint = ANY($1::text[]) AND (NOT alert.is_resolved OR alert.quiet_until > clock_timestamp())
"""  # noqa: S608 the names are those of our own tables

_ERASE = f"""
UPDATE {SCHEMA}.realtime_alerts SET subject = NULL, sealed_subject = NULL, data = '{{}}'
WHERE alert_id = ANY($1::text[]) AND erase_when_resolved
"""  # noqa: S608 the names are those of our own tables

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

    def __init__(self, url: str) -> None:
        """Connect to `url` when first needed."""
        self._url = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: asyncpg.Connection[Any] | None = None
        self._locked_until = 0.0

    @asynccontextmanager
    async def begin(self, *, locked: bool) -> AsyncIterator[LogSession]:
        """Enter a session, in a transaction where it is `locked`; raises Unavailable where the database is away."""
        locked = locked or time.monotonic() < self._locked_until
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(
                    self._url, timeout=ANSWER_SECONDS, command_timeout=ANSWER_SECONDS, server_settings=_SETTINGS
                )
            connection = self._connection
            if locked:
                await connection.execute(_BEGIN)
            yield _PostgresSession(connection, locked=locked)
            if locked and await connection.execute("COMMIT") != "COMMIT":
                raise asyncpg.InterfaceError("the transaction was rolled back where it was to be committed")
        except Overtaken:
            self._locked_until = time.monotonic() + LOCK_SECONDS
            raise
        except (*_AWAY, *_GOING, *_STOPPED, *_FULL) as error:
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
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            connection.terminate()

    async def aclose(self) -> None:
        """Close the connection."""
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close()
        self._connection = None


class _PostgresSession:
    def __init__(self, connection: "asyncpg.Connection[Any]", *, locked: bool) -> None:
        self._connection = connection
        self._locked = locked
        self._row = 0

    async def open(self, fingerprints: Sequence[str]) -> Opening:
        """Read, and note which row of the log that was."""
        rows = await self._connection.fetch(_READ, list(fingerprints))
        first = rows[0]
        self._row = first["log_row"]
        found = [_alert(row) for row in rows if row["alert_id"] is not None]
        return Opening(first["log_head"], first["log_version"], first["log_now"], found)

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
        """Return the answers that were kept for requests of these ids."""
        chosen = f"SELECT * FROM {SCHEMA}.monitoring_requests WHERE request_id = ANY($1::text[])"  # noqa: S608 our names
        return {
            RequestKey(row["caller"], row["call"], row["request_id"], row["fingerprint"]): row["answer"]
            for row in await self._connection.fetch(chosen, list(request_ids))
        }

    async def write(self, book: Book, seal: Seal, answered: Sequence[Mapping[str, Any]]) -> None:
        """Write what the book made, and the answers to keep, in one statement where that suffices."""
        alone, shared = split_groups(book.deliveries)
        over = [one for one in book.changed if book.by_id[one].state is AlertState.RESOLVED]
        if (shared or over) and not self._locked:
            raise Overtaken
        for key, members in shared.items():
            alone.extend(await self._share(key, members))
        created = []
        for alert_id in book.created:
            user_id = book.sealed_ids.get(alert_id)
            row = alert_rows.to_row(book.by_id[alert_id])
            row["sealed_subject"] = None if user_id is None else seal(user_id, alert_id)
            created.append(row)
        changed = [{"alert_id": one, **changing(book.by_id[one])} for one in book.changed if one not in book.created]
        kept = [
            {"alert_id": alert_id, "step": timer[0], "due_at": timer[1]}
            for alert_id, timer in book.timers.items()
            if timer is not None
        ]
        gone = [{"alert_id": alert_id} for alert_id, timer in book.timers.items() if timer is None]
        if not (book.changed or book.events or alone or book.timers or answered):
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
        arrays = [array for part, some in zip(_PARTS, rows, strict=True) if some for array in part.arrays(some)]
        if not await self._connection.fetchval(_write(tuple(map(bool, rows))), book.head, self._row, *arrays):
            raise Overtaken
        if over:
            await self._connection.execute(_ERASE, over)

    async def _share(self, key: str, members: list[Delivery]) -> list[Delivery]:
        """Add to a message of that group that still waits; return what needs a message of its own."""
        row = await self._connection.fetchrow(_SHARED, key)
        if row is None:
            others = [line_of(one) for one in members[1:]]
            return [with_content(members[0], {**members[0].content, "others": others})]
        content = json.loads(row["content"])
        content["others"] = [*content.get("others", []), *(line_of(one) for one in members)]
        await self._connection.execute(
            f"UPDATE {SCHEMA}.notification_deliveries SET content = $2 WHERE delivery_id = $1",  # noqa: S608 our names
            row["delivery_id"],
            json.dumps(content),
        )
        return []


def _alert(row: "asyncpg.Record") -> Alert:
    return alert_rows.from_row(_decoded(alerts, row))


def _decoded(table: sa.Table, row: "asyncpg.Record") -> dict[str, Any]:
    """Return a row with its JSON read, which the driver leaves as text."""
    values = dict(row)
    for name in _json_columns(table):
        values[name] = json.loads(values[name])
    return values


@cache
def _json_columns(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if _type(column) == "jsonb")
