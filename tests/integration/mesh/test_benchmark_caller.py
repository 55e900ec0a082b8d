"""The caller that benchmarks measure with, beside a real server."""

import asyncio

import pytest
from tta.analytics.v1 import alert_pb2

from benchmarks.alerts.callers import Caller
from mesh.refusal import NotFound
from tests.integration.mesh.conftest import token

GET_ALERT = "/tta.analytics.v1.AlertService/GetAlert"


@pytest.fixture
async def caller(sample):
    async with Caller(f"127.0.0.1:{sample.running.port}", token()) as made:
        yield made


async def get(caller, alert_id):
    request = alert_pb2.GetAlertRequest(alert_id=alert_id).SerializeToString()
    return alert_pb2.Alert.FromString(await caller.call(GET_ALERT, request))


async def test_calls_at_once_have_each_their_own_answer(sample, caller):
    async def slower_the_earlier(request):
        await asyncio.sleep(0.1 / int(request.alert_id))
        return alert_pb2.Alert(alert_id=request.alert_id)

    sample.alerts.get = slower_the_earlier
    answers = await asyncio.gather(*(get(caller, str(number)) for number in range(1, 21)))
    assert [one.alert_id for one in answers] == [str(number) for number in range(1, 21)]


async def test_an_answer_of_many_frames_arrives_whole(sample, caller):
    async def large(request):
        return alert_pb2.Alert(alert_id=request.alert_id, title="x" * 200_000)

    sample.alerts.get = large
    assert (await get(caller, "1")).title == "x" * 200_000


async def test_a_refused_call_raises_and_the_next_is_answered(sample, caller):
    async def only_the_second(request):
        if request.alert_id == "1":
            raise NotFound("alert_not_found", "No alert of that id.")
        return alert_pb2.Alert(alert_id=request.alert_id)

    sample.alerts.get = only_the_second
    with pytest.raises(RuntimeError, match="ended without an answer"):
        await get(caller, "1")
    assert (await get(caller, "2")).alert_id == "2"
