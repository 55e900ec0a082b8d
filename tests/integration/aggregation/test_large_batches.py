"""Inline batches as large as they may be: nobody else waits for them."""

from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import legacy_aggregation_pb2 as legacy_pb
from tta.analytics.v1.aggregation_pb2_grpc import AggregationServiceStub
from tta.analytics.v1.legacy_aggregation_pb2_grpc import AggregationLegacyServiceStub

from aggregation_svc import bootstrap
from aggregation_svc.adapters.tables import sessions
from aggregation_svc.settings import AggregationSettings
from tests.integration.aggregation.conftest import Dial
from tests.loop_turns import patience, turns_watched

PLAYERS, EACH = 1000, 50


@pytest.fixture
def settings(settings: AggregationSettings) -> AggregationSettings:
    return settings.model_copy(update={"focus_names": ("anxiety",), "legacy_consent": "asserted"})


def played(number: int) -> dict[str, float]:
    return {"duration_minutes": 10 + number, "interaction_count": number, "engagement_score": 0.5}


def batch(players: int, each: int, request_id: str = "") -> pb.AggregateBehaviorRequest:
    played_ = [pb.UserSession(duration_minutes=10 + n, interaction_count=n, engagement_score=0.5) for n in range(each)]
    records = [pb.UserRecord(user_id=f"p{n}", therapeutic_focus="anxiety", sessions=played_) for n in range(players)]
    return pb.AggregateBehaviorRequest(user_data=records, request_id=request_id)


def known_batch(players: int, each: int) -> legacy_pb.LegacyAggregateBehaviorRequest:
    records = [{"user_id": f"p{n}", "sessions": [played(n) for n in range(each)]} for n in range(players)]
    return legacy_pb.LegacyAggregateBehaviorRequest(user_data=[ParseDict(one, Struct()) for one in records])


async def send(dial: Dial, request: Any) -> Any:
    if isinstance(request, pb.AggregateBehaviorRequest):
        return await AggregationServiceStub(dial()).AggregateBehavior(request, timeout=100)
    return await AggregationLegacyServiceStub(dial()).LegacyAggregateBehavior(request, timeout=100)


@pytest.mark.parametrize(
    "request_",
    [batch(PLAYERS, EACH, "r-1"), known_batch(EACH, PLAYERS)],
    ids=["many players", "many sessions of each"],
)
@pytest.mark.timeout(200)
async def test_a_large_batch_holds_nobody_up(request_: Any, dial: Dial, foundation: bootstrap.Foundation) -> None:
    async with turns_watched() as longest:
        answer = await send(dial, request_)
    assert answer.success
    assert not answer.left_out
    async with foundation.database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(sessions))).scalar_one() == 50_000
    assert longest.milliseconds < patience()


@pytest.mark.parametrize("make", [batch, known_batch])
async def test_more_sessions_than_a_batch_takes_are_refused(make: Any, dial: Dial) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match="at most 50000") as refused:
        await send(dial, make(51, 1000))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("make", [batch, known_batch])
async def test_more_players_than_a_batch_takes_are_refused(make: Any, dial: Dial) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await send(dial, make(1001, 0))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("make", [batch, known_batch])
async def test_a_record_with_too_many_sessions_is_left_out(make: Any, dial: Dial) -> None:
    request = make(1, 1001)
    request.user_data.extend(make(2, 1).user_data)
    answer = await send(dial, request)
    assert [violation.field for violation in answer.left_out] == ["user_data[0].sessions"]
