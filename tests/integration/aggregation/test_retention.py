"""Retention: what has outlived its term goes, what stands stays, and the trail says that it ran."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from aggregation_svc.adapters.retention import Retention
from aggregation_svc.adapters.tables import consents, sessions, subjects
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.bootstrap.housekeeping import housekeeping
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
    await retention.at(NOW)
    assert await kept(on, sessions.c.session_id) == [0]
    assert await kept(on, consents.c.recorded_at) == [micros(NOW - timedelta(days=1000))]
    assert len(await kept(on, subjects.c.subject_id)) == 1
    async with on.database.read() as connection:
        entries = await on.audit.list(connection, limit=1)
        assert (await on.audit.verify(connection)).intact
    assert entries[0].action == "retention_ran"


async def test_a_host_whose_clock_is_years_ahead_removes_nothing_before_its_time(foundation: Foundation) -> None:
    on = replace(foundation, clock=lambda: datetime.now(UTC) + timedelta(days=5000))
    arrived = micros(datetime.now(UTC))
    async with on.database.begin() as connection:
        row = {"subject_id": 1, "session_id": 1, "started_at": arrived, "digest": 0, "received_at": arrived}
        await connection.execute(sa.insert(sessions).values(row))
    work = [asyncio.create_task(one()) for one in housekeeping(on)]
    async with asyncio.timeout(60):
        # Several kinds of work write to one trail: it is looked at until this one's entry is there.
        while not await ran(on):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    for one in work:
        one.cancel()
    await asyncio.wait(work)
    assert await kept(on, sessions.c.session_id) == [1]


async def ran(on: Foundation) -> bool:
    async with on.database.read() as connection:
        return bool(await on.audit.list(connection, limit=1, action="retention_ran"))
