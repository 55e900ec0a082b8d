"""Checkpoints of the rolling statistics that rules ask for, and whose may not be kept any more."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from mesh.database import Database
from monitoring_svc.adapters.store.selecting import upsert
from monitoring_svc.adapters.store.tables import erasures, signal_windows
from monitoring_svc.domain.rolling import HOURS, Rolling, from_state, to_state

MOST = 50_000
"""Windows read at start, the newest first."""
UNCOMMITTED = timedelta(minutes=1)
"""How long before it was committed an erasure may have noted its time."""


class WindowStore:
    """Windows of players by pseudonym."""

    def __init__(self, database: Database, key_version: int = 0) -> None:
        """Keep them in `database`; the pseudonyms that are saved are under `key_version`."""
        self._database = database
        self._key_version = key_version

    async def load(self) -> Mapping[bytes, Rolling]:
        """Return the windows of the last 24 hours, oldest first."""
        async with self._database.read() as connection:
            since = await self._database.now(connection) - timedelta(hours=HOURS)
            newest = (
                sa.select(signal_windows.c.subject, signal_windows.c.state)
                .where(signal_windows.c.updated_at >= since)
                .order_by(signal_windows.c.updated_at.desc())
                .limit(MOST)
            )
            rows = (await connection.execute(newest)).all()
        return {row.subject: from_state(row.state) for row in reversed(rows)}

    async def save(self, windows: Mapping[bytes, Rolling]) -> None:
        """Keep windows, but for those of players who were erased in the last days.

        The rows first, then who was erased: an erasure takes the same rows, so that it is either seen here or comes
        after us and finds what we wrote. By pseudonym, so that replicas that keep the same players do not block each
        other.
        """
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            rows = [
                {
                    "subject": subject,
                    "state": to_state(windows[subject]),
                    "updated_at": now,
                    "key_version": self._key_version,
                }
                for subject in sorted(windows)
            ]
            await upsert(connection, signal_windows, rows, ("state", "updated_at", "key_version"))
            erased = sa.select(erasures.c.subject)
            await connection.execute(sa.delete(signal_windows).where(signal_windows.c.subject.in_(erased)))

    async def erase(self, subjects: Sequence[bytes]) -> int:
        """Remove the windows of a player, and have every replica know that it may keep them no more.

        Returns how many there were.
        """
        mine = signal_windows.c.subject.in_(subjects)
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            counted = sa.select(sa.func.count()).select_from(signal_windows).where(mine)
            count: int = (await connection.execute(counted)).scalar_one()
            marks = [{"subject": subject, "erased_at": now} for subject in sorted(subjects)]
            await upsert(connection, erasures, marks, ("erased_at",))
            # Taken before they are removed: a checkpoint that is under way may be about to write them.
            empty = {"state": to_state(Rolling()), "updated_at": now}
            taken = [{"subject": mark["subject"], **empty} for mark in marks]
            await upsert(connection, signal_windows, taken, ("state", "updated_at"))
            await connection.execute(sa.delete(signal_windows).where(mine))
        return count

    async def erased(self, since: datetime | None) -> tuple[datetime, Sequence[bytes]]:
        """Return the time now, and who was erased since a time, or a little before it."""
        async with self._database.read() as connection:
            now = await self._database.now(connection)
            if since is None:
                return now, ()
            statement = sa.select(erasures.c.subject).where(erasures.c.erased_at >= since - UNCOMMITTED)
            return now, list((await connection.execute(statement)).scalars())
