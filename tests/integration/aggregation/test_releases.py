"""Releases over gRPC: one question, one answer, one charge."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import (
    aggregation_pb2 as pb,
)
from tta.analytics.v1 import (
    aggregation_pb2_grpc,
    common_pb2,
    facts_pb2,
    ingestion_pb2,
    ingestion_pb2_grpc,
    privacy_pb2,
    privacy_pb2_grpc,
)

from aggregation_svc import bootstrap
from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.mechanism import PooledMechanism
from aggregation_svc.adapters.release_store import SqlReleases
from aggregation_svc.adapters.release_tables import privacy_ledger, releases
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.patterns.release import BoundedRows
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.release_plan import MONTHLY_PLAN
from aggregation_svc.ports import Actor
from aggregation_svc.release_ports import PeriodFacts
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.answered_once import AnsweredOnce
from aggregation_svc.usecases.create_release import CreateRelease, ReleaseTerms
from mesh.channels import channel
from mesh.refusal import ResourceExhausted
from mesh.server import RunningServer, start
from mesh.workers import NumericPool
from tests.integration.aggregation.conftest import Dial
from tests.tokens import lasting_token

MONTH = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def settings(settings: AggregationSettings) -> AggregationSettings:
    """Two declared names, a cap for three months."""
    return settings.model_copy(
        update={
            "focus_names": ("anxiety", "sleep"),
            "epsilon_budget": 3.0,
            "legacy_consent": "asserted",
            "numeric_workers": 0,
        }
    )


def at(moment: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(moment)
    return message


def month(start: datetime = MONTH, revision: int = 0) -> pb.CreateReleaseRequest:
    return pb.CreateReleaseRequest(period_start=at(start), grain=common_pb2.GRAIN_MONTH, revision=revision)


@pytest.fixture
async def admin(dial: Dial) -> aggregation_pb2_grpc.AggregationServiceStub:
    return aggregation_pb2_grpc.AggregationServiceStub(dial("admin", "olga"))


@pytest.fixture
async def budget(dial: Dial) -> privacy_pb2_grpc.PrivacyServiceStub:
    return privacy_pb2_grpc.PrivacyServiceStub(dial("admin", "olga"))


async def ingest(dial: Dial, players: int = 60) -> None:
    async def messages() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
        yield ingestion_pb2.IngestSessionsRequest(
            consent_basis=ingestion_pb2.CONSENT_BASIS_ASSERTED,
            sessions=[
                facts_pb2.Session(
                    user_id=f"player-{i}",
                    started_at=at(MONTH + timedelta(days=i % 28)),
                    duration_minutes=30.0,
                    engagement_score=0.8,
                    therapeutic_focus="anxiety",
                )
                for i in range(players)
            ],
        )

    await ingestion_pb2_grpc.IngestionServiceStub(dial("service", "game")).IngestSessions(messages())


def code(error: pytest.ExceptionInfo[grpc.aio.AioRpcError]) -> grpc.StatusCode:
    return error.value.code()


async def test_a_release_is_computed_once_charged_once_and_read_for_nothing(
    dial: Dial,
    admin: aggregation_pb2_grpc.AggregationServiceStub,
    budget: privacy_pb2_grpc.PrivacyServiceStub,
) -> None:
    await ingest(dial)
    first = await admin.CreateRelease(month())
    assert first.epsilon_micros == 900_000
    assert {cell.therapeutic_focus for cell in first.cells} == {"", "anxiety", "sleep", "unspecified", "other"}
    assert first == await admin.CreateRelease(month())
    assert first == await admin.GetRelease(pb.GetReleaseRequest(release_id=first.release_id))
    account = await budget.GetBudget(privacy_pb2.GetBudgetRequest())
    assert (account.cap_micros, account.spent_micros, account.left_micros) == (3_000_000, 900_000, 2_100_000)
    entries = (await budget.ListLedgerEntries(privacy_pb2.ListLedgerEntriesRequest())).entries
    assert [(e.release_id, e.epsilon_micros) for e in entries] == [(first.release_id, 900_000)]
    assert entries[0].actor == "olga"


async def test_what_was_drawn_is_shown_where_it_is_asked_for(
    admin: aggregation_pb2_grpc.AggregationServiceStub,
) -> None:
    created = await admin.CreateRelease(month())
    drawn = await admin.GetRelease(pb.GetReleaseRequest(release_id=created.release_id, raw=True))
    shown = [cell for cell in drawn.cells if not cell.hidden]
    assert all(cell.raw for cell in shown)
    assert not any(cell.raw for cell in created.cells)


async def test_a_release_of_an_empty_month_is_a_stored_noisy_answer(
    admin: aggregation_pb2_grpc.AggregationServiceStub,
) -> None:
    release = await admin.CreateRelease(month())
    assert release.epsilon_micros == 900_000
    assert any(cell.hidden for cell in release.cells)


async def test_refusals_that_are_free_say_what_would_be_right(
    admin: aggregation_pb2_grpc.AggregationServiceStub, dial: Dial
) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match="2026-03-01T00:00:00Z") as misaligned:
        await admin.CreateRelease(month(MONTH + timedelta(days=3)))
    assert code(misaligned) is grpc.StatusCode.INVALID_ARGUMENT
    today = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with pytest.raises(grpc.aio.AioRpcError, match="release it after that") as open_period:
        await admin.CreateRelease(month(today))
    assert code(open_period) is grpc.StatusCode.FAILED_PRECONDITION
    with pytest.raises(grpc.aio.AioRpcError, match="next one of this period is 0") as revision:
        await admin.CreateRelease(month(revision=3))
    assert code(revision) is grpc.StatusCode.INVALID_ARGUMENT
    scheduler = aggregation_pb2_grpc.AggregationServiceStub(dial("scheduler", "clock"))
    with pytest.raises(grpc.aio.AioRpcError, match="administrator") as not_admin:
        await scheduler.CreateRelease(month(revision=1))
    assert code(not_admin) is grpc.StatusCode.PERMISSION_DENIED
    researcher = aggregation_pb2_grpc.AggregationServiceStub(dial("researcher", "rita"))
    with pytest.raises(grpc.aio.AioRpcError) as forbidden:
        await researcher.CreateRelease(month())
    assert code(forbidden) is grpc.StatusCode.PERMISSION_DENIED
    with pytest.raises(grpc.aio.AioRpcError, match="ListReleases") as missing:
        await researcher.GetRelease(pb.GetReleaseRequest(release_id="none"))
    assert code(missing) is grpc.StatusCode.NOT_FOUND


async def test_a_revision_is_a_new_question_with_its_own_charge(
    dial: Dial, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    first = await admin.CreateRelease(month())
    await ingest(dial)
    assert await admin.CreateRelease(month()) == first
    second = await admin.CreateRelease(month(revision=1))
    assert second.release_id != first.release_id
    assert second.revision == 1
    cohorts = await admin.QueryCohorts(pb.QueryCohortsRequest(level=pb.CELL_LEVEL_ALL))
    assert [cell.release_id for cell in cohorts.cohorts] == [second.release_id]


async def test_over_the_cap_nothing_is_read_and_the_refusal_says_what_fits(
    foundation: bootstrap.Foundation, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    for start_of in (MONTH, datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)):
        await admin.CreateRelease(month(start_of))
    with pytest.raises(grpc.aio.AioRpcError, match=r"0\.3 is left") as refused:
        await admin.CreateRelease(month(datetime(2026, 6, 1, tzinfo=UTC)))
    assert code(refused) is grpc.StatusCode.RESOURCE_EXHAUSTED
    async with foundation.database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.sum(privacy_ledger.c.epsilon_micros)))).scalar_one() == (
            2_700_000
        )


class Unread(PeriodFacts):
    """Facts that nobody may look at."""

    async def sums(self, period: Period) -> BoundedSums:
        raise AssertionError("facts were read")

    async def retention(self, period: Period, weeks: int) -> Sequence[int]:
        raise AssertionError("facts were read")

    async def rows(self, period: Period) -> BoundedRows:
        raise AssertionError("facts were read")


async def test_what_would_pass_the_cap_is_refused_before_any_fact_is_read(foundation: bootstrap.Foundation) -> None:
    ledger = Ledger(foundation.database, MICRO // 2)
    releases_here = SqlReleases(foundation.database, ledger, foundation.audit, foundation.idempotency)
    terms = ReleaseTerms(MONTHLY_PLAN, ("anxiety",), 0, foundation.settings.period_grace)
    create = CreateRelease(releases_here, Unread(), PooledMechanism(NumericPool(0)), terms, AnsweredOnce(releases_here))
    with pytest.raises(ResourceExhausted, match=r"0\.5 is left") as refused:
        await create(Actor("olga", administrator=True), Grain.MONTH, MONTH)
    assert "It never fits under a cap of 0.5" in str(refused.value)


async def test_fifty_concurrent_requests_for_one_question_are_charged_once(
    foundation: bootstrap.Foundation, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    answers = await asyncio.gather(*(admin.CreateRelease(month()) for _ in range(50)))
    assert len({answer.SerializeToString(deterministic=True) for answer in answers}) == 1
    async with foundation.database.read() as connection:
        charged = (await connection.execute(sa.select(privacy_ledger.c.epsilon_micros))).scalars().all()
    assert charged == [900_000]


async def test_a_request_id_stands_for_one_question(
    foundation: bootstrap.Foundation, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    asked, april = month(), month(datetime(2026, 4, 1, tzinfo=UTC))
    asked.request_id = april.request_id = "r1"
    first = await admin.CreateRelease(asked)
    assert await admin.CreateRelease(asked) == first
    retention = pb.CreateReleaseRequest(
        kind=pb.RELEASE_KIND_RETENTION, period_start=at(MONTH), grain=common_pb2.GRAIN_MONTH, request_id="r1"
    )
    for another in (april, retention):
        with pytest.raises(grpc.aio.AioRpcError, match="request_id") as reused:
            await admin.CreateRelease(another)
        assert code(reused) is grpc.StatusCode.ALREADY_EXISTS
    async with foundation.database.read() as connection:
        charged = (await connection.execute(sa.select(privacy_ledger.c.epsilon_micros))).scalars().all()
    assert charged == [900_000]
    april.request_id = "r2"
    assert (await admin.CreateRelease(april)).release_id != first.release_id


async def test_fifty_concurrent_questions_never_overspend(
    foundation: bootstrap.Foundation, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=i) for i in range(50)]
    answers = await asyncio.gather(
        *(
            admin.CreateRelease(pb.CreateReleaseRequest(period_start=at(day), grain=common_pb2.GRAIN_DAY))
            for day in days
        ),
        return_exceptions=True,
    )
    made = [answer for answer in answers if isinstance(answer, pb.Release)]
    refused = [answer for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
    assert len(made) == 3
    assert {error.code() for error in refused} == {grpc.StatusCode.RESOURCE_EXHAUSTED}
    async with foundation.database.read() as connection:
        ledger = set((await connection.execute(sa.select(privacy_ledger.c.release_id))).scalars())
        stored = set((await connection.execute(sa.select(releases.c.release_id))).scalars())
    assert ledger == stored == {answer.release_id for answer in made}


async def test_a_question_has_the_same_answer_after_a_restart(
    settings: AggregationSettings, server: RunningServer, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    first = await admin.CreateRelease(month())
    await server.stop(0)
    again = await start(bootstrap.service(await bootstrap.found(settings)), settings)
    token = lasting_token(settings, "olga", role="admin")
    try:
        async with channel(f"127.0.0.1:{again.port}", settings, token=token) as dialled:
            stub = aggregation_pb2_grpc.AggregationServiceStub(dialled)
            assert await stub.CreateRelease(month()) == first
            account = await privacy_pb2_grpc.PrivacyServiceStub(dialled).GetBudget(privacy_pb2.GetBudgetRequest())
            assert account.spent_micros == 900_000
    finally:
        await again.stop(0)


async def test_the_cap_is_raised_by_an_administrator_and_only_upwards(
    dial: Dial, budget: privacy_pb2_grpc.PrivacyServiceStub
) -> None:
    request = privacy_pb2.RaiseBudgetRequest(cap_micros=4_000_000, purpose="a study", request_id="r1")
    for _ in range(2):
        raised = await budget.RaiseBudget(request)
        assert raised.cap_micros == 4_000_000
    request.cap_micros = 5_000_000
    with pytest.raises(grpc.aio.AioRpcError) as reused:
        await budget.RaiseBudget(request)
    assert code(reused) is grpc.StatusCode.ALREADY_EXISTS
    with pytest.raises(grpc.aio.AioRpcError, match="only ever raised") as lowered:
        await budget.RaiseBudget(privacy_pb2.RaiseBudgetRequest(cap_micros=3_500_000, purpose="regret"))
    assert code(lowered) is grpc.StatusCode.INVALID_ARGUMENT
    researcher = privacy_pb2_grpc.PrivacyServiceStub(dial("researcher", "rita"))
    with pytest.raises(grpc.aio.AioRpcError) as forbidden:
        await researcher.RaiseBudget(privacy_pb2.RaiseBudgetRequest(cap_micros=9_000_000, purpose="more"))
    assert code(forbidden) is grpc.StatusCode.PERMISSION_DENIED


async def test_cells_are_paged_and_filtered(admin: aggregation_pb2_grpc.AggregationServiceStub) -> None:
    await admin.CreateRelease(month())
    request = pb.QueryCohortsRequest(level=pb.CELL_LEVEL_COHORT, therapeutic_focus="sleep", page_size=5)
    names, token = [], ""
    while True:
        request.page_token = token
        page = await admin.QueryCohorts(request)
        names += [(c.cell.session_frequency, c.cell.engagement_level) for c in page.cohorts]
        token = page.next_page_token
        if not token:
            break
    assert len(names) == len(set(names)) == 12
    with pytest.raises(grpc.aio.AioRpcError, match="page_token"):
        await admin.QueryCohorts(pb.QueryCohortsRequest(page_token="made up"))


async def test_releases_are_listed_newest_period_first(
    admin: aggregation_pb2_grpc.AggregationServiceStub,
) -> None:
    april = datetime(2026, 4, 1, tzinfo=UTC)
    for start_of in (MONTH, april):
        await admin.CreateRelease(month(start_of))
    listed = (await admin.ListReleases(pb.ListReleasesRequest())).releases
    assert [release.period.start for release in listed] == [at(april), at(MONTH)]
    assert not any(release.cells for release in listed)
    since = (await admin.ListReleases(pb.ListReleasesRequest(until=at(april)))).releases
    assert [release.period.start for release in since] == [at(MONTH)]


async def test_an_analysis_reads_outcomes_and_trends_of_releases(
    dial: Dial, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match="CreateRelease") as missing:
        await admin.AnalyzeCohorts(pb.AnalyzeCohortsRequest())
    assert code(missing) is grpc.StatusCode.NOT_FOUND
    # So many that the noise, of about 140 players, does not take their count below the 20 that are shown.
    await ingest(dial, 1000)
    await admin.CreateRelease(month())
    analysis = await admin.AnalyzeCohorts(pb.AnalyzeCohortsRequest(level=pb.CELL_LEVEL_ALL))
    assert [cohort.name for cohort in analysis.cohorts] == ["all"]
    assert analysis.total_cohorts == 1
