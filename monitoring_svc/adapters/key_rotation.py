"""Rotation of the settings' keys: what is under older keys is moved to the active ones, and the old ones may go.

An operator adds a version to `TTA_PSEUDONYM_KEY` or `TTA_SEAL_KEY`, makes it the active one, waits until this has run,
and takes the old one away. Whom a row is about is read from its seal. Rows move to higher versions alone, so that
replicas that are not restarted yet do not move them back.
"""

import logging
from collections.abc import Awaitable, Callable

import sqlalchemy as sa

from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.refusal import FailedPrecondition
from mesh.settings import SettingError
from monitoring_svc.adapters.store.orphaned_events import erase_orphaned
from monitoring_svc.adapters.store.rotated_alerts import RotatedAlerts, held_versions
from monitoring_svc.adapters.store.rotated_seals import PARCELS, SECRETS, RotatedSeals
from monitoring_svc.adapters.store.tables import alerts, signal_windows
from monitoring_svc.adapters.subject_keys import SubjectKeys, unpaired

_LOG = logging.getLogger(__name__)

TURNS = 3
"""How often a look tries rows that somebody held; then they wait for the next look."""


class KeyRotation:
    """Moves what is under older keys to the active ones."""

    def __init__(
        self, database: Database, keys: SubjectKeys, audit: AuditLog, moved: Callable[[], Awaitable[None]]
    ) -> None:
        """Work on `database`; `moved` drops what memory holds under older keys, here and in other replicas."""
        self._database, self._keys, self._audit, self._moved = database, keys, audit, moved
        self._alerts = RotatedAlerts(database, keys)
        self._seals = RotatedSeals(database, keys.sealer)

    async def __call__(self) -> bool:
        """Move everything that is free; return whether all is under the active keys.

        Raises:
            FailedPrecondition: there are seals that do not open; all others are moved.
        """
        began = older = await self._older()
        if await self._alerts.older():
            await erase_orphaned(self._database)
        turns = closed = 0
        while older and not closed and turns < TURNS:
            turns += 1
            closed = await self._alerts() + await self._seals()
            older = await self._older()
        await self._drop_lost_windows()
        if closed:
            raise FailedPrecondition("seal_closed", f"{closed} seals do not open with the keys in TTA_SEAL_KEY.")
        versions = {"pseudonym": self._keys.pseudonyms.active, "seal": self._keys.sealer.active}
        if began:
            await self._moved()
        if began and not older:
            async with self._database.begin() as connection:
                await self._audit.append(connection, Entry("system", "keys_rotated", details=versions))
        if not older:
            _LOG.info("keys_rotated", extra={f"{name}_version": version for name, version in versions.items()})
        return not older

    async def _older(self) -> bool:
        return bool(await self._alerts.older()) or await self._seals.older()

    async def _drop_lost_windows(self) -> None:
        """Drop rolling statistics whose player no key finds any more; those of version 0 are over in two days."""
        known = (0, *self._keys.pseudonyms.known)
        async with self._database.begin() as connection:
            await connection.execute(sa.delete(signal_windows).where(signal_windows.c.key_version.not_in(known)))


async def require_keys(database: Database, keys: SubjectKeys) -> None:
    """See that everything that is stored can be opened and found with the keys in the settings.

    Raises:
        SettingError: a version is missing; says which.
    """
    async with database.read() as connection:
        pairs = [unpaired(versions) for versions in await held_versions(connection) if versions]
        unknown = sa.select(alerts.c.alert_id).where(
            alerts.c.key_versions == 0,
            alerts.c.sealed_subject.is_not(None),
            sa.func.substr(alerts.c.sealed_subject, 1, 1, type_=sa.LargeBinary).not_in(
                [bytes([version]) for version in keys.sealer.known]
            ),
        )
        closed = [
            unknown,
            *(
                sa.select(kind.table.c[kind.bound_to]).where(kind.closed(keys.sealer.known))
                for kind in (SECRETS, PARCELS)
            ),
        ]
        shut = [(await connection.execute(statement.limit(1))).first() is not None for statement in closed]
    names = {pseudonym for pseudonym, _ in pairs} - set(keys.pseudonyms.known)
    seals = {seal for _, seal in pairs} - set(keys.sealer.known)
    if names:
        raise SettingError(
            "TTA_PSEUDONYM_KEY", f"lacks version {min(names)}, under which players are kept; add it until keys_rotated"
        )
    if seals or any(shut):
        raise SettingError("TTA_SEAL_KEY", "lacks a version that is still sealed under; add it until keys_rotated")
