"""Two replicas on one database: what one changes, the other heeds; what both store, counts once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from aggregation_svc import bootstrap
from aggregation_svc.adapters.tables import sessions
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.facts import Session
from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.domain.moments import micros
from aggregation_svc.ports import Actor
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.group_commit import GroupCommit, Stream
from aggregation_svc.usecases.ingest_room import IngestRoom
from aggregation_svc.usecases.ingest_sessions import IngestSessions, Message
from aggregation_svc.usecases.set_consent import SetConsent
from mesh.pseudonyms import canonical_user_id

GAME = Actor("game")
USERS = [f"player{number}" for number in range(40)]
AT = micros(datetime.now(UTC) - timedelta(hours=1))


@pytest.fixture
async def replicas(foundation: Foundation, settings: AggregationSettings) -> AsyncIterator[tuple[Foundation, ...]]:
    second = await bootstrap.found(settings)
    yield foundation, second
    await second.database.close()


async def consent(on: Foundation, user: str, analytics: bool) -> None:
    await SetConsent(on.store, on.identity.hashes, canonical_user_id, on.clock)(GAME, user, analytics, None)


def ingest(on: Foundation) -> IngestSessions:
    return IngestSessions(
        on.store,
        on.identity.hashes,
        canonical_user_id,
        on.clock,
        grace=on.settings.period_grace,
        anyone_may_assert=False,
    )


async def test_consent_withdrawn_at_one_replica_is_heeded_by_the_other(replicas: tuple[Foundation, ...]) -> None:
    one, two = replicas
    await consent(one, "ann", True)
    use = ingest(two)
    assert (await use.store(Message(GAME, await use.prepare([Session("ann", "a", AT)])))).stored == 1
    await consent(one, "ann", False)
    assert (await use.store(Message(GAME, await use.prepare([Session("ann", "b", AT)])))).refused == 1
    await consent(one, "ann", True)
    assert (await use.store(Message(GAME, await use.prepare([Session("ann", "b", AT)])))).stored == 1


async def test_the_same_sessions_sent_to_both_in_another_order_count_once(replicas: tuple[Foundation, ...]) -> None:
    for user in USERS:
        await consent(replicas[0], user, True)
    batches = [[Session(user, f"{user}/{number}", AT) for user in USERS] for number in range(12)]

    async def send(on: Foundation, order: list[list[Session]]) -> IngestSummary:
        use = ingest(on)
        room, stream = IngestRoom(), Stream()
        commit, done = GroupCommit(use, room), []
        for batch in order:
            room.enter("sessions", len(batch))
            done.append(commit.submit(Message(GAME, await use.prepare(batch)), stream))
        return sum([await one for one in done], IngestSummary())

    one, two = await asyncio.gather(send(replicas[0], batches), send(replicas[1], batches[::-1]))
    assert one.stored + two.stored == one.unchanged + two.unchanged == len(batches) * len(USERS)
    async with replicas[0].database.read() as connection:
        kept = (await connection.execute(sa.select(sa.func.count()).select_from(sessions))).scalar_one()
    assert kept == len(batches) * len(USERS)
