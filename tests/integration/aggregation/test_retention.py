"""Retention: what has outlived its term goes, what stands stays, and the trail says that it ran."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from aggregation_svc.adapters.retention import Retention
from aggregation_svc.adapters.tables import consents, sessions, subjects
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.moments import micros
from aggregation_svc.ports import Actor
from aggregation_svc.usecases.set_consent import SetConsent
from mesh.pseudonyms import canonical_user_id

NOW = datetime(2026, 11, 20, tzinfo=UTC)


async def kept(on: Foundation, column: sa.Column[int]) -> list[int]:
    async with on.database.read() as connection:
        return sorted((await connection.execute(sa.select(column))).scalars())


async def test_facts_go_by_their_arrival_and_standing_consent_stays(foundation: Foundation) -> None:
    on = foundation
    moments = iter(NOW - timedelta(days=days) for days in (3000, 2000, 1000))
    set_consent = SetConsent(on.store, on.identity.hashes, canonical_user_id, lambda: next(moments))
    for answer in (True, False, True):
        await set_consent(Actor("game"), "ann", answer, None)
    old_fact, today = micros(datetime(2013, 1, 1, tzinfo=UTC)), micros(NOW)
    async with on.database.begin() as connection:
        for name, arrived in enumerate((today, micros(NOW - timedelta(days=800)))):
            row = {"subject_id": 1, "session_id": name, "started_at": old_fact, "digest": 0, "received_at": arrived}
            await connection.execute(sa.insert(sessions).values(row))
    retention = Retention(
        on.database,
        on.audit,
        on.idempotency,
        facts_term=timedelta(days=730),
        consent_history_term=timedelta(days=1500),
        audit_term=timedelta(days=3650),
    )
    await retention(NOW)
    assert await kept(on, sessions.c.session_id) == [0]
    assert await kept(on, consents.c.recorded_at) == [micros(NOW - timedelta(days=1000))]
    assert len(await kept(on, subjects.c.subject_id)) == 1
    async with on.database.read() as connection:
        entries = await on.audit.list(connection, limit=1)
        assert (await on.audit.verify(connection)).intact
    assert entries[0].action == "retention_ran"
