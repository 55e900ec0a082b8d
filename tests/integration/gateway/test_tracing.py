"""One trace holds a request and the call that it makes, and says nothing of either but their templates."""

import httpx
import pytest
from opentelemetry import trace

from gateway import process
from gateway.settings import GatewaySettings
from mesh.server import Service, start
from mesh.settings import Settings
from tests.collector import running_collector
from tests.gateway_services import Handler, Services

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


async def ready() -> bool:
    return True


async def test_the_span_of_a_call_hangs_below_that_of_its_request_and_neither_names_a_player(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(trace, "set_tracer_provider", lambda provider: None)
    service = Service(
        name="monitoring", port=0, register=Handler(Services()).register, service_names=(), ready=ready, http_port=0
    )
    async with running_collector() as collector:
        endpoint = f"http://127.0.0.1:{collector.port}"
        monitoring = await start(service, Settings(auth="off", otlp_endpoint=endpoint))
        running = await process.start(
            GatewaySettings(
                auth="off",
                gateway_port=0,
                gateway_http_port=0,
                monitoring_target=f"127.0.0.1:{monitoring.port}",
                otlp_endpoint=endpoint,
            )
        )
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{running.ports[0]}", trust_env=False, timeout=60
        ) as client:
            for sampled in ("01", "00"):
                headers = {"traceparent": f"00-{TRACE}-{PARENT}-{sampled}", "user-agent": "p-77"}
                (await client.get("/api/v1/alerts/p-77", headers=headers)).raise_for_status()
        await running.stop()
        await monitoring.stop(0)
    request, call = sorted(collector.spans, key=lambda span: span.parent_span_id.hex() != PARENT)
    assert (request.name, call.name.rpartition("/")[2]) == ("GET /api/v1/alerts/{alert_id}", "GetAlert")
    assert {span.trace_id.hex() for span in (request, call)} == {TRACE}
    assert (request.parent_span_id.hex(), call.parent_span_id) == (PARENT, request.span_id)
    assert "p-77" not in str(collector.spans)
