"""A player's own progress over gRPC: exact, and for nobody but them and their therapist."""

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import jwt
import pytest
from google.protobuf.json_format import MessageToDict
from tta.analytics.v1 import aggregation_pb2
from tta.analytics.v1.aggregation_pb2_grpc import AggregationServiceStub
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub

from aggregation_svc.settings import AggregationSettings
from mesh.channels import channel
from mesh.server import RunningServer
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import consent, ingest, session
from tests.tokens import LIFETIME


async def test_the_chart_has_the_shape_that_the_frontend_reads(dial: Dial) -> None:
    game: Any = IngestionServiceStub(dial())
    await consent(game, "ann", "bob")
    now = datetime.now(UTC)
    await ingest(
        game,
        [
            session("ann", "1", now - timedelta(minutes=1), duration_minutes=10),
            session("ann", "2", now - timedelta(days=400), duration_minutes=10),
            session("bob", "1", now - timedelta(minutes=1), duration_minutes=50),
        ],
    )
    therapist: Any = AggregationServiceStub(dial("therapist", "dr"))
    answer = await therapist.GetProgressViz(aggregation_pb2.GetProgressVizRequest(user_id="ann", days=7))
    shown = MessageToDict(answer, preserving_proto_field_name=True)
    assert shown["meta"]["total_sessions"] == 1
    assert shown["meta"]["avg_session_duration"] == 10
    assert set(shown["meta"]["date_range"]) == {"start", "end"}
    assert len(shown["time_buckets"]) == 7
    assert {one["name"]: len(one["data"]) for one in shown["series"]}["overall_progress"] == 7
    unknown = await therapist.GetProgressViz(aggregation_pb2.GetProgressVizRequest(user_id="nobody"))
    assert (unknown.meta.total_sessions, len(unknown.time_buckets)) == (0, 30)


async def test_a_player_reads_their_own_and_nobody_elses(
    dial: Dial, server: RunningServer, settings: AggregationSettings
) -> None:
    claims = {"sub": "ann", "exp": datetime.now(UTC) + LIFETIME}
    token = jwt.encode(claims, settings.secret("auth_secret_key"), algorithm="HS256")
    async with channel(f"127.0.0.1:{server.port}", settings, token=token) as one:
        own: Any = AggregationServiceStub(one)
        await own.GetProgressViz(aggregation_pb2.GetProgressVizRequest(user_id="ann"))
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await own.GetProgressViz(aggregation_pb2.GetProgressVizRequest(user_id="bob"))
    assert refusal.value.code() is grpc.StatusCode.PERMISSION_DENIED
    researcher: Any = AggregationServiceStub(dial("researcher", "r"))
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await researcher.GetProgressViz(aggregation_pb2.GetProgressVizRequest(user_id="ann"))
    assert refusal.value.code() is grpc.StatusCode.PERMISSION_DENIED
