"""The database of one service: PostgreSQL, or one SQLite file with one writer.

SQLAlchemy Core only. A transaction begins when `begin` or `read` is entered and ends with its block.
"""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from mesh import sqlite_connection
from mesh.refusal import Aborted, FailedPrecondition, InvalidArgument, Unavailable
from mesh.settings import SettingError

if TYPE_CHECKING:
    import asyncpg

SCHEMA = "analytics"
"""PostgreSQL schema of all tables; SQLite has none."""

_DRIVERS = {"postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}
_CONFLICTS = {"40001", "40P01"}
_UNSTORABLE = {"22021", "22P05"}
"""PostgreSQL takes no NUL in a text."""
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_DISK_FULL = "53100"
_READ_ONLY = "25006"
_AWAY = {"57P01", "57P02", "57P03", "53300", "25P03", "25P04"}
WHOLE_SECONDS = 60
"""So long a transaction may take that others wait for. Who stops while a statement is made ready is not idle."""
BOUND_TRANSACTIONS = f"""
SELECT set_config('transaction_timeout', '{WHOLE_SECONDS}s', false)
WHERE current_setting('server_version_num')::int >= 170000
"""
"""PostgreSQL 17 is the first that can."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON")
"""What is deleted is overwritten: an erased player is not to be found in free pages."""


def parse_url(url: str) -> URL:
    """Return the address with the async driver that we use."""
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS[parsed.get_backend_name()])


def create_engine(
    url: str, *, pool_size: int = 10, writable: bool = True, idle_seconds: int | None = None
) -> AsyncEngine:
    """Return an engine with the pragmas, transactions and schema translation of this house.

    With `idle_seconds` PostgreSQL ends a transaction that sends it nothing for so long, or that lasts `WHOLE_SECONDS`.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        settings = {"timezone": "UTC", "application_name": "tta-analytics"}
        if idle_seconds is not None:
            settings["idle_in_transaction_session_timeout"] = f"{idle_seconds}s"
        engine = create_async_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            connect_args={"timeout": 10, "server_settings": settings},
        )
        event.listen(engine.sync_engine, "handle_error", _leave_read_only)
        if idle_seconds is not None:
            event.listen(engine.sync_engine, "connect", _bound_transactions)
        return engine
    if parsed.database in (None, "", ":memory:"):
        raise ValueError("SQLite needs a file: readers and the writer have connections of their own")
    file = str(parsed.database)
    _create_for_owner(Path(file))
    engine = create_async_engine(
        parsed,
        async_creator=partial(sqlite_connection.connect, file),
        pool_size=pool_size,
        max_overflow=0,
        execution_options={"schema_translate_map": {SCHEMA: None}},
    )
    _prepare_sqlite(engine, writable=writable)
    return engine


def _bound_transactions(connection: Any, _: Any) -> None:
    connection.run_async(lambda raw: raw.execute(BOUND_TRANSACTIONS))


def _leave_read_only(context: sa.engine.ExceptionContext) -> None:
    """Drop all connections where the server takes no writes any more: after a failover another one does.

    Such a server answers pings, and its name may lead to the other one only with the next connection.
    """
    if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
        context.is_disconnect = True


