import grpc
import pytest
from opentelemetry import trace
from tta.analytics.v1 import alert_pb2

from mesh.refusal import NotFound
from mesh.trace import enter_trace
from tests.collector import running_collector
from tests.integration.mesh.conftest import token


@pytest.fixture
async def collector():
    async with running_collector() as collector:
        yield collector


async def test_spans_reach_the_collector_and_hold_no_words_of_a_player(serve, settings, collector, monkeypatch):
    monkeypatch.setattr(trace, "set_tracer_provider", lambda provider: None)
    sample = await serve(settings.model_copy(update={"otlp_endpoint": f"http://127.0.0.1:{collector.port}"}))

    async def get(request):
        raise NotFound("alert_not_found", "Player p-77 said: help")

    async def stream(request):
        for number in range(3):
            yield alert_pb2.StreamAlertsResponse(cursor=str(number))

    sample.alerts.get, sample.alerts.stream = get, stream
    # A trace that began without a span, as in a process that collects none, is collected all the same.
    begun = enter_trace()
    stub = sample.alerts_as(token())
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.GetAlert(alert_pb2.GetAlertRequest(alert_id="p-77"))
    assert error.value.code() == grpc.StatusCode.NOT_FOUND
    assert len([answer async for answer in stub.StreamAlerts(alert_pb2.StreamAlertsRequest())]) == 3
    await sample.running.stop(1.0)
    names = {span.name.rpartition("/")[2] for span in collector.spans}
    assert names >= {"GetAlert", "StreamAlerts"}
    assert {span.trace_id.hex() for span in collector.spans} == {begun}
    assert "p-77" not in str(collector.spans)
