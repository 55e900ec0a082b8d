"""Rotation of the settings' keys: new pseudonyms and seals beside the old ones, and the old ones out when all is moved.

An operator adds a version to `TTA_PSEUDONYM_KEY` or `TTA_SEAL_KEY`, makes it the active one, waits until this has run,
and takes the old one away. Links are never lost: a subject keeps its random id, and its canonical id is read from its
seal. Rows move to higher versions alone, so that replicas that are not restarted yet do not move them back.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from aggregation_svc.adapters.bulk import insert_new, select_by_key
from aggregation_svc.adapters.fact_store import OF_NOBODY, share_lock
from aggregation_svc.adapters.identity import Identity
from aggregation_svc.adapters.tables import erasures, store_keys, subject_keys, subject_seals
from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.logs import allow
from mesh.refusal import FailedPrecondition

_LOG = logging.getLogger(__name__)

allow("split_subject")

BATCH = 500
"""Subjects a transaction."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of some subjects."""

    last: int
    """The last of them, by number."""
    read: int
    moved: int
    closed: int
    """Their seals do not open."""

    @classmethod
    def of(cls, rows: Sequence[Any], moved: int, closed: int) -> "Done":
        """Count these rows."""
        return cls(rows[-1].subject_id if rows else -1, len(rows), moved, closed)

    def __add__(self, later: "Done") -> "Done":
        """Return both together."""
        return Done(later.last, self.read + later.read, self.moved + later.moved, self.closed + later.closed)


Step = Callable[[int], Awaitable[Done]]
"""Moves the next subjects after a number."""


class KeyRotation:
    """Moves what is under older keys to the active ones."""

    def __init__(self, database: Database, identity: Identity, audit: AuditLog) -> None:
        """Work on `database`."""
        self._database, self._identity, self._audit = database, identity, audit

    async def __call__(self) -> bool:
        """Move everything that can be; return whether there was anything to move.

        Raises:
            FailedPrecondition: there are seals that do not open, or players who are two subjects. All others are
                moved, and the older pseudonyms stay.
        """
        await self._drop_lost_pseudonyms()
        names, seals = await self._all(self._pseudonyms), await self._all(self._seals)
        moved = bool(names.moved + seals.moved) | await self._others()
        if closed := max(names.closed, seals.closed):
            raise FailedPrecondition("seal_closed", f"{closed} seals do not open with the keys in TTA_SEAL_KEY.")
        if split := names.read - names.moved - names.closed:
            raise FailedPrecondition(
                "player_split", f"{split} players are two subjects; the log names one of each: reveal and erase them."
            )
        await self._retire()
        versions = {"pseudonym": self._identity.pseudonyms.active, "seal": self._identity.sealer.active}
        if moved:
            async with self._database.begin() as connection:
                await self._audit.append(connection, Entry("system", "keys_rotated", details=versions))
        _LOG.info("keys_rotated", extra={f"{name}_version": version for name, version in versions.items()})
        return moved

    async def _all(self, step: Step) -> Done:
        """Go through all subjects in order, in steps; return what became of them."""
        all_done = Done(-1, 0, 0, 0)
        while (done := await step(all_done.last)).read:
            all_done += done
        return all_done

    async def _pseudonyms(self, last: int) -> Done:
        """Give the active pseudonym to the next subjects that lack it."""
        identity, active = self._identity, self._identity.pseudonyms.active
        has = sa.select(subject_keys.c.subject_id).where(
            subject_keys.c.subject_id == subject_seals.c.subject_id, subject_keys.c.key_version == active
        )
        lacking = _after(last).where(~has.exists())
        async with self._database.begin() as connection:
            # Nobody is erased between what is read here and what is written.
            await share_lock(connection)
            rows: Sequence[Any] = (await connection.execute(lacking)).all()
            names = {
                row.subject_id: identity.pseudonyms.all(canonical)
                for row in rows
                if (canonical := self._opened(row)) is not None
            }
            keys = [(one, version, subject) for subject, name in names.items() for version, one in name.items()]
            await insert_new(connection, subject_keys, sorted(keys))
            owners = await select_by_key(
                connection,
                subject_keys,
                [subject_keys.c.pseudonym],
                [(name[active],) for name in names.values()],
                wanted="t.subject_id",
            )
        split = names.keys() - {row[0] for row in owners}
        for subject_id in split:
            _LOG.warning("player_split", extra={"split_subject": str(subject_id)})
        return Done.of(rows, len(names) - len(split), len(rows) - len(names))

    async def _drop_lost_pseudonyms(self) -> None:
        """Drop those that lead to nobody."""
        async with self._database.begin() as connection:
            await connection.execute(sa.delete(subject_keys).where(OF_NOBODY))

    async def _retire(self) -> None:
        """Drop the pseudonyms of older versions that are not known any more; everybody has the active one."""
        known = self._identity.pseudonyms.known
        gone = sa.and_(subject_keys.c.key_version < known[0], subject_keys.c.key_version.not_in(known))
        async with self._database.begin() as connection:
            await connection.execute(sa.delete(subject_keys).where(gone))

    async def _seals(self, last: int) -> Done:
        """Seal the next subjects anew that are under an older key."""
        identity, active = self._identity, self._identity.sealer.active
        older = _after(last).where(subject_seals.c.key_version < active).with_for_update(skip_locked=True)
        moved = 0
        async with self._database.begin() as connection:
            rows: Sequence[Any] = (await connection.execute(older)).all()
            for row in rows:
                if (canonical := self._opened(row)) is None:
                    continue
                moved += 1
                await connection.execute(
                    sa.update(subject_seals)
                    .where(subject_seals.c.subject_id == row.subject_id)
                    .values(sealed=identity.seal(canonical, row.subject_id), key_version=active)
                )
        return Done.of(rows, moved, len(rows) - moved)

    def _opened(self, row: Any) -> str | None:
        """Return whose seal it is; None where it does not open."""
        try:
            return self._identity.unseal(row.sealed, row.subject_id)
        except FailedPrecondition:
            return None

    async def _others(self) -> bool:
        """Seal the store's own keys and unfinished erasures anew."""
        sealer = self._identity.sealer
        async with self._database.begin() as connection:
            keys = sa.select(store_keys.c.name, store_keys.c.sealed).where(store_keys.c.key_version < sealer.active)
            moved = False
            for name, sealed in (await connection.execute(keys)).all():
                renewed = {"sealed": sealer.renew(sealed, f"store key {name}"), "key_version": sealer.active}
                await connection.execute(sa.update(store_keys).where(store_keys.c.name == name).values(renewed))
                moved = True
            running = sa.select(erasures.c.erasure_id, erasures.c.sealed).where(erasures.c.sealed.is_not(None))
            for erasure_id, sealed in (await connection.execute(running)).all():
                if sealer.version(sealed) < sealer.active:
                    renewed = {"sealed": sealer.renew(sealed, f"erasure {erasure_id}")}
                    # One that ended meanwhile has no seal any more.
                    which = sa.and_(erasures.c.erasure_id == erasure_id, erasures.c.sealed == sealed)
                    await connection.execute(sa.update(erasures).where(which).values(renewed))
                    moved = True
        return moved


def _after(last: int) -> sa.Select[Any]:
    """Return the query of the next seals after a subject, in order."""
    return (
        sa.select(subject_seals.c.subject_id, subject_seals.c.sealed)
        .where(subject_seals.c.subject_id > last)
        .order_by(subject_seals.c.subject_id)
        .limit(BATCH)
    )
