"""Facts as Parquet files, a month a folder and a file per bucket of subjects, for engines beyond one database.

Only facts of subjects who consented to analytics leave, under their random subject number; no session's name does.
A month is written in one moment of the database and shown by one rename. It is written again only where its facts
have changed since, by late facts, by a withdrawal, by an erasure, or where files are lost. The files before are then
removed, as soon as nobody reads them; so are those of writers that died.
"""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.export_manifest import BrokenManifest, File, Fingerprint, Manifest
from aggregation_svc.adapters.file_locks import locked
from aggregation_svc.adapters.parquet_buckets import Buckets, synchronised
from aggregation_svc.adapters.tables import FACTS, subjects
from aggregation_svc.domain.moments import micros, moment
from aggregation_svc.domain.periods import Grain, Period
from mesh.audit import AuditLog, Entry
from mesh.database import Database

PART = 20_000
"""Rows read at once."""
_DAY = 86_400 * 1_000_000
"""Microseconds of a day."""
_LOW = 0xFFFF_FFFF
"""The lower half of a number."""
_KEPT_BACK = {"session_id", "received_at", "updated_at"}
"""Columns that no engine needs."""
_MONTHS = "[0-9][0-9][0-9][0-9]-[0-9][0-9]"
_WRITING, _READING = ".lock", ".reading"
"""Locks of a month: one process writes at a time; what is being read is not removed."""


