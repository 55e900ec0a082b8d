"""Alerts under older keys get the pseudonym, the fingerprint and the seal of the active ones, and what tells of them.

No alert waits: transactions are small, lock rows only that are free, and touch the log's row for one statement in two
thousand alerts. An alert counts as moved when all that tells of it is: what a process that is killed leaves half done,
the next does again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from mesh.refusal import FailedPrecondition
from monitoring_svc.adapters.store.erasing import hold_log
from monitoring_svc.adapters.store.named_players import NamedPlayers
from monitoring_svc.adapters.store.tables import alert_events, alerts, deliveries
from monitoring_svc.adapters.subject_keys import SubjectKeys, pair
from monitoring_svc.domain.book import STORM_GROUP
from monitoring_svc.domain.delivery import DeliveryState
from monitoring_svc.domain.firing import fingerprint

STEP = 2000
"""Alerts between two touches of the log's row."""
SLICE = 20
"""Alerts in one transaction."""
PAUSE_SECONDS = 0.02
"""Between transactions: signals come first."""
EVENTS = 200
"""Events in one transaction."""
TO_BE_SENT = (DeliveryState.PENDING.value, DeliveryState.DEAD.value)
"""What was given up may be tried again."""

_SEALED = alerts.c.sealed_subject.is_not(None)
_COLUMNS = ("alert_id", "rule_id", "labels", "subject", "sealed_subject", "fingerprint", "is_resolved")
_CHANGE = (
    sa.update(alerts)
    .where(alerts.c.alert_id == sa.bindparam("key"))
    .values(
        subject=sa.bindparam("new_subject"),
        sealed_subject=sa.bindparam("new_seal"),
        fingerprint=sa.bindparam("new_fingerprint"),
    )
)
_CHANGE_EVENT = (
    sa.update(alert_events)
    .where(alert_events.c.position == sa.bindparam("key"))
    .values(subject=sa.bindparam("new_subject"), snapshot=sa.bindparam("new_snapshot"))
)
_STALE = sa.and_(alert_events.c.alert_id == alerts.c.alert_id, alert_events.c.subject != alerts.c.subject)
_DONE = (
    sa.update(alerts)
    .where(
        alerts.c.alert_id == sa.bindparam("key"),
        alerts.c.sealed_subject == sa.bindparam("seal"),
        ~sa.exists(sa.select(alert_events.c.position).where(_STALE)),
    )
    .values(key_versions=sa.bindparam("new_versions"))
)


@dataclass(frozen=True, slots=True)
class _Moving:
    """An alert as it was read, and what it gets."""

    row: Any
    subject: bytes
    fingerprint: str
    sealed: bytes
    versions: int

    @property
    def before(self) -> bytes:
        """The pseudonym as it was read."""
        return self.row.subject or b""

    @property
    def changes(self) -> bool:
        """Whether it gets anything: rows of versions before this one name no keys, and may be as they are to be."""
        return (self.row.subject, self.row.sealed_subject) != (self.subject, self.sealed)


