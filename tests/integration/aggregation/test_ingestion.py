"""Facts in over gRPC, on both databases: what is stored, what is refused, and what is never written anywhere."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import jwt
import pytest
import sqlalchemy as sa
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from opentelemetry import trace
from prometheus_client import generate_latest
from sqlalchemy.engine import make_url
from tta.analytics.v1 import common_pb2, facts_pb2, ingestion_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub

from aggregation_svc.adapters.tables import FACTS, metadata, sessions
from aggregation_svc.bootstrap import Foundation, service
from aggregation_svc.servicers.ingestion import AHEAD
from aggregation_svc.settings import AggregationSettings
from mesh.channels import channel
from mesh.server import RunningServer, start
from mesh.telemetry import REGISTRY
from tests.collector import running_collector
from tests.integration.aggregation.conftest import Dial
from tests.tokens import LIFETIME, lasting_token

NOW = datetime.now(UTC)
ASSERTED = ingestion_pb2.CONSENT_BASIS_ASSERTED


def session(user: str, name: str = "s1", at: datetime | None = None, **fields: Any) -> facts_pb2.Session:
    message = facts_pb2.Session(user_id=user, session_id=name, **fields)
    message.started_at.FromDatetime(at or NOW - timedelta(hours=1))
    return message


async def ingest(
    stub: Any, *batches: Iterable[facts_pb2.Session], basis: int = 0, request_id: str = ""
) -> ingestion_pb2.IngestSummary:
    async def messages() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
        for batch in batches:
            yield ingestion_pb2.IngestSessionsRequest(sessions=batch, consent_basis=basis, request_id=request_id)

    summary: ingestion_pb2.IngestSummary = await stub.IngestSessions(messages())
    return summary


async def consent(stub: Any, *users: str, analytics: bool = True) -> None:
    for user in users:
        await stub.SetConsent(ingestion_pb2.SetConsentRequest(user_id=user, analytics=analytics))


async def stored(foundation: Foundation, table: sa.Table = sessions) -> int:
    async with foundation.database.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


def database_files(foundation: Foundation) -> list[Path]:
    """The files of a SQLite store, its log included; none on PostgreSQL."""
    file = make_url(str(foundation.settings.database_url)).database if foundation.database.dialect == "sqlite" else None
    return sorted(Path(file).parent.glob(f"{Path(file).name}*")) if file else []


def violations(error: grpc.aio.AioRpcError) -> set[str]:
    status = rpc_status.from_call(error)
    fields: set[str] = set()
    for detail in status.details:
        if detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            request = error_details_pb2.BadRequest()
            detail.Unpack(request)
            fields |= {violation.field for violation in request.field_violations}
    return fields


def error_info(error: grpc.aio.AioRpcError) -> error_details_pb2.ErrorInfo:
    info = error_details_pb2.ErrorInfo()
    for detail in rpc_status.from_call(error).details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            detail.Unpack(info)
    return info


@pytest.fixture
def game(dial: Dial) -> Any:
    return IngestionServiceStub(dial())


@pytest.fixture
def admin(dial: Dial) -> Any:
    return IngestionServiceStub(dial("admin", "ada"))


async def test_a_stream_of_batches_is_stored_and_summed_up(game: Any, foundation: Foundation) -> None:
    await consent(game, "ann", "bob")
    batches = [[session("ann", f"a{n}"), session("bob", f"b{n}"), session("eve", f"e{n}")] for n in range(20)]
    answer = await ingest(game, *batches)
    assert (answer.received, answer.stored, answer.refused) == (60, 40, 20)
    again = await ingest(game, *batches)
    assert (again.stored, again.unchanged, again.refused) == (0, 40, 20)
    assert await stored(foundation) == 40


async def test_an_empty_stream_and_an_empty_batch_are_answered(game: Any) -> None:
    assert (await ingest(game)).received == 0
    assert (await ingest(game, [])).received == 0


async def test_what_is_stored_is_what_was_sent(game: Any, foundation: Foundation) -> None:
    await consent(game, "ann")
    at = datetime(2026, 3, 1, 12, 30, 1, 250_001, tzinfo=UTC)
    await ingest(
        game,
        [
            session(
                "ann",
                at=at,
                duration_minutes=0.1,
                interaction_count=0,
                sentiment_score=-1.0,
                therapeutic_focus=" anxiety ",
                session_frequency="monthly",
                engagement_level="unspecified",
            )
        ],
    )
    async with foundation.database.read() as connection:
        row = (await connection.execute(sa.select(sessions))).one()
    assert row.started_at == int(at.timestamp()) * 1_000_000 + 250_001
    assert (row.duration_minutes, row.interaction_count, row.sentiment_score) == (0.1, 0, -1.0)
    assert (row.therapeutic_focus, row.session_frequency, row.engagement_level) == ("anxiety", "occasional", None)
    assert (row.therapeutic_interventions_count, row.engagement_score, row.updated_at) == (None, None, None)


async def test_the_sender_hears_of_the_refused_message_and_not_of_those_behind_it(game: Any) -> None:
    await consent(game, "ann")
    await ingest(game, [session("ann", duration_minutes=10)])
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        behind = ([session("ann", f"later {number}")] for number in range(2 * AHEAD))
        await ingest(game, [session("ann", "first")], [session("ann", duration_minutes=20)], *behind)
    assert refusal.value.code() is grpc.StatusCode.ALREADY_EXISTS
    assert error_info(refusal.value).metadata["accepted_messages"] == "1"


BAD = {
    "not a number": session("ann", duration_minutes=math.nan),
    "infinite": session("ann", engagement_score=math.inf),
    "negative": session("ann", duration_minutes=-1),
    "longer than a day": session("ann", duration_minutes=1441),
    "an id of 10 kB": session("a" * 10_240),
    "no id": session(""),
    "a name of 10 kB": session("ann", "s" * 10_240),
    "1970": session("ann", at=datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
    "next year": session("ann", at=NOW + timedelta(days=366)),
    "no time": facts_pb2.Session(user_id="ann"),
    "unknown frequency": session("ann", session_frequency="often"),
    "a bell in the focus": session("ann", therapeutic_focus="a\x07"),
    "zero byte in the focus": session("ann", therapeutic_focus="a\x00"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_one_bad_fact_refuses_its_message_and_names_its_index(
    game: Any, foundation: Foundation, bad: facts_pb2.Session
) -> None:
    await consent(game, "ann")
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await ingest(game, [session("ann", "before")], [session("ann", "good"), bad], [session("ann", "after")])
    assert refusal.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert all(field.startswith("sessions[1].") for field in violations(refusal.value)), violations(refusal.value)
    assert error_info(refusal.value).metadata["accepted_messages"] == "1"
    assert await stored(foundation) == 1


async def test_hostile_strings_are_data(game: Any, foundation: Foundation) -> None:
    users = ["'; DROP TABLE sessions; --", "$1", "{}", "a'\"\\", "\u202eann", "名前", "%s", "NULL"]
    await consent(game, *users)
    answer = await ingest(game, [session(user, user, therapeutic_focus=user) for user in users if user.isprintable()])
    assert answer.stored == len([user for user in users if user.isprintable()])


async def test_one_player_is_one_subject_however_the_id_is_written(game: Any) -> None:
    await consent(game, "Zoe\u0301")
    answer = await ingest(game, [session(" Zoé "), session("Zoe\u0301")])
    assert (answer.stored, answer.unchanged) == (1, 1)


async def test_contradicting_content_is_refused_and_newer_content_wins(game: Any) -> None:
    await consent(game, "ann")
    await ingest(game, [session("ann", duration_minutes=1)])
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await ingest(game, [session("ann", "new"), session("ann", duration_minutes=2)])
    assert refusal.value.code() is grpc.StatusCode.ALREADY_EXISTS
    assert violations(refusal.value) == {"sessions[1].session_id"}
    newer = session("ann", duration_minutes=2)
    newer.updated_at.FromDatetime(NOW)
    assert (await ingest(game, [newer])).updated == 1
    assert (await ingest(game, [newer])).unchanged == 1


async def test_a_repeated_request_id_answers_as_before(game: Any) -> None:
    await consent(game, "ann")
    first = await ingest(game, [session("ann")], request_id="r")
    assert await ingest(game, [session("ann")], request_id="r") == first
    assert first.stored == 1


async def test_two_identical_streams_at_once_count_once(game: Any, foundation: Foundation) -> None:
    users = [f"user{n}" for n in range(50)]
    await consent(game, *users)
    batches = [[session(user, f"{user}/{n}") for user in users] for n in range(10)]
    one, two = await asyncio.gather(ingest(game, *batches), ingest(game, *reversed(batches)))
    assert one.stored + two.stored == 500
    assert one.unchanged + two.unchanged == 500
    assert await stored(foundation) == 500


async def test_players_enrolled_by_two_senders_at_once_are_one_subject_each(admin: Any, foundation: Foundation) -> None:
    users = [f"user{n}" for n in range(100)]
    await asyncio.gather(
        *(ingest(admin, [session(user, f"{sender}/{user}") for user in users], basis=ASSERTED) for sender in range(4))
    )
    assert await stored(foundation) == 400
    assert await stored(foundation, metadata.tables["analytics.subjects"]) == 100


async def test_consent_withdrawn_in_the_middle_of_a_stream_is_heeded(game: Any, foundation: Foundation) -> None:
    await consent(game, "ann")

    async def messages() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
        yield ingestion_pb2.IngestSessionsRequest(sessions=[session("ann", "before")])
        while await stored(foundation) < 1:
            pass
        await consent(game, "ann", analytics=False)
        yield ingestion_pb2.IngestSessionsRequest(sessions=[session("ann", "after")])

    answer = await game.IngestSessions(messages())
    assert (answer.stored, answer.refused) == (1, 1)


async def test_vouching_is_for_administrators_and_leaves_a_trace(game: Any, admin: Any, foundation: Foundation) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await ingest(game, [session("new")], basis=ASSERTED)
    assert error_info(refusal.value).reason == "CONSENT_ASSERTION_OFF"
    await consent(game, "no", analytics=False)
    answer = await ingest(admin, [session("new"), session("no")], basis=ASSERTED)
    assert (answer.stored, answer.refused) == (1, 1)
    async with foundation.database.read() as connection:
        entries = await foundation.audit.list(connection, limit=10)
    done = [entry.action for entry in entries if entry.actor != "system"]
    assert done == ["consent_asserted", "consent_set"]


async def test_a_player_sets_their_own_consent_and_nobody_elses(
    server: RunningServer, settings: AggregationSettings
) -> None:
    claims = {"sub": "ann", "exp": datetime.now(UTC) + LIFETIME}
    token = jwt.encode(claims, settings.secret("auth_secret_key"), algorithm="HS256")
    async with channel(f"127.0.0.1:{server.port}", settings, token=token) as own:
        stub: Any = IngestionServiceStub(own)
        answer = await stub.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ann", research=True))
        assert (answer.analytics, answer.research) == (False, True)
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await stub.SetConsent(ingestion_pb2.SetConsentRequest(user_id="bob", analytics=True))
    assert refusal.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_progress_and_outcomes_are_stored_once(game: Any, foundation: Foundation) -> None:
    await consent(game, "ann")
    snapshot = facts_pb2.ProgressSnapshot(user_id="ann", overall_progress=0.5)
    snapshot.recorded_at.FromDatetime(NOW)
    outcome = facts_pb2.TherapeuticOutcome(
        user_id="ann", outcome_category=common_pb2.OUTCOME_CATEGORY_GOOD, instrument="PHQ-9", score=4
    )
    outcome.recorded_at.FromDatetime(NOW)
    for stored_now in (1, 0):
        progress = await game.IngestProgress(ingestion_pb2.IngestProgressRequest(snapshots=[snapshot, snapshot]))
        outcomes = await game.RecordOutcomes(ingestion_pb2.RecordOutcomesRequest(outcomes=[outcome]))
        assert (progress.stored, outcomes.stored) == (stored_now, stored_now)
    assert [await stored(foundation, table) for table, _ in FACTS] == [0, 1, 1]


async def test_no_id_of_a_player_or_session_is_written_anywhere(
    game: Any, admin: Any, foundation: Foundation, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "very-private-player"
    await consent(game, secret)
    await ingest(game, [session(secret, f"{secret}-session")], request_id=f"{secret}-r1")
    await ingest(admin, [session(f"{secret}-2", f"{secret}-session")], basis=ASSERTED)
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await ingest(game, [session(secret, f"{secret}-session", duration_minutes=5)])
    async with foundation.database.read() as connection:
        rows = [
            str(tuple(row))
            for table in metadata.sorted_tables
            for row in (await connection.execute(sa.select(table))).all()
        ]
    everything = "\n".join([*rows, caplog.text, str(refusal.value.details()), str(refusal.value)])
    assert rows
    assert "private-player" not in everything
    for file in database_files(foundation):
        assert b"private-player" not in file.read_bytes()
    assert secret.encode().hex() not in everything


async def test_no_id_of_a_player_or_session_is_in_traces_and_metrics(
    foundation: Foundation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "set_tracer_provider", lambda provider: None)
    # Spans that the collector does not take within ten seconds are lost.
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "60")
    secret = "very-private-player"
    async with running_collector() as collector:
        settings = foundation.settings.model_copy(update={"otlp_endpoint": f"http://127.0.0.1:{collector.port}"})
        server = await start(service(foundation), settings)
        token = lasting_token(settings, secret, role="admin")
        async with channel(f"127.0.0.1:{server.port}", settings, token=token) as own:
            stub: Any = IngestionServiceStub(own)
            await consent(stub, secret)
            await ingest(stub, [session(secret, f"{secret}-session")], request_id=f"{secret}-r1")
            with pytest.raises(grpc.aio.AioRpcError):
                await ingest(stub, [session(secret, f"{secret}-session", duration_minutes=5)])
        await server.stop(1.0)
    assert {span.name.rpartition("/")[2] for span in collector.spans} == {"SetConsent", "IngestSessions"}
    told = str(collector.spans) + generate_latest(REGISTRY).decode()
    assert "private-player" not in told
    assert secret.encode().hex() not in told


async def test_a_sender_who_goes_away_leaves_the_next_one_undisturbed(
    game: Any, foundation: Foundation, caplog: pytest.LogCaptureFixture
) -> None:
    await consent(game, "ann")
    sent = asyncio.Event()

    async def messages() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
        for number in range(5):
            yield ingestion_pb2.IngestSessionsRequest(sessions=[session("ann", f"gone{number}")])
        sent.set()
        await asyncio.Event().wait()

    call = game.IngestSessions(messages())
    await sent.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert (await ingest(game, [session("ann", "next")])).stored == 1
    assert (await ingest(game, [session("ann", f"gone{number}") for number in range(5)])).received == 5
    assert await stored(foundation) == 6
    assert "never retrieved" not in caplog.text
