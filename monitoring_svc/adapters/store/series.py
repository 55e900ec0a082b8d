"""Series as rows: the last checkpoint of each, and roll-ups."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from monitoring_svc.adapters.store.selecting import among, upsert
from monitoring_svc.adapters.store.tables import aggregate_metrics, series, series_owners
from monitoring_svc.domain.rollups import Rollup, Window
from monitoring_svc.domain.series import Checkpoint, Series, restore, shard_of
from monitoring_svc.ports import KeptRollup


class SeriesStore:
    """Checkpoints of series."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    async def load(self, series_ids: Sequence[str]) -> Mapping[str, Series]:
        """Return the series of these ids that were checkpointed."""
        return await self._read(among(series.c.series_id, list(series_ids), self._database.dialect))

    async def load_shard(self, shard: int) -> Mapping[str, Series]:
        """Return every series of a shard."""
        return await self._read(series.c.shard == shard)

    async def all(self, prefix: str = "") -> Sequence[Series]:
        """Return every series whose name starts so."""
        found = await self._read(series.c.metric_name.startswith(prefix, autoescape=True))
        return list(found.values())

    async def _read(self, where: sa.ColumnElement[bool]) -> Mapping[str, Series]:
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(series).where(where))).all()
        return {
            row.series_id: restore(
                row.series_id, row.metric_name, row.labels, row.caller, row.unit, row.recorded_at, row.state
            )
            for row in rows
        }

    async def count(self, caller: str) -> int:
        """Return how many series a caller has."""
        statement = sa.select(sa.func.count()).select_from(series).where(series.c.caller == caller)
        async with self._database.read() as connection:
            number: int = (await connection.execute(statement)).scalar_one()
        return number

    async def save(self, checkpoints: Sequence[Checkpoint], fences: Mapping[int, int]) -> Sequence[int]:
        """Keep checkpoints and roll-ups under the fences of their shards; return the shards that were lost."""
        async with self._database.begin() as connection:
            held = await self._held(connection, fences)
            kept = [one for one in checkpoints if shard_of(one.series.series_id) in held]
            await upsert(connection, series, [_row(one.series, fences) for one in kept], _CHANGING)
            parts = [
                _part_row(one.series, window, start, part)
                for one in kept
                for (window, start), part in one.parts.items()
            ]
            if parts:
                await connection.execute(_merging(self._database.dialect), parts)
        return sorted({shard_of(one.series.series_id) for one in checkpoints} - held)

    async def _held(self, connection: AsyncConnection, fences: Mapping[int, int]) -> set[int]:
        """Lock the shards that are still ours."""
        statement = sa.select(series_owners.c.shard, series_owners.c.fence).where(
            series_owners.c.shard.in_(sorted(fences))
        )
        rows = await connection.execute(statement.with_for_update())
        return {row.shard for row in rows if fences[row.shard] == row.fence}

    async def rollups(
        self,
        metric_name: str,
        window: Window,
        start: datetime | None,
        end: datetime | None,
        size: int,
        after: tuple[datetime, int] | None,
    ) -> Sequence[KeptRollup]:
        """Return at most `size` roll-ups of a metric, newest first, after (window_start, key)."""
        table = aggregate_metrics
        statement = (
            sa.select(table, table.c.count.label("number"))
            .where(table.c.metric_name == metric_name, table.c.grain == window.value)
            .order_by(table.c.window_start.desc(), table.c.id.desc())
            .limit(size)
        )
        if start is not None:
            statement = statement.where(table.c.window_start >= start)
        if end is not None:
            statement = statement.where(table.c.window_start < end)
        if after is not None:
            at, key = after
            statement = statement.where(
                sa.or_(table.c.window_start < at, sa.and_(table.c.window_start == at, table.c.id < key))
            )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [
            KeptRollup(
                row.id,
                row.metric_name,
                row.labels,
                Window(row.grain),
                row.window_start,
                Rollup(row.number, row.mean, row.squares, row.minimum, row.maximum, row.last, row.last_at),
            )
            for row in rows
        ]


_CHANGING = ("state", "recorded_at", "unit", "fence")


def _row(one: Series, fences: Mapping[int, int]) -> dict[str, Any]:
    shard = shard_of(one.series_id)
    return {
        "series_id": one.series_id,
        "shard": shard,
        "metric_name": one.metric_name,
        "labels": dict(one.labels),
        "unit": one.unit,
        "caller": one.caller,
        "state": one.snapshot(),
        "recorded_at": one.recorded_at,
        "fence": fences[shard],
    }


def _part_row(one: Series, window: Window, start: datetime, part: Rollup) -> dict[str, Any]:
    return {
        "series_id": one.series_id,
        "metric_name": one.metric_name,
        "labels": dict(one.labels),
        "grain": window.value,
        "window_start": start,
        "count": part.count,
        "mean": part.mean,
        "squares": part.squares,
        "minimum": part.minimum,
        "maximum": part.maximum,
        "last": part.last,
        "last_at": part.last_at,
    }


@cache
def _merging(dialect: str) -> sa.Insert:
    """Return the statement that adds parts of windows to their rows; for any number of them it is sent once."""
    table = aggregate_metrics
    fresh = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    new = fresh.excluded
    count = table.c.count + new.count
    distance = new.mean - table.c.mean
    share = sa.cast(table.c.count, sa.Float) * new.count / count
    newer = new.last_at >= table.c.last_at
    return fresh.on_conflict_do_update(
        index_elements=["series_id", "grain", "window_start"],
        set_={
            "count": count,
            "mean": table.c.mean + distance * new.count / sa.cast(count, sa.Float),
            "squares": table.c.squares + new.squares + distance * distance * share,
            "minimum": sa.case((new.minimum < table.c.minimum, new.minimum), else_=table.c.minimum),
            "maximum": sa.case((new.maximum > table.c.maximum, new.maximum), else_=table.c.maximum),
            "last": sa.case((newer, new.last), else_=table.c.last),
            "last_at": sa.case((newer, new.last_at), else_=table.c.last_at),
        },
    )
