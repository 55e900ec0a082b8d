"""Texts that take the square of their length to normalise are refused before anybody else waits for them."""

from collections.abc import Awaitable, Callable

import grpc
import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from tta.analytics.v1 import aggregation_pb2, ingestion_pb2, legacy_aggregation_pb2
from tta.analytics.v1.aggregation_pb2_grpc import AggregationServiceStub
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.legacy_aggregation_pb2_grpc import AggregationLegacyServiceStub

from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import ingest, session
from tests.loop_turns import patience, turns_watched

MARKS = "\u0315" * 50_000 + "\u0300" * 50_000
"""Combining marks in the wrong order, 200 kB: every one of the last half moves past every one of the first."""


async def _consent(dial: Dial) -> object:
    stub = IngestionServiceStub(dial("player", "ann"))
    return await stub.SetConsent(ingestion_pb2.SetConsentRequest(user_id=MARKS, analytics=True))


async def _focus(dial: Dial) -> object:
    return await ingest(IngestionServiceStub(dial()), [session("ann", therapeutic_focus=MARKS)])


async def _session_id(dial: Dial) -> object:
    return await ingest(IngestionServiceStub(dial()), [session("ann", MARKS)])


async def _batch_player(dial: Dial) -> object:
    record = aggregation_pb2.UserRecord(user_id=MARKS)
    stub = AggregationServiceStub(dial())
    return await stub.AggregateBehavior(aggregation_pb2.AggregateBehaviorRequest(user_data=[record]))


async def _batch_focus(dial: Dial) -> object:
    record = aggregation_pb2.UserRecord(user_id="ann", therapeutic_focus=MARKS)
    stub = AggregationServiceStub(dial())
    return await stub.AggregateBehavior(aggregation_pb2.AggregateBehaviorRequest(user_data=[record]))


async def _known_batch(dial: Dial) -> object:
    record = ParseDict({"user_id": MARKS, "therapeutic_focus": MARKS}, Struct())
    request = legacy_aggregation_pb2.LegacyAggregateBehaviorRequest(user_data=[record])
    return await AggregationLegacyServiceStub(dial()).LegacyAggregateBehavior(request)


@pytest.mark.parametrize("send", [_consent, _focus, _session_id, _batch_player, _batch_focus, _known_batch])
async def test_a_long_text_of_combining_marks_is_refused_and_holds_nobody_up(
    send: Callable[[Dial], Awaitable[object]], dial: Dial
) -> None:
    async with turns_watched() as longest:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await send(dial)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert longest.milliseconds < patience()
