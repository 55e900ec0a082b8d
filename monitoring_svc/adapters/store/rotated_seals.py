"""Secrets of contacts, and parcels that are still to be sent, are sealed anew where they are under an older key."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mesh.database import Database
from mesh.pseudonyms import Sealer
from mesh.refusal import FailedPrecondition
from monitoring_svc.adapters.store.rotated_alerts import TO_BE_SENT
from monitoring_svc.adapters.store.tables import contacts, deliveries


@dataclass(frozen=True, slots=True)
class Sealed:
    """Rows that hold seals."""

    table: sa.Table
    seals: tuple[str, ...]
    bound_to: str
    """The column whose value each seal is bound to."""
    which: sa.ColumnElement[bool]
    at_once: int
    """Rows in one transaction."""

    @property
    def key(self) -> sa.Tuple:
        """The primary key."""
        return sa.tuple_(*self.table.primary_key.columns)

    def older(self, version: int) -> sa.ColumnElement[bool]:
        """Return the condition for rows with a seal under an older key than that version's."""
        return sa.and_(self.which, sa.or_(*(first < bytes([version]) for first in self._first_bytes())))

    def closed(self, known: Iterable[int]) -> sa.ColumnElement[bool]:
        """Return the condition for rows with a seal that none of these keys opens."""
        keys = [bytes([version]) for version in known]
        return sa.and_(self.which, sa.or_(*(first.not_in(keys) for first in self._first_bytes())))

    def _first_bytes(self) -> list[sa.ColumnElement[bytes]]:
        """Return the versions of the seals as they are stored; NULL where there is none."""
        held = (sa.case((sa.func.length(self.table.c[name]) > 0, self.table.c[name])) for name in self.seals)
        return [sa.func.substr(seal, 1, 1, type_=sa.LargeBinary) for seal in held]


SECRETS = Sealed(contacts, ("secret",), "contact_id", sa.true(), 50)
PARCELS = Sealed(
    deliveries,
    ("sealed_address", "attachments"),
    "delivery_id",
    sa.and_(
        sa.or_(deliveries.c.sealed_address.is_not(None), deliveries.c.attachments.is_not(None)),
        deliveries.c.state.in_(TO_BE_SENT),
    ),
    1,
)


class RotatedSeals:
    """Seals anew."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        """Work on `database`."""
        self._database, self._sealer = database, sealer

    async def __call__(self) -> int:
        """Seal anew what is older and free; return how many rows have a seal that does not open."""
        return await self._renew(SECRETS) + await self._renew(PARCELS)

    async def older(self) -> bool:
        """Return whether secrets or parcels are under an older key."""
        async with self._database.read() as connection:
            for kind in (SECRETS, PARCELS):
                any_row = sa.select(kind.table.c[kind.bound_to]).where(kind.older(self._sealer.active)).limit(1)
                if (await connection.execute(any_row)).first() is not None:
                    return True
        return False

    async def _renew(self, kind: Sealed) -> int:
        older = sa.select(*kind.table.primary_key.columns).where(kind.older(self._sealer.active))
        async with self._database.read() as connection:
            keys = [tuple(row) for row in (await connection.execute(older)).all()]
        closed = 0
        for start in range(0, len(keys), kind.at_once):
            closed += await self._renew_some(kind, keys[start : start + kind.at_once])
        return closed

    async def _renew_some(self, kind: Sealed, keys: list[tuple[Any, ...]]) -> int:
        """Seal the rows anew that nobody holds; return how many have a seal that does not open."""
        closed = 0
        chosen = sa.select(kind.table).where(kind.key.in_(keys), kind.older(self._sealer.active))
        async with self._database.begin() as connection:
            for row in (await connection.execute(chosen.with_for_update(skip_locked=True))).mappings().all():
                try:
                    fresh = {
                        name: await asyncio.to_thread(self._sealer.renew, row[name], row[kind.bound_to])
                        for name in kind.seals
                        if row[name]
                    }
                except FailedPrecondition:
                    closed += 1
                    continue
                this = kind.key.in_([tuple(row[column.name] for column in kind.table.primary_key.columns)])
                await connection.execute(sa.update(kind.table).where(this).values(fresh))
        return closed
