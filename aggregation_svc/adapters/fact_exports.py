"""Facts as Parquet files, a month a folder and a file per bucket of subjects, for engines beyond one database.

Only facts of subjects who consented to analytics leave, under their random subject number; no session's name does.
A month is written in one moment of the database and shown by one rename. It is written again only where its facts
have changed since: by late facts, by a withdrawal, by an erasure. The files before are then removed.
"""

import asyncio
import fcntl
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.export_manifest import File, Fingerprint, Manifest, checksum
from aggregation_svc.adapters.tables import FACTS, sessions, subjects
from aggregation_svc.domain.moments import micros, moment
from aggregation_svc.domain.periods import Grain, Period
from mesh.audit import AuditLog, Entry
from mesh.database import Database

BUCKETS = 16
"""Files of one kind and month: subjects fall into them by their random number."""
PART = 20_000
"""Rows read at once."""
ROW_GROUP = 50_000
"""Rows of a file that are kept in memory until they are written: engines set up a reader for each group."""
_DAY = 86_400 * 1_000_000
"""Microseconds of a day."""
_LOW = 0xFFFF_FFFF
FOCUS = sessions.c.therapeutic_focus.name
_KEPT_BACK = {"session_id", "received_at", "updated_at"}
"""Columns that no engine needs."""