class RotatedAlerts:
    """Moves alerts to the active keys."""

    def __init__(self, database: Database, keys: SubjectKeys) -> None:
        """Work on `database`."""
        self._database, self._keys = database, keys
        self._named = NamedPlayers(database)

    async def older(self) -> list[int]:
        """Return the pairs of versions that alerts are under and that are to be moved."""
        async with self._database.read() as connection:
            return [versions for versions in await held_versions(connection) if self._keys.older(versions)]

    async def __call__(self) -> int:
        """Move what is older and free; return how many alerts have a seal that does not open."""
        closed = 0
        for versions in await self.older():
            last = ""
            while rows := await self._next(versions, last):
                last = rows[-1].alert_id
                closed += await self._step(rows)
        return closed

    async def _next(self, versions: int, last: str) -> Sequence[Any]:
        some = (
            sa.select(*(alerts.c[name] for name in _COLUMNS))
            .where(_SEALED, alerts.c.key_versions == versions, alerts.c.alert_id > last)
            .order_by(alerts.c.alert_id)
            .limit(STEP)
        )
        async with self._database.read() as connection:
            return (await connection.execute(some)).all()

    async def _step(self, rows: Sequence[Any]) -> int:
        named, parts = await self._named.pseudonyms(), []
        for start in range(0, len(rows), SLICE):
            part = [one for row in rows[start : start + SLICE] if (one := self._moving(row)) is not None]
            await self._named.rename({one.before.hex(): one.subject.hex() for one in part}, named)
            await self._write(part)
            parts.append(part)
            await asyncio.sleep(PAUSE_SECONDS)
        await self._pass_the_log()
        for part in parts:
            await self._move_events(part)
            await self._move_messages(part)
            await self._done(part)
            await asyncio.sleep(PAUSE_SECONDS)
        return len(rows) - sum(len(part) for part in parts)

    def _moving(self, row: Any) -> _Moving | None:
        """Return what an alert gets; None where its seal does not open."""
        keys = self._keys
        try:
            user_id = keys.sealer.open(row.sealed_subject, row.alert_id)
        except FailedPrecondition:
            return None
        sealed = keys.sealer.renew(row.sealed_subject, row.alert_id)
        known = keys.pseudonyms.all(user_id)
        version = next((version for version, one in known.items() if one == row.subject), 0)
        subject, name = row.subject, row.fingerprint
        if version < keys.pseudonyms.active:
            version = keys.pseudonyms.active
            subject = known[version]
            if name == fingerprint(row.rule_id, row.subject, row.labels):
                name = fingerprint(row.rule_id, subject, row.labels)
        return _Moving(row, subject, name, sealed, pair(version, keys.sealer.version(sealed)))

    async def _write(self, part: Sequence[_Moving]) -> None:
        """Change the alerts that nobody holds and nobody has changed since."""
        chosen = alerts.c.alert_id.in_([one.row.alert_id for one in part])
        free = sa.select(alerts.c.alert_id, alerts.c.sealed_subject).where(chosen).with_for_update(skip_locked=True)
        async with self._database.begin() as connection:
            held = {row.alert_id: row.sealed_subject for row in (await connection.execute(free)).all()}
            mine = [one for one in part if one.changes and held.get(one.row.alert_id) == one.row.sealed_subject]
            taken = await _open_under(connection, [one.fingerprint for one in mine])
            changes = []
            for one in mine:
                # Where one incident was opened under two keys, the older alert keeps its fingerprint until resolved.
                own = one.row.is_resolved or taken.setdefault(one.fingerprint, one.row.alert_id) == one.row.alert_id
                changes.append(
                    {
                        "key": one.row.alert_id,
                        "new_subject": one.subject,
                        "new_seal": one.sealed,
                        "new_fingerprint": one.fingerprint if own else one.row.fingerprint,
                    }
                )
            if changes:
                await connection.execute(_CHANGE, changes)

    async def _pass_the_log(self) -> None:
        """Have whoever read an alert before this, and would write of it after, read it again."""
        async with self._database.begin() as connection:
            await hold_log(connection)

    async def _move_events(self, part: Sequence[_Moving]) -> None:
        stale = (
            sa.select(alert_events.c.position, alert_events.c.snapshot, alerts.c.subject, alerts.c.fingerprint)
            .join(alerts, _STALE)
            .where(alerts.c.alert_id.in_([one.row.alert_id for one in part]))
            .limit(EVENTS)
            .with_for_update(of=alert_events, skip_locked=True)
        )
        found = EVENTS
        while found == EVENTS:
            async with self._database.begin() as connection:
                rows = (await connection.execute(stale)).all()
                changes = [
                    {
                        "key": row.position,
                        "new_subject": row.subject,
                        "new_snapshot": row.snapshot | {"fingerprint": row.fingerprint},
                    }
                    for row in rows
                ]
                if changes:
                    await connection.execute(_CHANGE_EVENT, changes)
            found = len(rows)

    async def _move_messages(self, part: Sequence[_Moving]) -> None:
        """Name the player anew in what is still to be sent; what was sent stays as it was."""
        subjects = {one.row.alert_id: one.subject.hex() for one in part}
        columns = (deliveries.c[name] for name in ("delivery_id", "alert_id", "contact_id", "content", "group_key"))
        waiting = sa.select(*columns).where(
            deliveries.c.alert_id.in_(list(subjects)), deliveries.c.state.in_(TO_BE_SENT)
        )
        async with self._database.begin() as connection:
            for row in (await connection.execute(waiting.with_for_update(skip_locked=True))).all():
                subject, values = subjects[row.alert_id], {}
                if row.content.get("subject_pseudonym", subject) != subject:
                    values["content"] = row.content | {"subject_pseudonym": subject}
                if row.group_key is not None and not row.group_key.endswith(STORM_GROUP):
                    values["group_key"] = f"{row.contact_id}:{subject}"
                if values:
                    this = deliveries.c.delivery_id == row.delivery_id
                    await connection.execute(sa.update(deliveries).where(this).values(values))

    async def _done(self, part: Sequence[_Moving]) -> None:
        """Say under which keys the alerts are that were changed and whose events all were."""
        changes = [{"key": one.row.alert_id, "seal": one.sealed, "new_versions": one.versions} for one in part]
        if changes:
            async with self._database.begin() as connection:
                await connection.execute(_DONE, changes)


async def held_versions(connection: AsyncConnection) -> list[int]:
    """Return every pair of versions that alerts are under, by one look at the index for each."""
    held: list[int] = []
    while True:
        beyond = sa.select(sa.func.min(alerts.c.key_versions)).where(
            _SEALED, alerts.c.key_versions > (held[-1] if held else -1)
        )
        found = (await connection.execute(beyond)).scalar_one()
        if found is None:
            return held
        held.append(found)


async def _open_under(connection: AsyncConnection, fingerprints: Sequence[str]) -> dict[str, str]:
    """Return the alerts that are not resolved, by these fingerprints."""
    current = sa.select(alerts.c.fingerprint, alerts.c.alert_id).where(
        sa.not_(alerts.c.is_resolved), alerts.c.fingerprint.in_(fingerprints)
    )
    return {row.fingerprint: row.alert_id for row in await connection.execute(current)}
