"""Schema changes, in process, forwards and back, safe when several replicas start at once.

Each service keeps Alembic revisions in `<service>/migrations/versions/` and its own version table. A revision calls
`schema()` for the `schema=` of its tables, because SQLite has none.

Whoever uses the tables goes on meanwhile. A change that waits for a table makes all who come later wait behind it, so
on PostgreSQL a statement waits `WAIT` at most; then all is undone, and tried again after a pause, while a backup or a
long read goes on, for `PATIENCE` at most. A revision changes tables before it builds indexes: what lasts comes last.
"""

import asyncio
import importlib.util
import logging
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from mesh.database import SCHEMA, create_engine, transaction
from mesh.refusal import Aborted, NotFound, Unavailable

WAIT = timedelta(seconds=1)
"""How long one statement of a migration waits for a table."""
PAUSE = timedelta(seconds=5)
"""Between a try and the next: those who waited behind the first are through by then."""
PATIENCE = timedelta(minutes=12)
"""How long it is tried: less than its Job has, so that the log says why nothing was changed."""

_HELD = "55P03"
_LOG = logging.getLogger(__name__)


def schema() -> str | None:
    """Return the schema of the tables of the running migration: `analytics` on PostgreSQL, none on SQLite."""
    return SCHEMA if op.get_bind().dialect.name == "postgresql" else None


async def upgrade(url: str, package: str, revision: str = "head", *, patience: timedelta = PATIENCE) -> None:
    """Bring the tables of `package` (`aggregation_svc`) forward to `revision`, all or nothing; raises as `move`."""
    scripts = _scripts(package)
    await _migrate(url, package, scripts, lambda held, _: scripts._upgrade_revs(revision, held), patience)


async def downgrade(url: str, package: str, revision: str, *, patience: timedelta = PATIENCE) -> None:
    """Bring the tables of `package` back to `revision`; `base` removes them. Their data is lost."""
    scripts = _scripts(package)
    await _migrate(url, package, scripts, lambda held, _: scripts._downgrade_revs(revision, held), patience)


async def move(url: str, package: str, revision: str) -> None:
    """Bring the tables of `package` to `revision`, forward or back, whichever way it lies from where they are.

    Raises:
        NotFound: there is no such revision, or the tables are at one that this version does not know.
        Unavailable: the database is away, or somebody holds a table for longer than `PATIENCE`.
    """
    scripts = _scripts(package)
    held = await current(url, package)
    with _known():
        target = None if revision == "base" else scripts.as_revision_number(revision)
        behind = {script.revision for script in scripts.iterate_revisions(held, "base")} if held else set()
    back = held is not None and held != target and (target is None or target in behind)
    await (downgrade if back else upgrade)(url, package, revision)


async def current(url: str, package: str) -> str | None:
    """Return the revision that the tables of `package` are at; none before the first.

    Raises:
        Unavailable: the database is away.
    """
    engine = create_engine(url, pool_size=1)
    try:
        async with transaction(engine) as connection:
            return await connection.run_sync(lambda sync: _context(sync, package).get_current_revision())
    finally:
        await engine.dispose()


def head(package: str) -> str | None:
    """Return the newest revision that the code of `package` knows."""
    return _scripts(package).get_current_head()


async def _migrate(url: str, package: str, scripts: ScriptDirectory, steps: Any, patience: timedelta) -> None:
    engine = create_engine(url, pool_size=1)
    deadline = time.monotonic() + patience.total_seconds()
    try:
        with _known():
            while not await _tried(engine, package, scripts, steps):
                if time.monotonic() > deadline:
                    raise Unavailable(
                        "tables_in_use",
                        f"Somebody has used the tables of {package} for {patience}, a backup or a long read: "
                        "nothing was changed. Migrate again when it has ended.",
                    )
                _LOG.warning("migration_waits", extra={"package": package})
                await asyncio.sleep(PAUSE.total_seconds())
    finally:
        await engine.dispose()


async def _tried(engine: AsyncEngine, package: str, scripts: ScriptDirectory, steps: Any) -> bool:
    """Migrate, or undo all and return False where somebody else holds a table."""
    try:
        async with transaction(engine) as connection:
            await connection.run_sync(_run, package, scripts, steps)
    except Aborted:
        return False
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _HELD:
            raise
        return False
    return True


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise NotFound("revision_not_found", f"{error}.") from error


def _run(connection: sa.Connection, package: str, scripts: ScriptDirectory, steps: Any) -> None:
    if connection.dialect.name == "postgresql":
        # One migration at a time per database; the lock goes with the transaction.
        lock = sa.select(sa.func.pg_advisory_xact_lock(zlib.crc32(b"tta-analytics migrations")))
        connection.execute(lock)
        known = sa.text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
        if connection.execute(known, {"name": SCHEMA}).first() is None:
            connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
        # After the lock of ours: a replica that migrates may take long, and nobody queues behind who waits for it.
        connection.execute(sa.text(f"SET LOCAL lock_timeout = {WAIT // timedelta(milliseconds=1)}"))
    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, **_options(connection, package))
        environment.run_migrations()


def _context(connection: sa.Connection, package: str) -> MigrationContext:
    return MigrationContext.configure(connection, opts=_options(connection, package))


def _options(connection: sa.Connection, package: str) -> dict[str, Any]:
    return {
        "version_table": f"{package.removesuffix('_svc')}_version",
        "version_table_schema": SCHEMA if connection.dialect.name == "postgresql" else None,
        "transactional_ddl": True,
    }


def _scripts(package: str) -> ScriptDirectory:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"no package {package}")
    folder = Path(spec.submodule_search_locations[0]) / "migrations"
    return ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])
