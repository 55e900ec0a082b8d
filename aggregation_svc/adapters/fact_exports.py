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
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.export_manifest import (
    BrokenManifest,
    File,
    Fingerprint,
    Manifest,
    prepared,
    strays,
    synchronised,
)
from aggregation_svc.adapters.file_locks import locked
from aggregation_svc.adapters.finished_threads import finished
from aggregation_svc.adapters.months_held import months_held
from aggregation_svc.adapters.parquet_buckets import DIGEST, KEPT_BACK, Buckets
from aggregation_svc.adapters.tables import FACTS, subject_changes, subjects
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.periods import Grain, Period
from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.telemetry import gauge

TO_COMPARE = gauge("export_months_waiting", "Exported months that a round of comparing has still to look at")
PART = 20_000
"""Rows read at once."""
_LOW = 0xFFFF_FFFF
"""The lower half of a number."""
_MONTHS = "[0-9][0-9][0-9][0-9]-[0-9][0-9]"
SERVICE, COMMAND, ELSEWHERE = "aggregation", "command line", "command line, own folder"
"""Who exports: the service and the command to the folder of the settings, the command to another."""
WRITERS = (SERVICE, COMMAND)
EMPTIED = ".emptied"
"""A file that says that all exports were removed on purpose."""
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
        async with self._database.read() as connection:
            return sorted({*self.exported(), *await months_held(connection)})

    async def refresh(self, month: Period) -> tuple[Manifest, bool]:
        """Return the month's export as its facts are now, and whether it had to be written.

        When this returns, no file of before is left. Files are compared by existence and rows.
        """
        folder = self._made(month)
        async with locked(folder / _WRITING):
            return await self._refreshed(month, folder, checksums=False)

    async def refresh_exported(self, changes: int | None = None) -> None:
        """Refresh every month that was exported before, so that nobody stays in it who has left the database.

        With a count of `changes` of subjects, those months are left that were compared since there were so many.
        What fails of one month is raised after all others had their turn.
        """
        months = await asyncio.to_thread(self.exported)
        left = len(months)
        failures: list[Exception] = []
        TO_COMPARE.inc(left)
        try:
            for month in months:
                try:
                    await self._refresh_since(month, changes)
                except Exception as error:  # noqa: BLE001 raised below
                    failures.append(error)
                TO_COMPARE.dec()
                left -= 1
        finally:
            TO_COMPARE.dec(left)
        if failures:
            raise failures[0]

    async def _refresh_since(self, month: Period, changes: int | None) -> None:
        folder = self._made(month)
        async with locked(folder / _WRITING):
            if changes is None or not await self._compared([folder], changes):
                await self._refreshed(month, folder, checksums=False)

    async def compared(self, changes: int) -> bool | None:
        """Return whether every exported month was compared with the database since subjects had changed so often.

        Then nobody is in any file under the folder who had left the database by that change. None: there is no month.
        """
        months = await asyncio.to_thread(self.exported)
        return await self._compared([self.folder(month) for month in months], changes) if months else None

    async def lost(self) -> bool:
        """Return whether facts were exported to a folder that holds none: it may be another, or not be mounted.

        An operator who removes all exports says so by a file `.emptied` in the folder.
        """
        if await asyncio.to_thread((self._folder / EMPTIED).exists):
            return False
        async with self._database.read() as connection:
            told = [
                await self._audit.list(connection, limit=1, action="facts_exported", actor=actor) for actor in WRITERS
            ]
        return any(told)

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
            faults += [f"{path}: is no part of the export" for path in strays(folder, manifest)]
            if manifest.facts != await self.fingerprints(month):
                faults.append(f"{folder}: the facts of the month have changed since; export again")
            return faults

    async def fingerprints(self, month: Period) -> dict[str, Fingerprint]:
        """Return the fingerprints of the month's facts in the database."""
        return (await self._seen(month))[1]

    def folder(self, month: Period) -> Path:
        """Return the folder of a month."""
        return self._folder / f"{month.start:%Y-%m}"

    async def _compared(self, folders: Sequence[Path], changes: int) -> bool:
        """Return whether these months were compared since so many changes, and with this database.

        One that tells of more changes than there were was compared with a database that was lost: this one is restored.
        """
        found = await asyncio.to_thread(lambda: [_comparison(folder) for folder in folders])
        if min(found, default=changes) < changes:
            return False
        async with self._database.read() as connection:
            return max(found, default=0) <= await _changes(connection)

    def _made(self, month: Period) -> Path:
        folder = self.folder(month)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    async def _seen(self, month: Period) -> tuple[int, dict[str, Fingerprint]]:
        """Return how often subjects had been changed, and the fingerprints of the month's facts at that moment."""
        found = {}
        async with self._database.read() as connection:
            await _one_moment(connection, self._database)
            changes = await _changes(connection)
            for table, column in FACTS:
                numbers: list[sa.ColumnElement[Any]] = []
                for number in (table.c.digest, table.c.subject_id):
                    numbers += [number.bitwise_and(_LOW), number.bitwise_rshift(sa.literal_column("32"))]
                sums: list[sa.ColumnElement[Any]] = [sa.func.count()]
                sums += [sa.func.coalesce(sa.func.sum(number), 0) for number in numbers]
                query = _consented(sa.select(*sums), table, column, month)
                # PostgreSQL adds big integers up to numbers of any size: 4 billion rows would overflow 64 bits.
                row = (await connection.execute(query)).one()
                found[table.name] = Fingerprint(*(int(number) for number in row))
        return changes, found

    async def _refreshed(self, month: Period, folder: Path, *, checksums: bool) -> tuple[Manifest, bool]:
        for version, path in (await asyncio.to_thread(_unshown, folder)).items():
            # Its writer died between the trail and the manifest: the trail shall not tell of one export too many.
            await self._record("facts_export_undone", month, version)
            path.unlink()
        # Before anything is written: what dead writers left must not take the room of what is written now.
        await self._cleared(folder, await asyncio.to_thread(_shown, folder))
        manifest = await asyncio.to_thread(_whole, folder, checksums=checksums)
        changes, facts = (0, {}) if manifest is None else await self._seen(month)
        written = manifest is None or manifest.facts != facts
        if manifest is None or written:
            manifest = await self._write(month, folder)
            await finished(_prepare, manifest, folder)
            await self._record("facts_exported", month, manifest.version)
            await finished(manifest.show, folder)
        elif manifest.changes != changes:  # It says more where the database was restored from before.
            manifest = replace(manifest, changes=changes)
            await finished(_show_again, manifest, folder)
        await self._cleared(folder, manifest)
        return manifest, written

    async def _cleared(self, folder: Path, manifest: Manifest | None) -> None:
        """Remove what is no part of the month's export, as soon as nobody reads it."""
        if found := strays(folder, manifest):
            async with locked(folder / _READING):
                await finished(_remove, found)

    async def _record(self, action: str, month: Period, version: str) -> None:
        details = {"period_start": f"{month.start:%Y-%m-%d}", "version": version}
        async with self._database.begin() as connection:
            await self._audit.append(connection, Entry(self._actor, action, None, details))

    async def _write(self, month: Period, folder: Path) -> Manifest:
        version = secrets.token_hex(8)
        target = folder / version
        target.mkdir(mode=0o700)
        files: dict[str, tuple[File, ...]] = {}
        facts: dict[str, Fingerprint] = {}
        try:
            async with self._database.read() as connection:
                await _one_moment(connection, self._database)
                changes = await _changes(connection)
                for table, column in FACTS:
                    read = [each for each in table.c if each.name == DIGEST or each.name not in KEPT_BACK]
                    buckets = Buckets(target, table.name, read)
                    query = _consented(sa.select(*read), table, column, month)
                    facts[table.name] = await buckets.take(_parts(connection, query), fingerprinted=True)
                    files[table.name] = await finished(buckets.files, folder)
                players = sa.union(
                    *(_consented(sa.select(table.c.subject_id), table, column, month) for table, column in FACTS)
                )
                buckets = Buckets(target, subjects.name, [subjects.c.subject_id])
                await buckets.take(_parts(connection, players))
                files[subjects.name] = await finished(buckets.files, folder)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        return Manifest(f"{month.start:%Y-%m}", version, files, facts, changes)


