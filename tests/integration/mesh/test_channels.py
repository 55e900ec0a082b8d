import asyncio
import json

import grpc
import pytest
from tta.analytics.v1 import alert_pb2, alert_pb2_grpc, ingestion_pb2

from mesh.channels import service_config
from mesh.identity import ANYBODY, current_caller, current_token, enter_call, time_left
from mesh.refusal import Refusal, Unavailable
from mesh.trace import enter_trace, trace_id
from tests.integration.mesh.conftest import token

ALERT = alert_pb2.GetAlertRequest(alert_id="1")
REVEAL = alert_pb2.RevealAlertSubjectRequest(alert_id="1", purpose="to call them")


def test_only_calls_that_the_protos_mark_as_idempotent_are_retried_where_they_may_have_begun():
    config = json.loads(service_config())
    idempotent, others = config["methodConfig"]
    names = {(name["service"].rpartition(".")[2], name["method"]) for name in idempotent["name"]}
    assert ("AlertService", "GetAlert") in names
    assert ("AlertService", "RevealAlertSubject") not in names
    assert ("IngestionService", "IngestSessions") not in names
    assert idempotent["retryPolicy"]["retryableStatusCodes"] == ["UNAVAILABLE", "CANCELLED"]
    assert others["name"] == [{}]
    assert others["retryPolicy"]["retryableStatusCodes"] == ["CANCELLED"]
    assert {"round_robin": {}} in config["loadBalancingConfig"]


def test_a_channel_to_a_process_watches_whether_its_replicas_go_on():
    assert "healthCheckConfig" not in json.loads(service_config())
    assert json.loads(service_config("monitoring"))["healthCheckConfig"] == {"serviceName": "monitoring-liveness"}


async def test_an_idempotent_call_is_tried_again_while_the_service_is_away(sample):
    tries = []

    async def get(request):
        tries.append(1)
        if len(tries) < 3:
            raise Unavailable("warming_up", "Wait.")
        return alert_pb2.Alert(alert_id="there")

    sample.alerts.get = get
    assert (await sample.alerts_as(token()).GetAlert(ALERT)).alert_id == "there"
    assert len(tries) == 3


class Stopped(Refusal):
    """What gRPC itself answers a call that arrives in the moment of a server's stop."""

    code = "CANCELLED"


async def test_whatever_call_a_stopping_server_cancelled_is_tried_again(sample):
    tries = []

    async def get(request):
        tries.append(1)
        if len(tries) % 2:
            raise Stopped("cancelled", "Stopped.")
        return alert_pb2.Alert(alert_id="there")

    async def reveal(request):
        return alert_pb2.RevealAlertSubjectResponse(user_id=(await get(request)).alert_id)

    sample.alerts.get, sample.alerts.reveal = get, reveal
    stub = sample.alerts_as(token())
    assert (await stub.GetAlert(ALERT)).alert_id == "there"
    assert (await stub.RevealAlertSubject(REVEAL)).user_id == "there"


async def test_many_calls_cancelled_at_once_are_all_tried_again(sample):
    seen = set()

    async def reveal(request):
        if request.alert_id not in seen:
            seen.add(request.alert_id)
            raise Stopped("cancelled", "Stopped.")
        return alert_pb2.RevealAlertSubjectResponse(user_id=request.alert_id)

    sample.alerts.reveal = reveal
    stub = sample.alerts_as(token())
    calls = [
        stub.RevealAlertSubject(alert_pb2.RevealAlertSubjectRequest(alert_id=str(each), purpose="to call them"))
        for each in range(40)
    ]
    assert [(await call).user_id for call in calls] == [str(each) for each in range(40)]


async def test_another_call_is_made_once(sample):
    tries = []

    async def consumed(messages):
        tries.append(1)
        raise Unavailable("warming_up", "Wait.")

    sample.ingestion.sessions = consumed
    with pytest.raises(grpc.aio.AioRpcError):
        await sample.ingestion_as(token("service")).IngestSessions(iter([ingestion_pb2.IngestSessionsRequest()]))
    assert len(tries) == 1


async def test_deadline_token_and_trace_are_passed_on_to_calls_made_within(serve, settings):
    behind, front = await serve(settings), await serve(settings)
    within = alert_pb2_grpc.AlertServiceStub(behind.channel(None))
    seen = {}

    async def get_behind(request):
        seen.update(caller=current_caller().name, left=time_left(), trace=trace_id())
        return alert_pb2.Alert(alert_id="behind")

    async def get_front(request):
        seen["token"] = current_token()
        return await within.GetAlert(request)

    behind.alerts.get, front.alerts.get = get_behind, get_front
    bearer = token("therapist", sub="dr-grey")
    trace = enter_trace()
    answer = await front.alerts_as(bearer).GetAlert(ALERT, timeout=30.0)
    assert answer.alert_id == "behind"
    assert (seen["caller"], seen["token"], seen["trace"]) == ("dr-grey", bearer, trace)
    assert 0 < seen["left"] < 32


async def test_a_call_without_a_deadline_gets_the_one_of_the_settings(sample):
    seen = {}

    async def get(request):
        seen["left"] = time_left()
        return alert_pb2.Alert()

    sample.alerts.get = get
    await sample.alerts_as(token()).GetAlert(ALERT)
    most = sample.settings.call_timeout.total_seconds()
    assert most / 2 < seen["left"] < most + 2


@pytest.mark.parametrize(("outer", "inner"), [(100.0, 1000.0), (1000.0, 100.0)])
async def test_the_nearer_of_two_deadlines_counts(sample, outer, inner):
    left = []

    async def get(request):
        left.append(time_left())
        return alert_pb2.Alert()

    sample.alerts.get = get
    stub = sample.alerts_as(token())

    async def within_a_call():
        enter_call(ANYBODY, "", outer)
        await stub.GetAlert(ALERT, timeout=inner)

    await asyncio.create_task(within_a_call())
    assert 0 < left[0] < 102  # The wire carries whole seconds from a hundred on, rounded up.


async def test_a_call_ends_with_the_deadline_of_the_call_that_it_is_made_within(sample):
    async def get(request):
        await asyncio.Event().wait()

    sample.alerts.get = get
    stub = sample.alerts_as(token())

    async def within_a_call():
        enter_call(ANYBODY, "", 0.2)
        await stub.GetAlert(ALERT, timeout=3600)

    async with asyncio.timeout(60):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await asyncio.create_task(within_a_call())
    assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


async def test_calls_go_to_their_target_and_not_through_a_proxy_of_the_environment(sample, monkeypatch):
    heard = []

    async def listen(reader, writer):
        heard.append(await reader.read(100))
        writer.close()

    async def get(request):
        return alert_pb2.Alert(alert_id="there")

    proxy = await asyncio.start_server(listen, "127.0.0.1", 0)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
    sample.alerts.get = get
    assert (await sample.alerts_as(token()).GetAlert(ALERT)).alert_id == "there"
    proxy.close()
    assert heard == []
