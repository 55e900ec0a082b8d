"""Segments of a release over gRPC: charged with it, stored with it, read for nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import sqlalchemy as sa
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import (
    aggregation_pb2_grpc,
    common_pb2,
    facts_pb2,
    ingestion_pb2,
    ingestion_pb2_grpc,
    legacy_aggregation_pb2,
    legacy_aggregation_pb2_grpc,
)

from aggregation_svc import bootstrap
from aggregation_svc.adapters.pattern_codec import user_behavior_patterns
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.domain.patterns.release import MISSING, VALUE
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.release_plan import MEASURES, MONTHLY_PLAN
from aggregation_svc.settings import AggregationSettings
from mesh.server import RunningServer, start
from tests.integration.aggregation.conftest import Dial

MONTH = datetime(2026, 3, 1, tzinfo=UTC)
PLAYERS = 3_000
PLAN = replace(MONTHLY_PLAN, patterns_micro=8_000_000)
"""Enough epsilon for few players: what is tested here is the way, not the utility."""
BUSY, CALM = (4, 240.0, 200), (1, 100.0, 60)
"""Sessions, minutes and interactions of a session."""


@pytest.fixture
def settings(settings: AggregationSettings) -> AggregationSettings:
    return settings.model_copy(
        update={"focus_names": ("anxiety",), "legacy_consent": "asserted", "numeric_workers": 0, "epsilon_budget": 20.0}
    )


@pytest.fixture
async def server(foundation: bootstrap.Foundation) -> AsyncIterator[RunningServer]:
    running = await start(bootstrap.service(foundation, plan=PLAN), foundation.settings)
    yield running
    await running.stop(0)


def at(moment: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(moment)
    return message


def month() -> pb.CreateReleaseRequest:
    return pb.CreateReleaseRequest(period_start=at(MONTH), grain=common_pb2.GRAIN_MONTH)


async def ingest(dial: Dial, players: int) -> None:
    """Two kinds of players: every third plays much and often, the others little."""

    async def messages() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
        random = np.random.default_rng(8)
        batch = []
        for player in range(players):
            sessions, minutes, interactions = BUSY if player % 3 == 0 else CALM
            batch += [
                facts_pb2.Session(
                    user_id=f"player-{player}",
                    started_at=at(MONTH + timedelta(days=5 * number, minutes=player % 600)),
                    duration_minutes=max(random.normal(minutes, minutes / 5), 0.0),
                    interaction_count=int(max(random.normal(interactions, interactions / 5), 0)),
                    therapeutic_interventions_count=int(max(random.normal(sessions * 4, 4), 0)),
                )
                for number in range(sessions)
            ]
            if len(batch) > 400 or player == players - 1:
                yield ingestion_pb2.IngestSessionsRequest(
                    consent_basis=ingestion_pb2.CONSENT_BASIS_ASSERTED, sessions=batch
                )
                batch = []

    await ingestion_pb2_grpc.IngestionServiceStub(dial("service", "game")).IngestSessions(messages())


@pytest.fixture
async def admin(dial: Dial) -> aggregation_pb2_grpc.AggregationServiceStub:
    return aggregation_pb2_grpc.AggregationServiceStub(dial("admin", "olga"))


async def test_segments_are_found_charged_with_the_release_and_listed(
    dial: Dial, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    await ingest(dial, PLAYERS)
    release = await admin.CreateRelease(month())
    assert release.epsilon_micros == PLAN.cohorts_micro
    assert 2 <= len(release.patterns) <= 5
    assert sum(one.subjects.value for one in release.patterns) == pytest.approx(PLAYERS, rel=0.3)
    assert all(one.stability > 0.8 for one in release.patterns)
    assert {tuple(feature.name for feature in one.features) for one in release.patterns} == {
        ("sessions", "minutes", "interactions", "interventions")
    }
    minutes = {one.name: one.features[1].value.value for one in release.patterns}
    busy = max(minutes, key=lambda name: minutes[name])
    assert "high minutes" in busy
    # Who plays occasionally is bounded at a fifth of the cap of 1,400 minutes.
    assert minutes[busy] == pytest.approx(280, rel=0.15)
    listed = await admin.ListPatterns(pb.ListPatternsRequest())
    assert list(listed.patterns) == list(release.patterns)
    other = await admin.ListPatterns(pb.ListPatternsRequest(pattern_type=common_pb2.PATTERN_TYPE_ENGAGEMENT))
    assert not other.patterns
    assert any("engagement" in note for note in release.notes)


async def test_segments_are_the_same_after_the_process_forgot_them(
    dial: Dial, admin: aggregation_pb2_grpc.AggregationServiceStub, foundation: bootstrap.Foundation
) -> None:
    await ingest(dial, PLAYERS)
    release = await admin.CreateRelease(month())
    again = aggregation_pb2_grpc.AggregationServiceStub(dial("researcher", "rita"))
    listed, token = [], ""
    for _ in range(len(release.patterns)):
        page = await again.ListPatterns(pb.ListPatternsRequest(page_size=1, page_token=token))
        listed += page.patterns
        token = page.next_page_token
    assert listed == list(release.patterns)
    assert not token
    async with foundation.database.read() as connection:
        stored = (await connection.execute(sa.select(sa.func.count()).select_from(user_behavior_patterns))).scalar_one()
    assert stored == len(release.patterns)


async def test_the_seeds_callers_get_patterns_in_their_shape(
    dial: Dial, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    await ingest(dial, PLAYERS)
    release = await admin.CreateRelease(month())
    legacy = legacy_aggregation_pb2_grpc.AggregationLegacyServiceStub(dial("researcher", "rita"))
    answer = await legacy.LegacyListPatterns(legacy_aggregation_pb2.LegacyListPatternsRequest(limit=1))
    assert answer.total_count == 1
    assert answer.patterns[0].user_cohort == release.patterns[0].name
    assert answer.patterns[0].confidence_score == release.patterns[0].stability
    assert answer.patterns[0].pattern_data["period_start"] == "2026-03-01"


async def test_too_few_players_are_a_stored_answer_that_costs_the_same(
    dial: Dial, admin: aggregation_pb2_grpc.AggregationServiceStub
) -> None:
    await ingest(dial, 30)
    release = await admin.CreateRelease(month())
    assert release.epsilon_micros == PLAN.cohorts_micro
    assert not release.patterns
    assert sum("too few players" in note for note in release.notes) == 3
    assert await admin.CreateRelease(month()) == release


async def test_bounded_rows_hold_one_row_a_player_and_missing_stays_missing(
    dial: Dial, foundation: bootstrap.Foundation
) -> None:
    await ingest(dial, 7)
    rows = (await SqlPeriodFacts(foundation.database).rows(Period.aligned(Grain.MONTH, MONTH))).values
    names = [measure.name for measure in MEASURES]
    assert rows.shape == (7, len(MEASURES))
    assert rows.dtype == VALUE
    assert (rows[:, names.index("engagement")] == MISSING).all()
    assert sorted(set(rows[:, names.index("sessions")].tolist())) == [25, 100]
