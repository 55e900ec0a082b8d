"""While the database takes nothing, what arrives is refused before memory grows, whatever kind of fact it is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from prometheus_client import generate_latest
from tta.analytics.v1 import common_pb2, facts_pb2
from tta.analytics.v1 import ingestion_pb2 as pb
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub

from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.facts import Session
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.ingest_sessions import IngestSessions, PreparedSessions
from mesh.database import Database
from mesh.telemetry import REGISTRY
from tests.integration.aggregation.conftest import Dial
from tta_analytics.client.refusals import refusal_of

ROOM = 1000
ROWS = 300
NOW = datetime.now(UTC)
Send = Callable[[Any, int], Awaitable[pb.IngestSummary]]
"""Stub and number of the message -> its answer."""


@pytest.fixture
def settings(settings: AggregationSettings) -> AggregationSettings:
    return settings.model_copy(update={"ingest_queue": ROOM})


async def progress(stub: Any, number: int) -> pb.IngestSummary:
    facts = [facts_pb2.ProgressSnapshot(user_id="ann", total_sessions=number * ROWS + row) for row in range(ROWS)]
    for fact in facts:
        fact.recorded_at.FromDatetime(NOW)
    answer: pb.IngestSummary = await stub.IngestProgress(pb.IngestProgressRequest(snapshots=facts), timeout=60)
    return answer


async def outcomes(stub: Any, number: int) -> pb.IngestSummary:
    good = common_pb2.OUTCOME_CATEGORY_GOOD
    facts = [
        facts_pb2.TherapeuticOutcome(user_id="ann", outcome_category=good, score=number * ROWS + row)
        for row in range(ROWS)
    ]
    for fact in facts:
        fact.recorded_at.FromDatetime(NOW)
    answer: pb.IngestSummary = await stub.RecordOutcomes(pb.RecordOutcomesRequest(outcomes=facts), timeout=60)
    return answer


async def sessions(stub: Any, number: int) -> pb.IngestSummary:
    facts = [facts_pb2.Session(user_id="ann", session_id=f"{number}/{row}") for row in range(ROWS)]
    for fact in facts:
        fact.started_at.FromDatetime(NOW)

    async def message() -> Any:
        yield pb.IngestSessionsRequest(sessions=facts)

    answer: pb.IngestSummary = await stub.IngestSessions(message(), timeout=60)
    return answer


def waiting() -> float:
    """Return how many facts the gauge says that wait, of all kinds."""
    lines = generate_latest(REGISTRY).decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("tta_analytics_ingest_waiting_facts{"))


@pytest.mark.parametrize("send", [progress, outcomes, sessions])
async def test_a_database_that_takes_nothing_refuses_senders_with_a_hint(
    send: Send, dial: Dial, foundation: Foundation
) -> None:
    stub = IngestionServiceStub(dial())
    await stub.SetConsent(pb.SetConsentRequest(user_id="ann", analytics=True))
    async with foundation.store.people():
        taken = [asyncio.create_task(send(stub, number)) for number in range(3)]
        async with asyncio.timeout(60):
            while waiting() < 3 * ROWS:  # noqa: ASYNC110 the service takes them in its own time
                await asyncio.sleep(0.01)
        for other in (progress, outcomes, sessions):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await other(stub, 3)
            refusal = refusal_of(refused.value)
            assert (refusal.code, refusal.reason) == ("RESOURCE_EXHAUSTED", "ingest_queue_full")
            assert refusal.retry_after is not None
            assert 0.5 <= refusal.retry_after <= 10.0
        assert waiting() == 3 * ROWS
    assert sum([(await one).stored for one in taken]) == 3 * ROWS
    assert waiting() == 0
    assert (await send(stub, 3)).stored == ROWS


@asynccontextmanager
async def full_disk(database: Database) -> AsyncIterator[None]:
    """Leave a database no room for sessions: SQLite by the pages it may have, PostgreSQL by saying so."""
    if database.dialect == "sqlite":
        full, room = ["PRAGMA max_page_count = 1"], ["PRAGMA max_page_count = 1000000"]
    else:
        full = [
            """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$""",
            "CREATE TRIGGER full_disk BEFORE INSERT ON analytics.sessions EXECUTE FUNCTION full_disk()",
        ]
        room = ["DROP TRIGGER full_disk ON analytics.sessions"]
    for statements in (full, room):
        async with database.begin() as connection:
            for statement in statements:
                await connection.exec_driver_sql(statement)
        if statements is full:
            yield


async def test_sessions_that_a_full_disk_has_no_room_for_are_to_be_sent_again(
    dial: Dial, foundation: Foundation
) -> None:
    stub = IngestionServiceStub(dial())
    await stub.SetConsent(pb.SetConsentRequest(user_id="ann", analytics=True))
    async with full_disk(foundation.database):
        refusals = []
        for number in range(20):
            try:
                await sessions(stub, number)
            except grpc.aio.AioRpcError as error:
                refusals.append(refusal_of(error))
        assert {(one.code, one.reason) for one in refusals} == {("UNAVAILABLE", "database_full")}
    assert (await sessions(stub, 21)).stored == ROWS


async def test_of_many_first_messages_at_once_no_more_are_prepared_than_fit(
    dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = IngestionServiceStub(dial())
    await stub.SetConsent(pb.SetConsentRequest(user_id="ann", analytics=True))
    prepare, begun, on = IngestSessions.prepare, list[int](), asyncio.Event()

    async def held(use: IngestSessions, facts: Iterable[Session]) -> PreparedSessions:
        begun.append(1)
        await on.wait()
        return await prepare(use, facts)

    monkeypatch.setattr(IngestSessions, "prepare", held)
    sent = [asyncio.create_task(sessions(stub, number)) for number in range(20)]
    refused = 0
    async with asyncio.timeout(60):
        while refused < 20 - ROOM // ROWS:
            done, _ = await asyncio.wait([one for one in sent if not one.done()], return_when=asyncio.FIRST_COMPLETED)
            refused += len(done)
    assert len(begun) == ROOM // ROWS
    on.set()
    answers = await asyncio.gather(*sent, return_exceptions=True)
    assert sum(one.stored for one in answers if isinstance(one, pb.IngestSummary)) == ROOM // ROWS * ROWS
    assert waiting() == 0
