"""Replicas that are stopped while callers keep calling: every call is answered, and has its effect once."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager

import grpc
from tta.analytics.v1 import alert_pb2, alert_pb2_grpc

from benchmarks.alerts.http2 import END_STREAM, HEADERS, RESET, Connection
from mesh import server
from mesh.channels import channel
from mesh.identity import time_left
from tests.integration.mesh.conftest import token
from tests.servers import free_port

STOPS = 10
CALLERS = 24


class Ends(Connection):
    """A connection that tells with which frame its stream ended."""

    def __init__(self, ends):
        super().__init__(lambda *_: None, lambda _: None)
        self._ends = ends

    def _answer(self, kind, flags, stream, body):
        super()._answer(kind, flags, stream, body)
        if kind == RESET or (kind == HEADERS and flags & END_STREAM):
            self._ends.put_nowait((kind, body))


class Replicas:
    """Two replicas behind one target; one is stopped and started again."""

    def __init__(self, serve, settings):
        self._serve, self._settings = serve, settings
        self.effects = Counter()

    async def start(self):
        self._staying, self._going = await self._replica(), await self._replica(free_port())
        self._ports = [self._staying.running.port, self._going.running.port]
        self.target = "ipv4:" + ",".join(f"127.0.0.1:{port}" for port in self._ports)
        return self

    async def replace(self):
        await self._going.running.stop(60.0)
        self._going = await self._replica(self._ports[1])

    async def _replica(self, port=0):
        made = await self._serve(self._settings, port=port)
        made.alerts.reveal = self._reveal
        return made

    async def _reveal(self, request):
        self.effects[request.alert_id] += 1
        await asyncio.sleep(0.001)
        return alert_pb2.RevealAlertSubjectResponse(user_id=request.alert_id)


@asynccontextmanager
async def calling(stub, failed):
    """Make calls that the protos don't mark as idempotent, one after another by each of many callers."""
    over, made = asyncio.Event(), []

    async def call(caller):
        number = 0
        while not over.is_set():
            number += 1
            name = f"{caller}-{number}"
            request = alert_pb2.RevealAlertSubjectRequest(alert_id=name, purpose="to call them")
            try:
                assert (await stub.RevealAlertSubject(request)).user_id == name
            except grpc.aio.AioRpcError as error:
                failed.append(f"{error.code().name}: {error.details()}")
            made.append(name)

    tasks = [asyncio.create_task(call(caller)) for caller in range(CALLERS)]
    try:
        yield made
    finally:
        over.set()
        await asyncio.gather(*tasks)


async def more(made, count):
    """Wait until so many calls more were answered."""
    wanted = len(made) + count
    while len(made) < wanted:  # noqa: ASYNC110 callers tell of their progress by what they made alone
        await asyncio.sleep(0.01)


async def test_a_replica_that_stops_again_and_again_under_load_fails_no_call_and_doubles_no_effect(serve, settings):
    replicas = await Replicas(serve, settings).start()
    failed = []
    async with (
        channel(replicas.target, settings, token=token(lasts=600), process="monitoring") as callers,
        calling(alert_pb2_grpc.AlertServiceStub(callers), failed) as made,
    ):
        for _ in range(STOPS):
            await more(made, 100)
            await replicas.replace()
    assert failed == []
    assert set(replicas.effects) == set(made)
    assert set(replicas.effects.values()) == {1}


async def test_a_call_that_began_and_outlasts_the_drain_is_not_made_again(serve, settings):
    """It ends UNAVAILABLE: only what never began ends CANCELLED, and is made again whatever it does."""
    replica = await serve(settings)
    began, calls = asyncio.Event(), []

    async def reveal(request):
        calls.append(request)
        began.set()
        await asyncio.Event().wait()

    replica.alerts.reveal = reveal
    target = f"127.0.0.1:{replica.running.port}"
    async with channel(target, settings, token=token(), process="monitoring") as caller:
        request = alert_pb2.RevealAlertSubjectRequest(alert_id="1", purpose="to call them")
        call = alert_pb2_grpc.AlertServiceStub(caller).RevealAlertSubject(request)
        waiting = asyncio.create_task(call.code())
        await began.wait()
        await replica.running.stop(1.0)
        assert await waiting is grpc.StatusCode.UNAVAILABLE
    assert len(calls) == 1


async def test_a_call_that_began_and_outlasts_its_deadline_is_not_made_again(sample):
    """The server's clock may ring first; what it sends then is no CANCELLED either."""
    began, ended = [], asyncio.Event()

    async def reveal(request):
        began.append(time_left() > 0)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    sample.alerts.reveal = reveal
    path = "/tta.analytics.v1.AlertService/RevealAlertSubject"
    request = alert_pb2.RevealAlertSubjectRequest(alert_id="1", purpose="to call them").SerializeToString()
    ends = asyncio.Queue()
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(lambda: Ends(ends), "127.0.0.1", sample.running.port)
    async with asyncio.timeout(120):
        # On a busy machine a call may be over before it began; one with more time is not.
        for deadline in ("300m", "3000m", "30S"):
            line.call(path, request, [("authorization", f"Bearer {token()}"), ("grpc-timeout", deadline)])
            kind, body = await ends.get()
            if any(began):
                break
        await ended.wait()
    line.close()
    assert began[-1]
    assert kind == HEADERS
    assert b"grpc-status\x014" in body


async def test_a_grpc_server_that_does_not_end_keeps_nothing_else_from_being_closed(sample, monkeypatch):
    async def never(_):
        await asyncio.Event().wait()

    monkeypatch.setattr(server, "_OVERDUE_SECONDS", 0.5)
    running = sample.running
    ending = running._server.stop
    monkeypatch.setattr(running._server, "stop", never)
    async with asyncio.timeout(60):
        await running.stop(0.1)
    assert sample.closed.is_set()
    await ending(0)