def _consented(query: sa.Select[Any], table: sa.Table, column: str, month: Period) -> sa.Select[Any]:
    return (
        query.select_from(table.join(subjects, subjects.c.subject_id == table.c.subject_id))
        .where(subjects.c.analytics_consent)
        .where(table.c[column] >= micros(month.start), table.c[column] < micros(month.end))
    )


async def _changes(connection: AsyncConnection) -> int:
    return int((await connection.execute(sa.select(subject_changes.c.changes))).scalar_one())


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
    manifest = _shown(folder)
    if manifest is None or any(manifest.faults(folder, checksums=checksums)):
        return None
    return manifest


def _shown(folder: Path) -> Manifest | None:
    try:
        return Manifest.read(folder)
    except BrokenManifest:
        return None


def _unshown(folder: Path) -> dict[str, Path]:
    """Return manifests of versions that were prepared and never shown."""
    left = prepared(folder)
    if left and (shown := _shown(folder)) is not None:
        left.pop(shown.version, None)
    return left


def _comparison(folder: Path) -> int:
    """Return after how many changes the month was compared; -1 where a file that may be older lies beside it."""
    manifest = _shown(folder)
    return -1 if manifest is None or strays(folder, manifest) else manifest.changes


def _prepare(manifest: Manifest, folder: Path) -> None:
    synchronised(folder / manifest.version)
    manifest.prepare(folder)


def _show_again(manifest: Manifest, folder: Path) -> None:
    manifest.prepare(folder)
    manifest.show(folder)


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
