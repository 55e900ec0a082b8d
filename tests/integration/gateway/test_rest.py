"""REST over real HTTP and real gRPC."""

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import grpc
import httpx
import pytest
from google.api import httpbody_pb2
from google.protobuf import any_pb2, duration_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status
from tta.analytics.v1 import aggregation_pb2, alert_pb2, facts_pb2, ingestion_pb2

from gateway import health, stored
from mesh.identity import Caller
from mesh.refusal import Unauthenticated
from tests.gateway_services import Running, running_gateway


@pytest.fixture
async def gateway() -> AsyncIterator[Running]:
    async with running_gateway() as running:
        yield running


async def refuse(context: Any, code: int, message: str, *details: Any) -> None:
    packed = []
    for each in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(each)
    await context.abort_with_status(rpc_status.to_status(status_pb2.Status(code=code, message=message, details=packed)))


async def test_a_get_becomes_a_call_with_its_parameters_and_the_caller_s_token(gateway: Running):
    gateway.services.answers["ListAlerts"] = alert_pb2.ListAlertsResponse(
        alerts=[alert_pb2.Alert(alert_id="a-1", severity="SEVERITY_HIGH", count=2**40)], cursor="9"
    )
    answer = await gateway.client.get(
        "/api/v1/alerts?states=firing&states=acknowledged&page_size=5", headers={"Authorization": "Bearer secret-token"}
    )
    assert answer.status_code == 200
    alert = answer.json()["alerts"][0]
    assert (alert["alert_id"], alert["severity"], alert["count"], "state" in alert) == ("a-1", "high", 2**40, False)
    seen = gateway.services.seen[-1]
    assert list(seen.requests[0].states) == [alert_pb2.ALERT_STATE_FIRING, alert_pb2.ALERT_STATE_ACKNOWLEDGED]
    assert seen.requests[0].page_size == 5
    assert seen.metadata["authorization"] == "Bearer secret-token"


async def test_the_deadline_is_passed_on(gateway: Running):
    await gateway.client.get("/api/v1/alerts")
    left = gateway.services.seen[-1].seconds_left
    assert left is not None
    assert 0 < left < 32


async def test_a_client_stream_takes_one_posted_message(gateway: Running):
    gateway.services.answers["IngestSessions"] = ingestion_pb2.IngestSummary()
    body = {"sessions": [{"user_id": "u", "started_at": "2026-01-31T12:00:00Z", "duration_minutes": 5}]}
    answer = await gateway.client.post("/api/v1/sessions:ingest", json=body)
    assert answer.status_code == 200
    (request,) = gateway.services.seen[-1].requests
    wanted = facts_pb2.Session(user_id="u", started_at={"seconds": 1769860800}, duration_minutes=5.0)
    assert request.sessions[0] == wanted


async def test_an_idempotency_key_is_the_request_id(gateway: Running):
    headers = {"Idempotency-Key": "k-1"}
    await gateway.client.post("/api/v1/alerts/a-1:acknowledge", json={}, headers=headers)
    assert gateway.services.seen[-1].requests[0].request_id == "k-1"
    await gateway.client.post("/api/v1/alerts/a-1:acknowledge", json={"request_id": "mine"}, headers=headers)
    assert gateway.services.seen[-1].requests[0].request_id == "mine"


