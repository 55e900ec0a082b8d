"""Rows of one kind as Parquet files, one per bucket of subjects."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from aggregation_svc.adapters.export_manifest import File, Fingerprint, bucket_file, checksum, synchronised
from aggregation_svc.adapters.finished_threads import finished

BUCKETS = 16
"""Files of one kind and month: subjects fall into them by their random number."""
ROW_GROUP = 50_000
"""Rows of a file that are kept in memory until they are written: engines set up a reader for each group."""
DIGEST = "digest"
KEPT_BACK = frozenset({"session_id", "received_at", "updated_at", DIGEST})
"""Columns that no engine needs; digests are read for the fingerprint and go into no file."""
_LOW = 0xFFFF_FFFF


class Buckets:
    """The files of one kind that are being written."""

    def __init__(self, folder: Path, kind: str, columns: Sequence[sa.Column[Any]]) -> None:
        """Write files of `kind` into `folder`, which exists."""
        self._folder, self._kind = folder, kind
        self._schema = pa.schema([pa.field(column.name, _type(column.type)) for column in columns])
        self._written = pa.schema([field for field in self._schema if field.name not in KEPT_BACK])
        self._writers: dict[int, pq.ParquetWriter] = {}
        self._rows: dict[int, int] = {}
        self._waiting: dict[int, list[pa.Table]] = {}

    async def take(self, parts: AsyncIterator[Sequence[sa.Row[Any]]], *, fingerprinted: bool = False) -> Fingerprint:
        """Write rows to the files of their subjects, durably, and return their fingerprint."""
        whole = Fingerprint()
        try:
            async for part in parts:
                table = await finished(self._split, part)
                if fingerprinted:
                    whole += fingerprint(table)
            for bucket in sorted(self._waiting):
                await finished(self._flush, bucket)
        finally:
            await finished(self._close)
        return whole

    def files(self, folder: Path) -> tuple[File, ...]:
        """Return the files, which are closed, by their path in `folder`; what they hold is on the disk then."""
        found = []
        for bucket, rows in sorted(self._rows.items()):
            path = self._path(bucket)
            synchronised(path)
            found.append(File(str(path.relative_to(folder)), rows, checksum(path)))
        return tuple(found)

    def _path(self, bucket: int) -> Path:
        return self._folder / bucket_file(self._kind, bucket)

    def _split(self, part: Sequence[sa.Row[Any]]) -> pa.Table:
        columns = zip(*part, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        table = pa.table(arrays, schema=self._schema)
        written = table.select(self._written.names)
        of_row = np.asarray(table["subject_id"]) % BUCKETS
        for bucket in np.unique(of_row).tolist():
            waiting = self._waiting.setdefault(bucket, [])
            waiting.append(written.filter(pa.array(of_row == bucket)))
            if sum(rows.num_rows for rows in waiting) >= ROW_GROUP:
                self._flush(bucket)
        return table

    def _flush(self, bucket: int) -> None:
        """Write a bucket's rows as one group."""
        rows = pa.concat_tables(self._waiting.pop(bucket))
        if bucket not in self._writers:
            self._writers[bucket] = pq.ParquetWriter(self._path(bucket), self._written, compression="zstd")
            self._path(bucket).chmod(0o600)
        self._writers[bucket].write_table(rows)
        self._rows[bucket] = self._rows.get(bucket, 0) + rows.num_rows

    def _close(self) -> None:
        with ExitStack() as closing:  # All of them, whatever fails: on a full disk each does.
            for writer in self._writers.values():
                closing.callback(writer.close)


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