class FactExports:
    """The exports in one folder, and the database that they are made from."""

    def __init__(self, database: Database, audit: AuditLog, folder: Path, actor: str) -> None:
        """Write to `folder` in the name of `actor`."""
        self._database, self._audit, self._folder, self._actor = database, audit, folder, actor

    def exported(self) -> list[Period]:
        """Return the months that were exported, or whose export was begun."""
        names = (path.name for path in self._folder.glob(_MONTHS))
        return sorted(Period(datetime.fromisoformat(f"{name}-01T00:00:00+00:00"), Grain.MONTH) for name in names)

    async def months(self) -> list[Period]:
        """Return the months that hold facts, and those that were exported before."""
        found = set(self.exported())
        async with self._database.read() as connection:
            for table, column in FACTS:
                day = (table.c[column] // _DAY).label("day")
                for number in await connection.scalars(sa.select(day).distinct()):
                    found.add(Period.containing(Grain.MONTH, moment(number * _DAY)))
        return sorted(found)

    async def refresh(self, month: Period) -> tuple[Manifest, bool]:
        """Return the month's export as its facts are now, and whether it had to be written.

        When this returns, no file of before is left. Files are compared by existence and rows.
        """
        folder = self._made(month)
        async with locked(folder / _WRITING):
            return await self._refreshed(month, folder, checksums=False)

    async def refresh_exported(self) -> None:
        """Refresh every month that was exported before, so that nobody stays in it who has left the database."""
        for month in await asyncio.to_thread(self.exported):
            await self.refresh(month)

    @asynccontextmanager
    async def reading(self, month: Period) -> AsyncIterator[Manifest]:
        """Refresh the month's export, compare its checksums, and keep its files in place while the block reads them."""
        folder = self._made(month)
        async with AsyncExitStack() as held:
            async with locked(folder / _WRITING):
                manifest, _ = await self._refreshed(month, folder, checksums=True)
                await held.enter_async_context(locked(folder / _READING, shared=True))
            yield manifest

    async def verify(self, month: Period) -> list[str]:
        """Say what of the month's export is missing, changed, too much, or no longer what the database holds."""
        folder = self.folder(month)
        if not folder.is_dir():
            return [f"{folder}: was not exported"]
        async with locked(folder / _WRITING):
            try:
                manifest = await asyncio.to_thread(Manifest.read, folder)
            except BrokenManifest as error:
                return [f"{folder}: {error}"]
            if manifest is None:
                return [f"{folder}: was not exported"]
            faults = await asyncio.to_thread(lambda: list(manifest.faults(folder)))
            faults += [f"{path}: is no part of the export" for path in manifest.strays(folder)]
            if manifest.facts != await self.fingerprints(month):
                faults.append(f"{folder}: the facts of the month have changed since; export again")
            return faults

    async def fingerprints(self, month: Period) -> dict[str, Fingerprint]:
        """Return the fingerprints of the month's facts in the database."""
        found = {}
        async with self._database.read() as connection:
            await _one_moment(connection, self._database)
            for table, column in FACTS:
                numbers: list[sa.ColumnElement[Any]] = []
                for number in (table.c.digest, table.c.subject_id):
                    numbers += [number.bitwise_and(_LOW), number.bitwise_rshift(sa.literal_column("32"))]
                sums: list[sa.ColumnElement[Any]] = [sa.func.count()]
                sums += [sa.cast(sa.func.coalesce(sa.func.sum(number), 0), sa.BigInteger) for number in numbers]
                query = _consented(sa.select(*sums), table, column, month)
                found[table.name] = Fingerprint(*(await connection.execute(query)).one())
        return found

    def folder(self, month: Period) -> Path:
        """Return the folder of a month."""
        return self._folder / f"{month.start:%Y-%m}"

    def _made(self, month: Period) -> Path:
        folder = self.folder(month)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    async def _refreshed(self, month: Period, folder: Path, *, checksums: bool) -> tuple[Manifest, bool]:
        manifest = await asyncio.to_thread(_whole, folder, checksums=checksums)
        written = manifest is None or manifest.facts != await self.fingerprints(month)
        if manifest is None or written:
            manifest = await self._write(month, folder)
            async with self._database.begin() as connection:
                details = {"period_start": f"{month.start:%Y-%m-%d}", "version": manifest.version}
                await self._audit.append(connection, Entry(self._actor, "facts_exported", None, details))
            await asyncio.to_thread(_show, manifest, folder)
        if strays := manifest.strays(folder):
            async with locked(folder / _READING):
                await asyncio.to_thread(_remove, strays)
        return manifest, written

    async def _write(self, month: Period, folder: Path) -> Manifest:
        version = secrets.token_hex(8)
        target = folder / version
        target.mkdir(mode=0o700)
        files: dict[str, tuple[File, ...]] = {}
        facts: dict[str, Fingerprint] = {}
        focus_names: set[str] = set()
        try:
            async with self._database.read() as connection:
                await _one_moment(connection, self._database)
                for table, column in FACTS:
                    kept = [each for each in table.c if each.name not in _KEPT_BACK]
                    buckets = Buckets(target, table.name, kept)
                    query = _consented(sa.select(*kept), table, column, month)
                    facts[table.name] = await buckets.take(_parts(connection, query), fingerprinted=True)
                    files[table.name] = await asyncio.to_thread(buckets.files, folder)
                    focus_names |= buckets.focus_names
                players = sa.union(
                    *(_consented(sa.select(table.c.subject_id), table, column, month) for table, column in FACTS)
                )
                buckets = Buckets(target, subjects.name, [subjects.c.subject_id])
                await buckets.take(_parts(connection, players))
                files[subjects.name] = await asyncio.to_thread(buckets.files, folder)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        return Manifest(f"{month.start:%Y-%m}", version, files, facts, tuple(sorted(focus_names)))


def _consented(query: sa.Select[Any], table: sa.Table, column: str, month: Period) -> sa.Select[Any]:
    return (
        query.select_from(table.join(subjects, subjects.c.subject_id == table.c.subject_id))
        .where(subjects.c.analytics_consent)
        .where(table.c[column] >= micros(month.start), table.c[column] < micros(month.end))
    )


async def _one_moment(connection: AsyncConnection, database: Database) -> None:
    """Have all statements of the transaction see one moment; on SQLite they do."""
    if database.dialect == "postgresql":
        await connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


async def _parts(connection: AsyncConnection, query: sa.Executable) -> AsyncIterator[Sequence[sa.Row[Any]]]:
    result = await connection.stream(query)
    async for part in result.partitions(PART):
        yield part


def _whole(folder: Path, *, checksums: bool) -> Manifest | None:
    """Return the month's manifest; None where it is broken, or where its files are not as it says."""
    try:
        manifest = Manifest.read(folder)
    except BrokenManifest:
        return None
    if manifest is None or any(manifest.faults(folder, checksums=checksums)):
        return None
    return manifest


def _show(manifest: Manifest, folder: Path) -> None:
    """Make the files the month's export."""
    synchronised(folder / manifest.version)
    manifest.write(folder)


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