async def test_unknown_fields_are_refused_in_v1_and_tolerated_on_the_predecessor_s_paths(gateway: Running):
    answer = await gateway.client.post("/api/v1/alerts/a-1:resolve", json={"reason": "x"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["violations"] == [{"field": "reason", "rule": "unknown", "description": "no such field here"}]
    answer = await gateway.client.post("/metrics/process", json={"metric_name": "m", "value": "2.5", "who": 1})
    assert answer.status_code == 200
    assert gateway.services.seen[-1].requests[0].value == 2.5
    answer = await gateway.client.post("/alerts/a%2F1/resolve?resolved_by=dr&more=1")
    assert answer.status_code == 200
    request = gateway.services.seen[-1].requests[0]
    assert (request.alert_id, request.resolved_by) == ("a/1", "dr")


async def test_a_rich_error_becomes_a_problem_document(gateway: Running):
    def answer(_: Any, context: Any) -> Any:
        return refuse(
            context,
            code_pb2.RESOURCE_EXHAUSTED,
            "The budget is spent.",
            error_details_pb2.ErrorInfo(reason="BUDGET_SPENT", metadata={"left": "0"}),
            error_details_pb2.BadRequest(
                field_violations=[{"field": "epsilon", "description": "is over the cap", "reason": "cap"}]
            ),
            error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=7)),
        )

    gateway.services.answers["CreateRelease"] = answer
    got = await gateway.client.post("/api/v1/releases", json={}, headers={"X-Request-Id": "r-1"})
    assert got.status_code == 429
    assert got.headers["retry-after"] == "7"
    problem = got.json()
    assert problem.pop("trace_id")
    assert problem == {
        "type": "urn:tta-analytics:problem:budget_spent",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "The budget is spent.",
        "reason": "budget_spent",
        "violations": [{"field": "epsilon", "rule": "cap", "description": "is over the cap"}],
        "metadata": {"left": "0"},
        "retry_after_seconds": 7.0,
        "request_id": "r-1",
    }


async def test_the_text_of_a_failure_that_was_not_written_for_callers_stays_inside(gateway: Running):
    def answer(_: Any, context: Any) -> Any:
        raise RuntimeError("player-7 said: secret")

    gateway.services.answers["ListAlerts"] = answer
    got = await gateway.client.get("/api/v1/alerts")
    assert got.status_code == 500
    assert "secret" not in got.text


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED], ids=lambda code: code.name)
async def test_a_service_that_is_away_or_stops_is_503_with_retry_after(gateway: Running, code: grpc.StatusCode):
    gateway.services.answers["ListAlerts"] = lambda _, context: context.abort(code, "x:1")
    got = await gateway.client.get("/api/v1/alerts")
    assert (got.status_code, got.headers["retry-after"]) == (503, "1")
    assert "x:1" not in got.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/nothing", 404),
        ("DELETE", "/api/v1/alerts", 405),
        ("POST", "/health", 405),
        ("GET", "/api/v1/alerts/stream/", 404),
    ],
)
async def test_paths_and_methods_that_do_not_exist(gateway: Running, method: str, path: str, status: int):
    got = await gateway.client.request(method, path)
    assert got.status_code == status
    assert got.json()["status"] == status
    if status == 405:
        assert "GET" in got.headers["allow"]


async def test_a_body_over_the_limit_is_refused_declared_or_not(gateway: Running):
    async with running_gateway(gateway_body_bytes=2048) as small:
        got = await small.client.post("/api/v1/releases", content=b" " * 3000)
        assert got.status_code == 413

        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield b" " * 1000

        got = await small.client.post("/api/v1/releases", content=chunks())
        assert got.json()["reason"] == "body_too_large"


async def test_v1_bodies_are_json_by_their_type(gateway: Running):
    got = await gateway.client.post("/api/v1/releases", content=b"{}", headers={"Content-Type": "text/plain"})
    assert got.status_code == 415