def _create_for_owner(file: Path) -> None:
    """Create a database that only its owner may read; SQLite gives its journals the same mode."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise SettingError("TTA_DATABASE_URL", f"no database can be made at {file} ({error.strerror})") from error


def _prepare_sqlite(engine: AsyncEngine, *, writable: bool) -> None:
    """Set the pragmas on connect and take transactions into our own hands."""

    def connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS if writable else (*_PRAGMAS, "query_only=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writable else "BEGIN")

    event.listen(engine.sync_engine, "connect", connect)
    event.listen(engine.sync_engine, "begin", begin)


class Database:
    """A pool of connections; on SQLite one connection writes and the others read."""

    def __init__(self, url: str, *, pool_size: int = 10, idle_seconds: int | None = None) -> None:
        """Prepare for `url`; nothing is connected yet.

        With `idle_seconds` a process that is stopped within a transaction gives back what it holds after so long, where
        the database is PostgreSQL. Its transaction is rolled back.
        """
        self._writer = create_engine(url, pool_size=pool_size, idle_seconds=idle_seconds)
        self.dialect: str = self._writer.dialect.name
        """`sqlite` or `postgresql`."""
        self._reader, self._turn = self._writer, None
        if self.dialect == "sqlite":
            self._writer = create_engine(url, pool_size=1)
            self._reader = create_engine(url, pool_size=pool_size, writable=False)
            self._turn = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Enter a transaction that commits at the end of the block and rolls back on any error.

        Raises Unavailable where the database is away, Aborted where a concurrent transaction won.
        """
        turn: AbstractAsyncContextManager[None] = self._turn or nullcontext()
        async with turn, transaction(self._writer) as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Enter a read-only view of one moment on SQLite, of each statement's moment on PostgreSQL."""
        async with transaction(self._reader) as connection:
            yield connection

    async def now(self, connection: AsyncConnection) -> datetime:
        """Return the database's clock, UTC."""
        return await clock(connection)

    async def ping(self) -> bool:
        """Return whether the database answers."""
        try:
            async with self.read() as connection:
                await connection.execute(sa.text("SELECT 1"))
        except Unavailable:
            return False
        return True

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Enter a transaction of `engine`; raises as `Database.begin`."""
    with translated():
        try:
            connection = await engine.connect()
        except (OSError, TimeoutError, PoolTimeoutError) as error:
            raise _unavailable() from error
        async with AsyncExitStack() as stack:
            stack.push_async_exit(connection)
            async with connection.begin():
                yield connection


async def clock(connection: AsyncConnection) -> datetime:
    """Return the moment that the database's clock shows, UTC; microseconds on PostgreSQL, milliseconds on SQLite."""
    if connection.dialect.name == "postgresql":
        moment: datetime = (await connection.execute(sa.text("SELECT clock_timestamp()"))).scalar_one()
        return moment.astimezone(UTC)
    text = (await connection.execute(sa.text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"))).scalar_one()
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def driver(connection: AsyncConnection) -> "asyncpg.Connection[Any]":
    """Return asyncpg's own connection inside the running transaction, for COPY. PostgreSQL only.

    SQLAlchemy begins lazily: without a statement first, what the driver runs would not belong to the transaction.
    """
    await connection.exec_driver_sql("SELECT 1")
    raw: asyncpg.Connection[Any] = (await connection.get_raw_connection()).driver_connection
    return raw


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors that a caller or an operator can do something about into refusals that say what."""
    try:
        yield
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state in _CONFLICTS:
            raise Aborted("concurrent_change", "A concurrent change won; send the request again.") from error
        if state in _UNSTORABLE:
            raise InvalidArgument(
                "text_unstorable", "A text holds characters that can't be stored, NUL for one."
            ) from error
        if getattr(error.orig, "sqlite_errorcode", None) in _DAMAGED:
            raise FailedPrecondition(
                "database_damaged",
                "The file of TTA_DATABASE_URL is no SQLite database, or it is damaged: "
                "name another file, or restore it from a backup.",
            ) from error
        if out_of_room(error.orig):
            raise disk_full() from error
        if error.connection_invalidated or state in _AWAY or _is_away(error, state):
            raise _unavailable() from error
        raise


def _is_away(error: DBAPIError, state: str | None) -> bool:
    if isinstance(error, InterfaceError):
        return state is None
    if isinstance(error, OperationalError):
        return state is None and "no such" not in str(error.orig)
    return state is not None and state.startswith("08")


def out_of_room(error: BaseException | None) -> bool:
    """Return whether a driver's error says that the disk is full."""
    return (
        getattr(error, "sqlstate", None) == _DISK_FULL
        or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    )


def disk_full() -> Unavailable:
    """Return the refusal of what the database has no room for: to be sent again, as while it is away."""
    return Unavailable(
        "database_full", "The database's disk is full: an operator has to make room. Try again.", retry_after=10.0
    )


def _unavailable() -> Unavailable:
    return Unavailable("database_unavailable", "The database is away or busy; try again.", retry_after=1.0)