class FactExports:
    """The exports in one folder, and the database that they are made from."""

    def __init__(self, database: Database, audit: AuditLog, folder: Path, actor: str) -> None:
        """Write to `folder` in the name of `actor`."""
        self._database, self._audit, self._folder, self._actor = database, audit, folder, actor

    async def months(self) -> list[Period]:
        """Return the months that hold facts, and those that were exported before."""
        names = (path.parent.name for path in self._folder.glob("????-??/manifest.json"))
        found = {Period(datetime.fromisoformat(f"{name}-01T00:00:00+00:00"), Grain.MONTH) for name in names}
        async with self._database.read() as connection:
            for table, column in FACTS:
                day = (table.c[column] // _DAY).label("day")
                for number in await connection.scalars(sa.select(day).distinct()):
                    found.add(Period.containing(Grain.MONTH, moment(number * _DAY)))
        return sorted(found)

    async def refresh(self, month: Period) -> tuple[Manifest, bool]:
        """Return the month's export as its facts are now, and whether it had to be written."""
        folder = self.folder(month)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with await asyncio.to_thread(_locked, folder):
            manifest = Manifest.read(folder)
            if manifest is not None and manifest.facts == await self.fingerprints(month):
                return manifest, False
            manifest = await self._write(month, folder)
            async with self._database.begin() as connection:
                details = {"period_start": f"{month.start:%Y-%m-%d}", "version": manifest.version}
                await self._audit.append(connection, Entry(self._actor, "facts_exported", None, details))
            await asyncio.to_thread(_show, manifest, folder)
            return manifest, True

    async def verify(self, month: Period) -> list[str]:
        """Say what of the month's export is missing, changed, or no longer what the database holds."""
        folder = self.folder(month)
        manifest = Manifest.read(folder)
        if manifest is None:
            return [f"{folder}: was not exported"]
        faults = await asyncio.to_thread(lambda: list(manifest.faults(folder)))
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
                    buckets = _Buckets(target, table.name, kept)
                    query = _consented(sa.select(*kept), table, column, month)
                    facts[table.name] = await buckets.take(_parts(connection, query), fingerprinted=True)
                    files[table.name] = buckets.files(folder)
                    focus_names |= buckets.focus_names
                players = sa.union(
                    *(_consented(sa.select(table.c.subject_id), table, column, month) for table, column in FACTS)
                )
                buckets = _Buckets(target, subjects.name, [subjects.c.subject_id])
                await buckets.take(_parts(connection, players))
                files[subjects.name] = buckets.files(folder)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        return Manifest(f"{month.start:%Y-%m}", version, files, facts, tuple(sorted(focus_names)))


class _Buckets:
    """The files of one kind that are being written."""

    def __init__(self, folder: Path, kind: str, columns: Sequence[sa.Column[Any]]) -> None:
        self._folder, self._kind = folder, kind
        self._schema = pa.schema([pa.field(column.name, _type(column.type)) for column in columns])
        self._writers: dict[int, pq.ParquetWriter] = {}
        self._rows: dict[int, int] = {}
        self._waiting: dict[int, list[pa.Table]] = {}
        self.focus_names: set[str] = set()

    async def take(self, parts: AsyncIterator[Sequence[sa.Row[Any]]], *, fingerprinted: bool = False) -> Fingerprint:
        """Write rows to the files of their subjects and return their fingerprint."""
        whole = Fingerprint()
        try:
            async for part in parts:
                table = await asyncio.to_thread(self._split, part)
                if fingerprinted:
                    whole += fingerprint(table)
            for bucket in sorted(self._waiting):
                await asyncio.to_thread(self._flush, bucket)
        finally:
            for writer in self._writers.values():
                await asyncio.to_thread(writer.close)
        return whole

    def files(self, folder: Path) -> tuple[File, ...]:
        """Return the files, which are closed, by their path in `folder`."""
        found = []
        for bucket, rows in sorted(self._rows.items()):
            path = self._path(bucket)
            found.append(File(str(path.relative_to(folder)), rows, checksum(path)))
        return tuple(found)

    def _path(self, bucket: int) -> Path:
        return self._folder / f"{self._kind}-{bucket:02}.parquet"

    def _split(self, part: Sequence[sa.Row[Any]]) -> pa.Table:
        columns = zip(*part, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        table = pa.table(arrays, schema=self._schema)
        of_row = np.asarray(table["subject_id"]) % BUCKETS
        for bucket in np.unique(of_row).tolist():
            waiting = self._waiting.setdefault(bucket, [])
            waiting.append(table.filter(pa.array(of_row == bucket)))
            if sum(rows.num_rows for rows in waiting) >= ROW_GROUP:
                self._flush(bucket)
        if FOCUS in table.column_names:
            self.focus_names.update(name for name in table[FOCUS].unique().to_pylist() if name is not None)
        return table

    def _flush(self, bucket: int) -> None:
        """Write a bucket's rows as one group."""
        rows = pa.concat_tables(self._waiting.pop(bucket))
        if bucket not in self._writers:
            self._writers[bucket] = pq.ParquetWriter(self._path(bucket), self._schema, compression="zstd")
            self._path(bucket).chmod(0o600)
        self._writers[bucket].write_table(rows)
        self._rows[bucket] = self._rows.get(bucket, 0) + rows.num_rows


def fingerprint(table: pa.Table) -> Fingerprint:
    """Return the fingerprint of rows with a digest and a subject."""
    halves = []
    for name in ("digest", "subject_id"):
        numbers = np.asarray(table[name])
        halves += [int((numbers & _LOW).sum()), int((numbers >> 32).sum())]
    return Fingerprint(table.num_rows, *halves)


def _type(of: sa.types.TypeEngine[Any]) -> pa.DataType:
    match of:
        case sa.BigInteger():
            return pa.int64()
        case sa.Integer():
            return pa.int32()
        case sa.Double():
            return pa.float64()
        case sa.Text():
            return pa.string()
    raise TypeError(f"no Parquet type for {of!r}")


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


def _locked(folder: Path) -> Any:
    """Wait for the month's lock; one process writes a month at a time. Enter what is returned."""
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return _released(descriptor)


@contextmanager
def _released(descriptor: int) -> Iterator[None]:
    try:
        yield
    finally:
        os.close(descriptor)


def _show(manifest: Manifest, folder: Path) -> None:
    """Make the files the month's export, and remove those of before and of writers that died."""
    manifest.write(folder)
    for path in folder.iterdir():
        if path.is_dir() and path.name != manifest.version:
            shutil.rmtree(path)
        elif path.name.startswith(".manifest"):
            path.unlink()