async def test_released_data_carries_a_validator_and_everything_else_is_not_kept(gateway: Running):
    gateway.services.answers["GetRelease"] = aggregation_pb2.Release(release_id="r-1")
    first = await gateway.client.get("/api/v1/releases/r-1")
    assert "immutable" in first.headers["cache-control"]
    again = await gateway.client.get("/api/v1/releases/r-1", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    alerts = await gateway.client.get("/api/v1/alerts")
    assert alerts.headers["cache-control"] == "no-store"
    assert "etag" not in alerts.headers


class KnownTokens:
    async def caller(self, token: str) -> Caller:
        if token == "forged":
            raise Unauthenticated("token_invalid", "The token is not valid.")
        return Caller(f"caller of {token}", "researcher", frozenset())


async def test_each_token_s_first_sight_of_a_release_is_the_service_s_to_grant_and_is_not_asked_for_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(stored, "SECONDS", 600.0)  # whatever holds this test up is shorter

    async def only_olga(request: Any, context: Any) -> aggregation_pb2.Release:
        if ("authorization", "Bearer olga") not in [tuple(each) for each in context.invocation_metadata()]:
            await refuse(context, code_pb2.PERMISSION_DENIED, "no")
        return aggregation_pb2.Release(release_id=request.release_id)

    async with running_gateway(KnownTokens()) as running:
        running.services.answers["GetRelease"] = only_olga

        async def read(token: str, release: str = "r-1") -> tuple[int, int]:
            before = len(running.services.seen)
            headers = {"Authorization": f"Bearer {token}"}
            got = await running.client.get(f"/api/v1/releases/{release}", headers=headers)
            return got.status_code, len(running.services.seen) - before

        assert await read("olga") == (200, 1)
        assert await read("olga") == (200, 0)
        assert await read("olga", "r-2") == (200, 1)
        for other in ("eve", "forged"):
            assert await read(other) == (403, 1)
            assert await read(other) == (403, 1)


async def test_large_answers_are_compressed_for_those_who_take_it(gateway: Running):
    gateway.services.answers["ListAlerts"] = alert_pb2.ListAlertsResponse(
        alerts=[alert_pb2.Alert(alert_id=f"a-{number}", title="x" * 100) for number in range(600)]
    )
    request = gateway.client.build_request("GET", "/api/v1/alerts", headers={"Accept-Encoding": "gzip"})
    got = await gateway.client.send(request, stream=True)
    raw = b"".join([chunk async for chunk in got.aiter_raw()])
    assert got.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(raw))["alerts"]) == 600
    plain = await gateway.client.get("/api/v1/alerts", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert len(plain.json()["alerts"]) == 600


async def test_a_document_is_streamed_with_its_type_and_a_policy_that_lets_nothing_run(gateway: Running):
    async def document(request: Any, context: Any) -> AsyncIterator[Any]:
        yield httpbody_pb2.HttpBody(content_type="text/csv; charset=utf-8", data=b"a,b\n")
        yield httpbody_pb2.HttpBody(data=b"1,2\n")

    gateway.services.answers["DownloadReport"] = document
    got = await gateway.client.get("/api/v1/reports/r-1/content?format=csv")
    assert got.content == b"a,b\n1,2\n"
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert got.headers["content-disposition"] == 'attachment; filename="r-1.csv"'
    assert got.headers["content-security-policy"].startswith("sandbox")
    await gateway.services.until(lambda: gateway.services.open_streams == 0)


async def test_a_pdf_is_not_sandboxed_since_browsers_would_show_nothing_of_it(gateway: Running):
    async def document(request: Any, context: Any) -> AsyncIterator[Any]:
        yield httpbody_pb2.HttpBody(content_type="application/pdf", data=b"%PDF-")

    gateway.services.answers["DownloadReport"] = document
    got = await gateway.client.get("/api/v1/reports/r-1/content?format=pdf")
    assert got.headers["content-disposition"] == 'inline; filename="r-1.pdf"'
    assert got.headers["content-security-policy"].startswith("default-src 'none'; ")
    assert got.headers["x-content-type-options"] == "nosniff"


async def test_a_document_is_called_what_its_service_says(gateway: Running):
    async def document(request: Any, context: Any) -> AsyncIterator[Any]:
        await context.send_initial_metadata((("tta-file-name", "ward-round.zip"),))
        yield httpbody_pb2.HttpBody(content_type="application/zip", data=b"PK")

    gateway.services.answers["DownloadReport"] = document
    got = await gateway.client.get("/api/v1/reports/r-1/content?format=csv")
    assert got.headers["content-disposition"] == 'attachment; filename="ward-round.zip"'


async def test_a_refused_document_is_a_problem(gateway: Running):
    async def document(request: Any, context: Any) -> AsyncIterator[Any]:
        await refuse(context, code_pb2.NOT_FOUND, "No such report.", error_details_pb2.ErrorInfo(reason="NO_REPORT"))
        yield httpbody_pb2.HttpBody()

    gateway.services.answers["GetLegacyReport"] = document
    got = await gateway.client.get("/reports/r-9?format=pdf")
    assert (got.status_code, got.json()["reason"]) == (404, "no_report")


async def test_callers_have_a_rate_each(gateway: Running):
    async with running_gateway(gateway_rate=0.001, gateway_burst=3) as slow:
        statuses = [(await slow.client.get("/api/v1/alerts")).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        got = await slow.client.get("/api/v1/alerts")
        assert 900 <= int(got.headers["retry-after"]) <= 1000


async def test_every_answer_carries_the_security_headers(gateway: Running):
    for path in ("/api/v1/alerts", "/api/v1/nothing", "/health", "/docs", "/static/plain.css", "/sign-in"):
        headers = (await gateway.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-request-id"], path
    assert "script-src 'self'" in (await gateway.client.get("/docs")).headers["content-security-policy"]


async def test_other_sites_may_ask_only_where_they_are_listed(gateway: Running):
    async with running_gateway(gateway_origins="https://play.example.org") as open_to_one:
        ask = {"Origin": "https://play.example.org", "Access-Control-Request-Method": "POST"}
        got = await open_to_one.client.options("/api/v1/releases", headers=ask)
        assert got.status_code == 204
        assert got.headers["access-control-allow-origin"] == "https://play.example.org"
        got = await open_to_one.client.get("/api/v1/alerts", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in got.headers


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a stand-in take as long to tell its health as a busy machine needs."""
    monkeypatch.setattr(health, "_PATIENCE", 60.0)


@pytest.mark.usefixtures("patient")
async def test_health_answers_for_the_service_of_the_port(gateway: Running):
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        for number, name in enumerate(("gateway", "aggregation", "reporting", "monitoring")):
            got = (await client.get(gateway.url("/health", port=number))).json()
            assert (got["status"], got["service"]) == ("healthy", name)


@pytest.mark.usefixtures("patient")
async def test_health_is_degraded_while_a_service_is_not_ready():
    async with running_gateway() as running:
        running.services.unready.add("reporting")
        got = (await running.client.get("/health")).json()
        assert got["status"] == "degraded"
        assert got["dependencies"] == {"aggregation": "serving", "monitoring": "serving", "reporting": "not_serving"}


async def test_a_trace_is_carried_on_and_a_new_one_is_begun_where_there_is_none(gateway: Running):
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await gateway.client.get("/api/v1/alerts", headers={"traceparent": parent})
    assert gateway.services.seen[-1].metadata["traceparent"][3:35] == parent[3:35]
    await gateway.client.get("/api/v1/alerts", headers={"traceparent": "nonsense"})
    assert len(gateway.services.seen[-1].metadata["traceparent"]) == 55


async def test_head_answers_the_headers_alone(gateway: Running):
    got = await gateway.client.head("/api/v1/alerts")
    assert (got.status_code, got.content) == (200, b"")


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://["])
async def test_a_page_of_another_site_writes_nothing_although_authentication_may_be_off(gateway: Running, origin: str):
    body = {"user_data": [{"user_id": "ann"}]}
    for headers in ({"content-type": "text/plain"}, {"content-type": "application/json"}):
        foreign = await gateway.client.post("/aggregate/behavior", json=body, headers={**headers, "origin": origin})
        assert foreign.status_code == 403
    assert not gateway.services.seen


@pytest.mark.parametrize("token", [b"Bearer \xe9", b"Bearer a\tb", b"Bearer \xff\xfe"])
async def test_a_token_of_other_characters_is_no_failure_of_ours(gateway: Running, token: bytes):
    got = await gateway.client.get("/api/v1/alerts", headers={b"authorization": token})
    assert got.status_code < 500


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/nowhere", "text/html,application/xhtml+xml", "text/html; charset=utf-8"),
        ("/nowhere", "*/*", "application/problem+json"),
        ("/api/v1/nowhere", "text/html", "application/problem+json"),
    ],
)
async def test_a_mistyped_address_is_a_page_for_people_and_a_problem_for_programs(
    gateway: Running, path: str, accept: str, media_type: str
):
    got = await gateway.client.get(path, headers={"Accept": accept})
    assert (got.status_code, got.headers["content-type"]) == (404, media_type)
