"""AggregateBehavior and its legacy twin over gRPC: record, answer, charge once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy.ext.asyncio import AsyncConnection
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import (
    aggregation_pb2_grpc,
    common_pb2,
    ingestion_pb2,
    ingestion_pb2_grpc,
    legacy_aggregation_pb2,
    legacy_aggregation_pb2_grpc,
    privacy_pb2,
    privacy_pb2_grpc,
)

from aggregation_svc import bootstrap
from aggregation_svc.adapters.tables import progress_snapshots, sessions
from aggregation_svc.settings import AggregationSettings
from mesh.audit import AuditLog, Entry
from mesh.channels import channel
from mesh.server import start
from tests.integration.aggregation.conftest import Dial


@pytest.fixture
def settings(settings: AggregationSettings) -> AggregationSettings:
    changed = {"focus_names": ("anxiety",), "epsilon_budget": 1.5, "legacy_consent": "asserted", "numeric_workers": 0}
    return settings.model_copy(update=changed)


def seed_record(user: str, **changes: object) -> dict[str, object]:
    """A record as the predecessor's callers write it."""
    return {
        "user_id": user,
        "therapeutic_focus": "anxiety",
        "session_frequency": "weekly",
        "engagement_level": "high",
        "sessions": [
            {
                "duration_minutes": 30.5,
                "interaction_count": 20,
                "therapeutic_interventions_count": 2,
                "progress_markers_count": 1,
            }
        ],
        "progress_data": {
            "overall_progress": 0.6,
            "goal_completion_rate": 0.4,
            "engagement_level": 0.7,
            "total_sessions": 12,
        },
        "therapeutic_metrics": {"emotional_regulation_score": 0.5},
        **changes,
    }


def legacy(*records: dict[str, object]) -> legacy_aggregation_pb2.LegacyAggregateBehaviorRequest:
    return legacy_aggregation_pb2.LegacyAggregateBehaviorRequest(
        user_data=[ParseDict(record, Struct()) for record in records],
        privacy_level=common_pb2.PRIVACY_LEVEL_MEDIUM,
    )


async def spent(dial: Dial) -> int:
    stub = privacy_pb2_grpc.PrivacyServiceStub(dial("admin", "olga"))
    return (await stub.GetBudget(privacy_pb2.GetBudgetRequest())).spent_micros


async def count(foundation: bootstrap.Foundation, table: sa.Table) -> int:
    async with foundation.database.read() as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()


async def test_the_seeds_call_records_answers_and_lists_only_what_is_malformed(
    dial: Dial, foundation: bootstrap.Foundation
) -> None:
    stub = legacy_aggregation_pb2_grpc.AggregationLegacyServiceStub(dial("service", "game"))
    request = legacy(
        seed_record("ada"),
        seed_record("ben"),
        seed_record("cy", sessions=[{"duration_minutes": -5}]),
        seed_record("", sessions=[]),
        seed_record("dan", sessions="none"),
    )
    answer = await stub.LegacyAggregateBehavior(request)
    assert answer.success
    assert answer.total_users == 5
    assert answer.patterns_detected == 0
    assert [violation.field for violation in answer.left_out] == [
        "user_data[2].sessions[0].duration_minutes",
        "user_data[3].user_id",
        "user_data[4].sessions",
    ]
    assert await count(foundation, sessions) == 2
    assert await count(foundation, progress_snapshots) == 2
    assert await spent(dial) == 1_000_000


async def test_the_same_batch_in_any_order_is_the_same_question_and_is_charged_once(
    dial: Dial, foundation: bootstrap.Foundation
) -> None:
    stub = aggregation_pb2_grpc.AggregationServiceStub(dial("service", "game"))
    users = [
        pb.UserRecord(user_id=name, therapeutic_focus="anxiety", sessions=[pb.UserSession(duration_minutes=10)])
        for name in ("ada", "ben")
    ]
    first = await stub.AggregateBehavior(pb.AggregateBehaviorRequest(user_data=users))
    again = await stub.AggregateBehavior(pb.AggregateBehaviorRequest(user_data=users[::-1]))
    assert first.release == again.release
    assert first.release.kind == pb.RELEASE_KIND_INLINE
    assert first.release.epsilon_micros == await spent(dial) == 500_000
    assert await count(foundation, sessions) == 2
    louder = await stub.AggregateBehavior(
        pb.AggregateBehaviorRequest(user_data=users, privacy_level=common_pb2.PRIVACY_LEVEL_MAXIMUM)
    )
    assert louder.release.release_id != first.release.release_id
    assert await spent(dial) == 600_000
    assert await count(foundation, sessions) == 2, "what has no name and no time is the same at every level"


