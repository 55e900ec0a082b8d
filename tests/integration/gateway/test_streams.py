"""Streams over real HTTP, WebSockets and gRPC: nothing lost, nothing leaked."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
import websockets
from google.rpc import code_pb2, status_pb2
from grpc_status import rpc_status
from tta.analytics.v1 import alert_pb2, report_pb2
from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

from tests.gateway_services import Running, running_gateway


@pytest.fixture
async def gateway() -> AsyncIterator[Running]:
    async with running_gateway() as running:
        yield running


def event(number: int) -> alert_pb2.StreamAlertsResponse:
    alert = alert_pb2.Alert(alert_id=f"a-{number}", severity="SEVERITY_CRITICAL", state="ALERT_STATE_RESOLVED", count=1)
    return alert_pb2.StreamAlertsResponse(event={"position": number, "alert": alert}, cursor=str(number))


async def three_and_wait(request: Any, context: Any) -> AsyncIterator[Any]:
    start = int(request.cursor or 0)
    for number in range(start + 1, start + 3):
        yield event(number)
    yield alert_pb2.StreamAlertsResponse(cursor=str(start + 3))
    await asyncio.Event().wait()


async def three_and_end(request: Any, context: Any) -> AsyncIterator[Any]:
    for number in (1, 2, 3):
        yield event(number)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def blocks(
    client: httpx.AsyncClient, path: str, wanted: int, heartbeat: asyncio.Event | None = None, **headers: str
) -> list[dict[str, str]]:
    """Return the first events of a stream, without its comments; set `heartbeat` once one came."""
    found: list[dict[str, str]] = []
    async with client.stream("GET", path, headers={"Accept": "text/event-stream", **headers}, timeout=60) as answer:
        assert answer.status_code == 200, await answer.aread()
        fields: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line.startswith(":"):
                continue
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif fields:
                found.append(fields)
                if heartbeat is not None and fields.get("event") == "heartbeat":
                    heartbeat.set()
                fields = {}
            if len(found) == wanted:
                break
    return found


async def test_events_carry_their_cursor_and_heartbeats_are_named(gateway: Running):
    gateway.services.answers["StreamAlerts"] = three_and_wait
    retry, first, second, beat = await blocks(gateway.client, "/api/v1/alerts/stream", 4)
    assert retry == {"retry": "2000"}
    assert (first["id"], second["id"]) == ("1", "2")
    assert json.loads(first["data"])["event"]["alert"]["severity"] == "critical"
    assert "event" not in first
    assert (beat["event"], beat["id"]) == ("heartbeat", "3")
    await gateway.services.until(lambda: gateway.services.open_streams == 0)


async def test_an_idle_stream_says_now_and_then_that_it_lives():
    async with running_gateway(gateway_heartbeat=0.2) as gateway:
        gateway.services.answers["StreamAlerts"] = three_and_wait
        headers = {"Accept": "text/event-stream"}
        async with gateway.client.stream("GET", "/api/v1/alerts/stream", headers=headers) as answer:
            lines = answer.aiter_lines()
            while await anext(lines) != "id: 3":
                pass
            said = [line for line in [await anext(lines) for _ in range(9)][3:] if line]
        assert said == [": still here"] * 3


async def test_a_reconnecting_page_resumes_after_its_last_event(gateway: Running):
    gateway.services.answers["StreamAlerts"] = three_and_wait
    found = await blocks(gateway.client, "/api/v1/alerts/stream", 2, **{"Last-Event-ID": "41"})
    assert found[1]["id"] == "42"
    assert gateway.services.seen[-1].requests[0].cursor == "41"
    await blocks(gateway.client, "/api/v1/alerts/stream?cursor=7", 2, **{"Last-Event-ID": "41"})
    assert gateway.services.seen[-1].requests[0].cursor == "7"


async def test_a_stream_that_ends_in_good_order_says_so(gateway: Running):
    async def progress(request: Any, context: Any) -> AsyncIterator[Any]:
        yield report_pb2.ReportProgress(report_id=request.report_id, progress=0.5)
        yield report_pb2.ReportProgress(report_id=request.report_id, progress=1)

    gateway.services.answers["WatchReport"] = progress
    found = await blocks(gateway.client, "/api/v1/reports/r-1/progress", 4)
    assert json.loads(found[2]["data"])["progress"] == 1.0
    assert found[3]["event"] == "end"


async def test_a_refusal_before_the_first_message_is_an_http_status(gateway: Running):
    async def refuse(request: Any, context: Any) -> AsyncIterator[Any]:
        await context.abort_with_status(
            rpc_status.to_status(status_pb2.Status(code=code_pb2.OUT_OF_RANGE, message="The cursor is too old."))
        )
        yield

    gateway.services.answers["StreamAlerts"] = refuse
    got = await gateway.client.get("/api/v1/alerts/stream", headers={"Accept": "text/event-stream"})
    assert (got.status_code, got.json()["detail"]) == (400, "The cursor is too old.")
    with pytest.raises(websockets.InvalidStatus) as caught:
        await connect(gateway.url("/api/v1/alerts/stream", scheme="ws"), proxy=None)
    assert caught.value.response.status_code == 400


async def test_a_refusal_is_an_http_status_however_late_it_comes(gateway: Running):
    asked = asyncio.Event()

    async def refuse_late(request: Any, context: Any) -> AsyncIterator[Any]:
        await asked.wait()
        await context.abort(grpc.StatusCode.PERMISSION_DENIED, "not yours")
        yield

    gateway.services.answers["StreamAlerts"] = refuse_late
    headers = {"Accept": "text/event-stream"}
    page = asyncio.ensure_future(gateway.client.get("/api/v1/alerts/stream", headers=headers))
    socket = asyncio.ensure_future(connect(gateway.url("/api/v1/alerts/stream", scheme="ws"), proxy=None).__aenter__())
    await gateway.services.until(lambda: gateway.services.open_streams == 2)
    assert not (await asyncio.wait((page, socket), timeout=0.5))[0]  # longer than any moment that was waited once
    asked.set()
    assert (await page).status_code == 403
    with pytest.raises(websockets.InvalidStatus) as caught:
        await socket
    assert caught.value.response.status_code == 403


async def test_a_stream_that_stays_silent_is_given_up():
    async def silence(request: Any, context: Any) -> AsyncIterator[Any]:
        await asyncio.Event().wait()
        yield

    async with running_gateway(gateway_timeout=timedelta(seconds=0.3)) as gateway:
        gateway.services.answers["StreamAlerts"] = silence
        got = await gateway.client.get("/api/v1/alerts/stream", headers={"Accept": "text/event-stream"})
        assert (got.status_code, got.json()["reason"]) == (504, "stream_silent")
        with pytest.raises(websockets.InvalidStatus) as caught:
            await connect(gateway.url("/api/v1/alerts/stream", scheme="ws"), proxy=None)
        assert caught.value.response.status_code == 504
        await gateway.services.until(lambda: gateway.services.open_streams == 0)


async def test_a_failure_in_the_middle_is_an_event(gateway: Running):
    async def fail(request: Any, context: Any) -> AsyncIterator[Any]:
        yield event(1)
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, "expired")

    gateway.services.answers["StreamAlerts"] = fail
    found = await blocks(gateway.client, "/api/v1/alerts/stream", 3)
    assert found[2]["event"] == "problem"
    assert json.loads(found[2]["data"])["status"] == 401


async def test_pages_of_other_sites_get_no_stream(gateway: Running):
    headers = {"Accept": "text/event-stream", "Origin": "https://evil.example"}
    got = await gateway.client.get("/api/v1/alerts/stream", headers=headers)
    assert (got.status_code, got.json()["reason"]) == (403, "foreign_origin")
    with pytest.raises(websockets.InvalidStatus) as caught:
        await connect(gateway.url("/alerts/stream", scheme="ws"), origin=Origin("https://evil.example"), proxy=None)
    assert caught.value.response.status_code == 403


async def test_a_stream_of_events_is_not_json(gateway: Running):
    got = await gateway.client.get("/api/v1/alerts/stream", headers={"Accept": "application/json"})
    assert got.status_code == 406


async def test_the_predecessor_s_socket_sends_one_alert_a_frame_and_ignores_what_it_is_sent(gateway: Running):
    gateway.services.answers["StreamAlerts"] = three_and_wait
    async with connect(gateway.url("/alerts/stream?cursor=4", scheme="ws", port=3), proxy=None) as socket:
        await socket.send("ping")
        frames = [json.loads(await socket.recv()) for _ in range(2)]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(socket.recv(), 0.2)  # the heartbeat is not shown
    assert frames[0] == {
        "alert_id": "a-5", "severity": "critical", "count": 1, "state": "resolved", "data": {}, "is_resolved": True,
        "cursor": "5",
    }  # fmt: skip
    await gateway.services.until(lambda: gateway.services.open_streams == 0)


async def test_a_socket_of_v1_sends_every_message_whole(gateway: Running):
    gateway.services.answers["StreamAlerts"] = three_and_wait
    async with connect(gateway.url("/api/v1/alerts/stream", scheme="ws"), proxy=None) as socket:
        frames = [json.loads(await socket.recv()) for _ in range(3)]
    assert [frame["cursor"] for frame in frames] == ["1", "2", "3"]
    assert "event" not in frames[2]


async def test_the_token_comes_in_the_subprotocol_and_is_not_echoed(gateway: Running):
    gateway.services.answers["StreamAlerts"] = three_and_wait
    protocols = [Subprotocol("tta.bearer"), Subprotocol("aaa.bbb.ccc")]
    async with connect(gateway.url("/api/v1/alerts/stream", scheme="ws"), subprotocols=protocols, proxy=None) as socket:
        await socket.recv()
        assert socket.subprotocol == "tta.bearer"
    assert gateway.services.seen[-1].metadata["authorization"] == "Bearer aaa.bbb.ccc"


async def test_a_ticket_opens_one_stream_in_its_maker_s_name(gateway: Running):
    gateway.services.answers["CreateStreamTicket"] = alert_pb2.CreateStreamTicketResponse(ticket="t-1")
    gateway.services.answers["StreamAlerts"] = three_and_wait
    made = await gateway.client.post("/api/v1/stream-tickets", json={}, headers={"Authorization": "Bearer mine"})
    ticket = made.json()["ticket"]
    assert ticket != "t-1"
    assert "mine" not in ticket
    async with connect(gateway.url(f"/api/v1/alerts/stream?ticket={ticket}", scheme="ws"), proxy=None) as socket:
        await socket.recv()
    redeemed, opened = gateway.services.seen[-2:]
    assert (redeemed.name, redeemed.requests[0].ticket) == ("RedeemStreamTicket", "t-1")
    assert opened.metadata["authorization"] == "Bearer mine"
    got = await gateway.client.get("/api/v1/alerts/stream?ticket=forged")
    assert (got.status_code, got.json()["reason"]) == (403, "ticket_invalid")


async def test_a_socket_whose_stream_ends_is_closed_with_a_reason(gateway: Running):
    gateway.services.answers["StreamAlerts"] = three_and_end
    async with connect(gateway.url("/api/v1/alerts/stream", scheme="ws"), proxy=None) as socket:
        with pytest.raises(websockets.ConnectionClosedOK) as caught:
            while True:
                await socket.recv()
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1000

    async def away(request: Any, context: Any) -> AsyncIterator[Any]:
        yield event(1)
        await context.abort(grpc.StatusCode.UNAVAILABLE, "draining")

    gateway.services.answers["StreamAlerts"] = away
    async with connect(gateway.url("/api/v1/alerts/stream", scheme="ws"), proxy=None) as socket:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            while True:
                await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


async def test_a_slow_reader_is_held_back_by_the_service_s_own_flow_control_not_by_memory_here(gateway: Running):
    sent = 0

    async def flood(request: Any, context: Any) -> AsyncIterator[Any]:
        nonlocal sent
        for number in range(20_000):
            big = event(number)
            big.event.alert.message = "x" * 4000
            yield big
            sent += 1

    gateway.services.answers["StreamAlerts"] = flood
    url = gateway.url("/api/v1/alerts/stream", scheme="ws")
    async with connect(url, proxy=None, max_queue=1) as socket:
        await socket.recv()
        before = -1
        while before != sent:  # until the stream stands still
            before = sent
            await asyncio.sleep(0.3)
        assert sent < 5_000
        socket.transport.abort()  # a closing handshake would stand behind all that was not read
    await gateway.services.until(lambda: gateway.services.open_streams == 0)


async def test_readers_that_vanish_leave_no_task_call_or_descriptor(gateway: Running):
    gateway.services.answers["StreamAlerts"] = three_and_wait
    url = gateway.url("/api/v1/alerts/stream", scheme="ws")

    async def come_and_go(_: int) -> None:
        socket = await connect(url, proxy=None)
        await socket.recv()
        socket.transport.abort()  # no closing handshake: as when a phone loses its network

    await asyncio.gather(*map(come_and_go, range(5)))
    await gateway.services.until(lambda: gateway.services.open_streams == 0)
    tasks, before = len(asyncio.all_tasks()), descriptors()
    await asyncio.gather(*map(come_and_go, range(60)))
    await gateway.services.until(lambda: gateway.services.open_streams == 0)
    await gateway.client.get("/health")
    async with asyncio.timeout(60):  # the end of a call is told before its connection is closed
        while len(asyncio.all_tasks()) > tasks + 2 or descriptors() > before + 2:  # noqa: ASYNC110 the kernel's count
            await asyncio.sleep(0.05)


async def test_a_reader_who_leaves_before_the_socket_is_open_is_no_failure(
    gateway: Running, caplog: pytest.LogCaptureFixture
):
    async def say_nothing(request: Any, context: Any) -> AsyncIterator[Any]:
        await asyncio.Event().wait()
        yield

    gateway.services.answers["StreamAlerts"] = say_nothing
    opening = asyncio.create_task(connect(gateway.url("/api/v1/alerts/stream", scheme="ws"), proxy=None).__aenter__())
    await gateway.services.until(lambda: gateway.services.open_streams == 1)
    opening.cancel()
    await gateway.services.until(lambda: gateway.services.open_streams == 0)
    assert (await gateway.client.get("/health")).status_code == 200
    assert [each.message for each in caplog.records if each.levelname == "ERROR"] == []


async def test_a_gateway_that_stops_tells_its_readers_to_come_back(gateway: Running):
    gateway.services.answers["StreamAlerts"] = three_and_wait
    async with connect(gateway.url("/api/v1/alerts/stream", scheme="ws"), proxy=None) as socket:
        await socket.recv()
        heartbeat = asyncio.Event()
        reading = asyncio.ensure_future(blocks(gateway.client, "/api/v1/alerts/stream", 100, heartbeat))
        await heartbeat.wait()
        gateway.gateway.drain.begin()
        with pytest.raises(websockets.ConnectionClosed) as caught:
            while True:
                await socket.recv()
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1012
    assert [each.get("id") for each in await reading if "id" in each] == ["1", "2", "3"]
    got = await gateway.client.get("/api/v1/alerts/stream")
    assert (got.status_code, got.json()["reason"]) == (503, "stopping")
