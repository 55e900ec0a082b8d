"""Retention as a release of its own, and two cohorts side by side."""

import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import aggregation_pb2_grpc, common_pb2, facts_pb2, ingestion_pb2, ingestion_pb2_grpc

from aggregation_svc import bootstrap
from aggregation_svc.adapters.weekly_retention import retention_counts
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.settings import AggregationSettings
from tests.integration.aggregation.conftest import Dial

MONTH = datetime(2026, 3, 1, tzinfo=UTC)
POSTS = Path(__file__).parents[4] / "shared" / "data" / "mooc_dlt1_posts.csv"


@pytest.fixture
def settings(settings: AggregationSettings) -> AggregationSettings:
    names = ("anxiety", "sleep")
    return settings.model_copy(
        update={"focus_names": names, "legacy_consent": "asserted", "numeric_workers": 0, "min_cohort": 0}
    )


async def ingest(dial: Dial, sessions: list[tuple[str, datetime, str, float]]) -> None:
    async def messages() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
        for first in range(0, len(sessions), 900):
            request = ingestion_pb2.IngestSessionsRequest(consent_basis=ingestion_pb2.CONSENT_BASIS_ASSERTED)
            for i, (user, started, focus, engagement) in enumerate(sessions[first : first + 900]):
                session = facts_pb2.Session(
                    user_id=user, session_id=f"{first + i}", therapeutic_focus=focus, engagement_score=engagement
                )
                session.started_at.FromDatetime(started)
                request.sessions.append(session)
            yield request

    stub = ingestion_pb2_grpc.IngestionServiceStub(dial("service", "game"))
    await stub.IngestSessions(messages(), timeout=60)


def retention(start: datetime) -> pb.CreateReleaseRequest:
    request = pb.CreateReleaseRequest(kind=pb.RELEASE_KIND_RETENTION, grain=common_pb2.GRAIN_MONTH)
    request.period_start.FromDatetime(start)
    return request


async def test_retention_is_a_release_of_its_own_with_its_own_charge(dial: Dial) -> None:
    sessions = [(f"p{i}", MONTH + timedelta(days=i % 20), "anxiety", 0.5) for i in range(400)]
    sessions += [(f"p{i}", MONTH + timedelta(days=i % 20 + 8), "anxiety", 0.5) for i in range(0, 400, 2)]
    await ingest(dial, sessions)
    admin = aggregation_pb2_grpc.AggregationServiceStub(dial("admin", "olga"))
    with pytest.raises(grpc.aio.AioRpcError) as missing:
        await admin.GetRetention(pb.GetRetentionRequest())
    assert missing.value.code() is grpc.StatusCode.NOT_FOUND
    created = await admin.CreateRelease(retention(MONTH), timeout=60)
    assert created.kind == pb.RELEASE_KIND_RETENTION
    assert created.epsilon_micros == 100_000
    assert created == await admin.CreateRelease(retention(MONTH))
    read = await admin.GetRetention(pb.GetRetentionRequest())
    assert read == created.retention
    assert [week.week for week in read.weeks] == list(range(8))
    assert read.subjects == read.weeks[0].active
    assert abs(read.subjects.value - 400) < 12 * 90
    assert abs(read.weeks[1].active.value - 200) < 12 * 90


async def test_a_retention_waits_until_the_last_week_of_the_last_entry_is_over(dial: Dial) -> None:
    admin = aggregation_pb2_grpc.AggregationServiceStub(dial("admin", "olga"))
    recent = (datetime.now(UTC).replace(day=1) - timedelta(days=20)).replace(day=1)
    start = recent.replace(hour=0, minute=0, second=0, microsecond=0)
    with pytest.raises(grpc.aio.AioRpcError, match="release it after that") as early:
        await admin.CreateRelease(retention(start))
    assert early.value.code() is grpc.StatusCode.FAILED_PRECONDITION


@pytest.mark.skipif(not POSTS.exists(), reason="../shared/data is not here")
async def test_the_counts_before_noise_are_those_that_are_published(
    dial: Dial, foundation: bootstrap.Foundation
) -> None:
    with POSTS.open(encoding="utf-8") as file:
        posts = list(csv.DictReader(file))
    rows = [(row["Sender"], datetime.fromisoformat(row["ts"]).replace(tzinfo=UTC), "course", 0.5) for row in posts]
    await ingest(dial, rows)
    counts = [0] * 9
    for start in sorted({Period.containing(Grain.MONTH, at).start for _, at, _, _ in rows}):
        async with foundation.database.read() as connection:
            found = await retention_counts(connection, Period(start, Grain.MONTH), 8)
        counts = [a + b for a, b in zip(counts, found, strict=True)]
    assert counts == [426, 426, 93, 82, 55, 55, 40, 35, 18]


async def test_two_cohorts_are_compared_with_both_parts_and_careful_words(dial: Dial) -> None:
    sessions = [(f"a{i}", MONTH + timedelta(days=1), "anxiety", 0.8) for i in range(3000)]
    sessions += [(f"s{i}", MONTH + timedelta(days=1), "sleep", 0.2) for i in range(3000)]
    await ingest(dial, sessions)
    admin = aggregation_pb2_grpc.AggregationServiceStub(dial("admin", "olga"))
    request = pb.CreateReleaseRequest()
    request.period_start.FromDatetime(MONTH)
    await admin.CreateRelease(request, timeout=60)
    anxiety, sleep = (pb.CohortSelector(therapeutic_focus=name) for name in ("anxiety", "sleep"))
    compared = await admin.CompareCohorts(
        pb.CompareCohortsRequest(left=anxiety, right=sleep, measure=pb.MEASURE_ENGAGEMENT)
    )
    (engagement,) = compared.comparisons
    assert engagement.verdict == "lower"
    assert engagement.difference.lower < engagement.difference.value < engagement.difference.upper < 0
    assert engagement.difference.privacy_margin > 0
    assert not compared.may_share_players
    assert "no effect of a cause" in compared.summary
    with pytest.raises(grpc.aio.AioRpcError, match="same cohort"):
        await admin.CompareCohorts(pb.CompareCohortsRequest(left=anxiety, right=anxiety))
    with pytest.raises(grpc.aio.AioRpcError, match="no cohort 'grief'") as unknown:
        await admin.CompareCohorts(
            pb.CompareCohortsRequest(left=anxiety, right=pb.CohortSelector(therapeutic_focus="grief"))
        )
    assert unknown.value.code() is grpc.StatusCode.NOT_FOUND
    nested = await admin.CompareCohorts(pb.CompareCohortsRequest(left=anxiety, right=pb.CohortSelector()))
    assert nested.may_share_players
    assert "not independent" in nested.summary
