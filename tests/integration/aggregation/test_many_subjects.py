"""Consent and erasure of many players at once: in parts, repeatable, and facts go on coming in meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import ingestion_pb2, privacy_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub

from aggregation_svc.adapters.fact_store import SqlFacts, SqlStore
from aggregation_svc.adapters.tables import sessions, subjects
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.usecases.ingest_sessions import IngestSessions, Message
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import consent, ingest, session

MANY = [f"player-{number}" for number in range(230)]
AT = datetime.now(UTC) - timedelta(days=1)
LOCK_AWAITED = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
    "WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


@pytest.fixture
def game(dial: Dial) -> Any:
    return IngestionServiceStub(dial())


@pytest.fixture
def admin(dial: Dial) -> Any:
    return PrivacyServiceStub(dial("admin", "ada"))


def decided(users: list[str], analytics: bool = True, request_id: str = "") -> ingestion_pb2.SetConsentsRequest:
    decisions = [ingestion_pb2.ConsentDecision(user_id=user, analytics=analytics) for user in users]
    return ingestion_pb2.SetConsentsRequest(decisions=decisions, request_id=request_id)


def counts(answer: ingestion_pb2.SetConsentsResponse) -> tuple[int, int, int]:
    return answer.changed, answer.unchanged, answer.refused


async def test_what_many_decided_stands_and_said_again_changes_nothing(game: Any, foundation: Foundation) -> None:
    assert counts(await game.SetConsents(decided(MANY), timeout=120)) == (230, 0, 0)
    assert counts(await game.SetConsents(decided([*MANY, "new"]), timeout=120)) == (1, 230, 0)
    assert counts(await game.SetConsents(decided([MANY[0], MANY[0]], analytics=False), timeout=120)) == (1, 1, 0)
    async with foundation.database.read() as connection:
        consented = sa.select(sa.func.count()).select_from(subjects).where(subjects.c.analytics_consent)
        assert await connection.scalar(consented) == 230


async def test_a_repeated_request_answers_as_the_first_did_and_another_content_is_refused(game: Any) -> None:
    assert counts(await game.SetConsents(decided(MANY[:120], request_id="file-1"), timeout=120)) == (120, 0, 0)
    assert counts(await game.SetConsents(decided(MANY[:120], request_id="file-1"), timeout=120)) == (120, 0, 0)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await game.SetConsents(decided(MANY[:119], request_id="file-1"), timeout=120)
    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS


async def test_one_wrong_id_and_nothing_is_set_or_erased(game: Any, admin: Any, foundation: Foundation) -> None:
    await consent(game, MANY[0])
    for call, request in (
        (game.SetConsents, decided([*MANY[:60], "   "])),
        (admin.EraseSubjects, privacy_pb2.EraseSubjectsRequest(user_ids=[MANY[0], "   "])),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call(request)
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    async with foundation.database.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(subjects)) == 1


async def test_many_are_erased_once_and_let_in_by_nobody_else(game: Any, admin: Any, foundation: Foundation) -> None:
    leaving, staying = MANY[:30], MANY[30]
    await consent(game, *leaving, staying)
    await ingest(game, [session(user, f"{user}'s", AT) for user in (*leaving, staying)])
    request = privacy_pb2.EraseSubjectsRequest(user_ids=[*leaving, "never seen"])
    erased = await admin.EraseSubjects(request, timeout=120)
    # The other holders of facts are asked by the work that carries erasures on.
    here = [part for erasure in erased.erasures for part in erasure.parts if part.service == "aggregation"]
    assert {part.state for part in here} == {privacy_pb2.ERASURE_STATE_DONE}
    assert erased.erasures[0].parts[0].removed["sessions"] == 1
    again = await admin.EraseSubjects(request, timeout=120)
    assert [one.erasure_id for one in again.erasures] == [one.erasure_id for one in erased.erasures]
    assert counts(await game.SetConsents(decided([*leaving, staying]), timeout=120)) == (0, 1, 30)
    async with foundation.database.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(sessions)) == 1
    assert (await admin.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())).intact


@pytest.mark.usefixtures("housekept")
async def test_facts_go_on_coming_in_while_many_decide_and_many_leave(
    game: Any, admin: Any, foundation: Foundation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await consent(game, "playing")
    people, store_together = SqlStore.people, IngestSessions.store_together
    sent, arrived = list[asyncio.Task[ingestion_pb2.IngestSummary]](), asyncio.Event()

    async def arriving(use: IngestSessions, messages: Sequence[Message]) -> list[IngestSummary]:
        arrived.set()
        return await store_together(use, messages)

    @asynccontextmanager
    async def met(store: SqlStore) -> AsyncIterator[SqlFacts]:
        """Hold the store until one more message waits for it; what waited for the part before has gone first."""
        async with people(store) as facts:
            stored = await facts.connection.scalar(sa.select(sa.func.count()).select_from(sessions))
            assert stored == len(sent)
            arrived.clear()
            sent.append(asyncio.create_task(ingest(game, [session("playing", f"session {stored}", AT)])))
            async with asyncio.timeout(60):
                await arrived.wait()
                # On SQLite it waits for its turn by now.
                if foundation.database.dialect == "postgresql":
                    while not await facts.connection.scalar(LOCK_AWAITED):  # noqa: ASYNC110 it waits in the database
                        await asyncio.sleep(0.01)
            yield facts

    monkeypatch.setattr(IngestSessions, "store_together", arriving)
    monkeypatch.setattr(SqlStore, "people", met)
    for call, request in (
        (game.SetConsents, decided(MANY)),
        (admin.EraseSubjects, privacy_pb2.EraseSubjectsRequest(user_ids=MANY[:100])),
    ):
        before = len(sent)
        await call(request, timeout=120)
        # Each of its parts lets the message that waited go first.
        assert len(sent) - before >= 4
    assert [(await one).stored for one in sent] == [1] * len(sent)