async def test_what_has_no_time_is_stored_once_though_the_first_try_failed_and_another_level_was_asked(
    dial: Dial, foundation: bootstrap.Foundation, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, failures = AuditLog.append, [RuntimeError("the process was killed here")]

    async def fails_once(log: AuditLog, connection: AsyncConnection, *entries: Entry) -> None:
        if failures and any(entry.action == "release_created" for entry in entries):
            raise failures.pop()
        await append(log, connection, *entries)

    monkeypatch.setattr(AuditLog, "append", fails_once)
    stub = legacy_aggregation_pb2_grpc.AggregationLegacyServiceStub(dial("service", "game"))
    request = legacy(seed_record("ada"), seed_record("ben"))
    with pytest.raises(grpc.aio.AioRpcError):
        await stub.LegacyAggregateBehavior(request)
    assert not failures
    assert await spent(dial) == 0
    assert [await count(foundation, table) for table in (sessions, progress_snapshots)] == [0, 0]
    for level in (common_pb2.PRIVACY_LEVEL_MEDIUM, common_pb2.PRIVACY_LEVEL_MAXIMUM, common_pb2.PRIVACY_LEVEL_MEDIUM):
        request.privacy_level = level
        await stub.LegacyAggregateBehavior(request)
    assert await spent(dial) == 1_100_000
    assert [await count(foundation, table) for table in (sessions, progress_snapshots)] == [2, 2]


async def test_a_request_id_stands_for_one_batch(dial: Dial) -> None:
    stub = aggregation_pb2_grpc.AggregationServiceStub(dial("service", "game"))
    began = Timestamp(seconds=int(datetime.now(UTC).timestamp()) - 3600)
    record = pb.UserRecord(user_id="ann", sessions=[pb.UserSession(started_at=began, duration_minutes=30)])
    asked = pb.AggregateBehaviorRequest(user_data=[record], request_id="r-1")
    first = await stub.AggregateBehavior(asked)
    assert (await stub.AggregateBehavior(asked)).release == first.release
    charged = await spent(dial)

    record.user_id = "bob"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.AggregateBehavior(pb.AggregateBehaviorRequest(user_data=[record], request_id="r-1"))
    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS
    assert await spent(dial) == charged


async def test_over_the_cap_nothing_is_recorded(dial: Dial, foundation: bootstrap.Foundation) -> None:
    stub = aggregation_pb2_grpc.AggregationServiceStub(dial("service", "game"))
    request = pb.AggregateBehaviorRequest(
        user_data=[pb.UserRecord(user_id="ada", sessions=[pb.UserSession(duration_minutes=10)])],
        privacy_level=common_pb2.PRIVACY_LEVEL_LOW,
    )
    with pytest.raises(grpc.aio.AioRpcError, match="needs epsilon 2") as refused:
        await stub.AggregateBehavior(request)
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert await count(foundation, sessions) == 0


async def test_a_batch_without_a_usable_record_is_refused_for_nothing(dial: Dial) -> None:
    stub = aggregation_pb2_grpc.AggregationServiceStub(dial("service", "game"))
    with pytest.raises(grpc.aio.AioRpcError, match="nothing was charged") as refused:
        await stub.AggregateBehavior(pb.AggregateBehaviorRequest())
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert await spent(dial) == 0


async def test_whether_somebody_lacked_consent_is_not_told(dial: Dial, foundation: bootstrap.Foundation) -> None:
    consents = ingestion_pb2_grpc.IngestionServiceStub(dial("service", "game"))
    await consents.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ben", analytics=False))
    stub = legacy_aggregation_pb2_grpc.AggregationLegacyServiceStub(dial("service", "game"))
    answer = await stub.LegacyAggregateBehavior(legacy(seed_record("ada"), seed_record("ben")))
    assert answer.total_users == 2
    assert not answer.left_out
    assert await count(foundation, sessions) == 1


async def test_a_batch_sent_again_records_whoever_consented_since_and_is_not_charged_again(
    dial: Dial, foundation: bootstrap.Foundation
) -> None:
    consents = ingestion_pb2_grpc.IngestionServiceStub(dial("service", "game"))
    await consents.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ben", analytics=False))
    stub = legacy_aggregation_pb2_grpc.AggregationLegacyServiceStub(dial("service", "game"))
    request = legacy(seed_record("ada"), seed_record("ben"))
    first = await stub.LegacyAggregateBehavior(request)
    charged = await spent(dial)
    await consents.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ben", analytics=True))
    for _ in range(2):
        assert (await stub.LegacyAggregateBehavior(request)).cohorts_analyzed == first.cohorts_analyzed
        assert [await count(foundation, table) for table in (sessions, progress_snapshots)] == [2, 2]
    assert await spent(dial) == charged


async def test_a_session_told_twice_in_one_batch_leaves_its_records_out_and_is_named_by_their_places(
    dial: Dial, foundation: bootstrap.Foundation
) -> None:
    stub = legacy_aggregation_pb2_grpc.AggregationLegacyServiceStub(dial("service", "game"))
    one, other = ({"session_id": "s", "duration_minutes": minutes} for minutes in (5, 6))
    records = (
        seed_record("zoe", sessions=[one, one]),
        seed_record("ada", sessions=[one, {"duration_minutes": 7}, other]),
        seed_record("ben", sessions=[one]),
        seed_record("cy", sessions=[one]),
        seed_record("ben", sessions=[other]),
    )
    answer = await stub.LegacyAggregateBehavior(legacy(*records))
    assert answer.success
    assert [(violation.field, violation.description.split(" too")[0]) for violation in answer.left_out] == [
        ("user_data[1].sessions[0].session_id", "is that of user_data[1].sessions[2]"),
        ("user_data[1].sessions[2].session_id", "is that of user_data[1].sessions[0]"),
        ("user_data[2].sessions[0].session_id", "is that of user_data[4].sessions[0]"),
        ("user_data[4].sessions[0].session_id", "is that of user_data[2].sessions[0]"),
    ]
    assert await count(foundation, sessions) == 2
    assert len((await stub.LegacyAggregateBehavior(legacy(*records[::-1]))).left_out) == 4
    assert await spent(dial) == 1_000_000, "in any order it is the same question"


async def test_a_batch_that_contradicts_a_stored_session_is_answered_as_any_other(
    dial: Dial, foundation: bootstrap.Foundation
) -> None:
    stub = legacy_aggregation_pb2_grpc.AggregationLegacyServiceStub(dial("service", "game"))
    at = "2026-02-03T10:00:00Z"
    first = {"session_id": "s", "started_at": at, "duration_minutes": 5}
    await stub.LegacyAggregateBehavior(legacy(seed_record("ada", sessions=[first])))
    before = await spent(dial)
    probe = legacy(seed_record("ada", sessions=[{**first, "duration_minutes": 6}]))
    probe.privacy_level = common_pb2.PRIVACY_LEVEL_MAXIMUM
    answer = await stub.LegacyAggregateBehavior(probe)
    assert answer.success
    assert await spent(dial) > before
    async with foundation.database.read() as connection:
        assert list((await connection.execute(sa.select(sessions.c.duration_minutes))).scalars()) == [5]


async def test_the_seeds_analysis_reads_the_latest_release(dial: Dial) -> None:
    viewer = legacy_aggregation_pb2_grpc.AggregationLegacyServiceStub(dial("researcher", "rita"))
    empty = await viewer.LegacyAnalyzeCohorts(legacy_aggregation_pb2.LegacyAnalyzeCohortsRequest())
    assert (empty.total_cohorts, dict(empty.cohort_statistics)) == (0, {})
    admin = aggregation_pb2_grpc.AggregationServiceStub(dial("admin", "olga"))
    request = pb.CreateReleaseRequest()
    request.period_start.FromDatetime(datetime(2026, 2, 1, tzinfo=UTC))
    await admin.CreateRelease(request)
    answer = await viewer.LegacyAnalyzeCohorts(legacy_aggregation_pb2.LegacyAnalyzeCohortsRequest())
    assert answer.total_cohorts == len(answer.cohort_statistics)
    for statistics in answer.cohort_statistics.values():
        assert {"user_count", "therapeutic_focus"} <= set(MessageToDict(statistics))
    patterns = await viewer.LegacyListPatterns(legacy_aggregation_pb2.LegacyListPatternsRequest())
    assert patterns.total_count == 0


@pytest.fixture
async def anybody(foundation: bootstrap.Foundation) -> AsyncIterator[Any]:
    """The predecessor's calls to a process without authentication."""
    open_ = foundation.settings.model_copy(update={"auth": "off", "epsilon_budget": 12.0})
    async with AsyncExitStack() as ends:
        running = await start(bootstrap.service(replace(foundation, settings=open_)), open_)
        ends.push_async_callback(running.stop, 0)
        dialled = await ends.enter_async_context(channel(f"127.0.0.1:{running.port}", open_))
        yield legacy_aggregation_pb2_grpc.AggregationLegacyServiceStub(dialled)


async def test_a_batch_of_nobody_knows_whom_costs_no_more_than_a_release(
    anybody: Any, foundation: bootstrap.Foundation
) -> None:
    request = legacy(seed_record("ada"))
    request.privacy_level = common_pb2.PRIVACY_LEVEL_LOW
    with pytest.raises(grpc.aio.AioRpcError, match="more private level") as refused:
        await anybody.LegacyAggregateBehavior(request)
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    assert await count(foundation, sessions) == 0
    request.privacy_level = common_pb2.PRIVACY_LEVEL_MEDIUM
    assert (await anybody.LegacyAggregateBehavior(request)).success
