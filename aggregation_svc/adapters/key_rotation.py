"""Rotation of the settings' keys: new pseudonyms and seals beside the old ones, and the old ones out when all is moved.

An operator adds a version to `TTA_PSEUDONYM_KEY` or `TTA_SEAL_KEY`, waits until this has run, and takes the old one
away. Links are never lost: a subject keeps its random id, and its canonical id is read from its seal.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.bulk import insert_new
from aggregation_svc.adapters.identity import Identity
from aggregation_svc.adapters.tables import erasures, store_keys, subject_keys, subject_seals
from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.pseudonyms import Sealer

BATCH = 500
"""Subjects a transaction."""


class KeyRotation:
    """Moves what is under older keys to the active ones."""

    def __init__(self, database: Database, identity: Identity, audit: AuditLog) -> None:
        """Work on `database`."""
        self._database, self._identity, self._audit = database, identity, audit

    async def __call__(self) -> bool:
        """Move everything; return whether there was anything to move.

        Raises:
            FailedPrecondition: a seal is under a key that is not in the settings.
        """
        moved = False
        while await self._pseudonyms():
            moved = True
        while await self._seals():
            moved = True
        moved |= await self._others()
        if moved:
            async with self._database.begin() as connection:
                versions = {"pseudonym": self._identity.pseudonyms.active, "seal": self._identity.sealer.active}
                await self._audit.append(connection, Entry("system", "keys_rotated", details=versions))
        return moved

    async def _pseudonyms(self) -> bool:
        """Give the active pseudonym to the next subjects that lack it; then drop those of unknown versions."""
        identity, active = self._identity, self._identity.pseudonyms.active
        has = sa.select(subject_keys.c.subject_id).where(
            subject_keys.c.subject_id == subject_seals.c.subject_id, subject_keys.c.key_version == active
        )
        lacking = sa.select(subject_seals.c.subject_id, subject_seals.c.sealed).where(~has.exists()).limit(BATCH)
        async with self._database.begin() as connection:
            rows: Sequence[Any] = (await connection.execute(lacking)).all()
            await insert_new(
                connection,
                subject_keys,
                sorted(
                    (pseudonym, version, row.subject_id)
                    for row in rows
                    for version, pseudonym in identity.pseudonyms.all(
                        identity.unseal(row.sealed, row.subject_id)
                    ).items()
                ),
            )
            if not rows:
                known = list(identity.pseudonyms.all(""))
                await connection.execute(sa.delete(subject_keys).where(subject_keys.c.key_version.not_in(known)))
        return bool(rows)

    async def _seals(self) -> bool:
        """Seal the next subjects anew that are under an older key."""
        identity, active = self._identity, self._identity.sealer.active
        older = (
            sa.select(subject_seals.c.subject_id, subject_seals.c.sealed)
            .where(subject_seals.c.key_version != active)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        async with self._database.begin() as connection:
            rows: Sequence[Any] = (await connection.execute(older)).all()
            for row in rows:
                sealed = identity.seal(identity.unseal(row.sealed, row.subject_id), row.subject_id)
                await connection.execute(
                    sa.update(subject_seals)
                    .where(subject_seals.c.subject_id == row.subject_id)
                    .values(sealed=sealed, key_version=active)
                )
        return bool(rows)

    async def _others(self) -> bool:
        """Seal the store's own keys and unfinished erasures anew."""
        sealer = self._identity.sealer
        async with self._database.begin() as connection:
            keys = sa.select(store_keys.c.name, store_keys.c.sealed).where(store_keys.c.key_version != sealer.active)
            moved = False
            for name, sealed in (await connection.execute(keys)).all():
                await _reseal(connection, sealer, store_keys, store_keys.c.name == name, sealed, f"store key {name}")
                await connection.execute(
                    sa.update(store_keys).where(store_keys.c.name == name).values(key_version=sealer.active)
                )
                moved = True
            running = sa.select(erasures.c.erasure_id, erasures.c.sealed).where(erasures.c.sealed.is_not(None))
            for erasure_id, sealed in (await connection.execute(running)).all():
                if sealer.version(sealed) != sealer.active:
                    which = erasures.c.erasure_id == erasure_id
                    await _reseal(connection, sealer, erasures, which, sealed, f"erasure {erasure_id}")
                    moved = True
        return moved


async def _reseal(
    connection: AsyncConnection,
    sealer: Sealer,
    table: sa.Table,
    which: sa.ColumnElement[bool],
    sealed: bytes,
    bound_to: str,
) -> None:
    fresh = sealer.seal(sealer.open(sealed, bound_to), bound_to)
    await connection.execute(sa.update(table).where(which).values(sealed=fresh))
