"""Which shards of series this replica owns: rows with an end, renewed while it lives, each with a fence."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from mesh.database import Database
from monitoring_svc.adapters.store.tables import series_owners
from monitoring_svc.domain.series import Point, Recorded

TERM = timedelta(seconds=30)
"""How long a shard is ours without renewal."""
SAFETY = 5.0
"""Seconds before its end from which on we do not count on a shard."""


class Neighbour(Protocol):
    """Another replica."""

    async def record(self, address: str, points: Sequence[Point], caller: str) -> Sequence[Recorded] | None:
        """Have it record points; None where it cannot be reached."""


class ShardOwnership:
    """Claims shards as points for them arrive."""

    def __init__(self, database: Database, replica: str, address: Callable[[], str], neighbour: Neighbour) -> None:
        """Own in the name of `replica`, reachable for others at `address`."""
        self._database = database
        self._replica = replica
        self._address = address
        self._neighbour = neighbour
        self._until: dict[int, float] = {}
        self._fences: dict[int, int] = {}
        self._elsewhere: dict[int, tuple[str, float]] = {}

    @property
    def fences(self) -> Mapping[int, int]:
        """Shard -> fence of those that are ours."""
        return dict(self._fences)

    async def owns(self, shard: int) -> bool:
        """Return whether the shard is ours, claiming it where nobody owns it."""
        now = time.monotonic()
        if self._until.get(shard, 0.0) - SAFETY > now:
            return True
        known = self._elsewhere.get(shard)
        if known is not None and known[1] > now:
            return False
        return await self._claim(shard)

    async def _claim(self, shard: int) -> bool:
        began = time.monotonic()
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            insert = (
                postgresql.insert(series_owners)
                if self._database.dialect == "postgresql"
                else sqlite.insert(series_owners)
            )
            ours = sa.and_(series_owners.c.owner == self._replica, series_owners.c.until > now)
            fresh = insert.values(shard=shard, owner=self._replica, address=self._address(), until=now + TERM, fence=1)
            claimed = await connection.execute(
                fresh.on_conflict_do_update(
                    index_elements=["shard"],
                    set_={
                        "owner": self._replica,
                        "address": self._address(),
                        "until": now + TERM,
                        "fence": sa.case((ours, series_owners.c.fence), else_=series_owners.c.fence + 1),
                    },
                    where=sa.or_(series_owners.c.until <= now, ours),
                ).returning(series_owners.c.fence)
            )
            fence = claimed.scalar_one_or_none()
            if fence is None:
                row = (
                    await connection.execute(
                        sa.select(series_owners.c.address, series_owners.c.until).where(series_owners.c.shard == shard)
                    )
                ).one()
        if fence is None:
            left = (row.until - now).total_seconds()
            self._elsewhere[shard] = (row.address, began + min(left, 5.0))
            self.lost(shard)
            return False
        if self._fences.get(shard) not in (None, fence):
            self.lost(shard)
        self._fences[shard] = fence
        self._until[shard] = began + TERM.total_seconds()
        return True

    def lost(self, shard: int) -> None:
        """Take note that somebody else owns the shard."""
        self._until.pop(shard, None)
        self._fences.pop(shard, None)

    async def renew(self) -> None:
        """Keep what is ours."""
        for shard in list(self._fences):
            await self._claim(shard)

    async def release(self) -> None:
        """Give everything back, so that others need not wait for the end."""
        if not self._fences:
            return
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            await connection.execute(
                sa.update(series_owners).where(series_owners.c.owner == self._replica).values(until=now)
            )
        self._fences.clear()
        self._until.clear()

    async def hand_on(self, shard: int, points: Sequence[Point], caller: str) -> Sequence[Recorded] | None:
        """Have the shard's owner record points; None where the owner cannot be reached."""
        known = self._elsewhere.get(shard)
        if known is None:
            return None
        recorded = await self._neighbour.record(known[0], points, caller)
        if recorded is None:
            self._elsewhere.pop(shard, None)
        return recorded
