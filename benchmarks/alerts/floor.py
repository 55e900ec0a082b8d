"""The floor: a bare gRPC service that commits one row and writes to as many streams, and does nothing else.

It has no access check, no validation, no rules and no log; what it takes is grpcio, PostgreSQL and this machine. Its
streams carry a message of the size that StreamAlerts sends, to the same listeners.
"""

import asyncio
import gc
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import grpc
import uvloop
from tta.analytics.v1 import alert_pb2

from benchmarks.alerts.callers import Caller
from benchmarks.alerts.latency import spread
from benchmarks.alerts.listeners import Listeners
from benchmarks.asked import command_line
from tests.servers import free_port

STREAM, FIRE = "/floor/Stream", "/floor/Fire"
SIZE = 640
"""Bytes of an alert on a stream."""


async def _serve(url: str, port: int) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE IF NOT EXISTS floor_rows (id bigserial PRIMARY KEY, body text)")
    loop = asyncio.get_running_loop()
    waiting: set[asyncio.Future[bytes]] = set()

    async def stream(request: bytes, context: Any) -> AsyncIterator[bytes]:
        del request, context
        yield b""
        while True:
            one: asyncio.Future[bytes] = loop.create_future()
            waiting.add(one)
            yield await one

    async def fire(request: bytes, context: Any) -> bytes:
        del context
        name = request.decode()
        await connection.execute("INSERT INTO floor_rows (body) VALUES ($1)", name)
        event = alert_pb2.AlertEvent(alert_id=name, note="." * (SIZE - len(name)))
        message = alert_pb2.StreamAlertsResponse(event=event).SerializeToString()
        woken = list(waiting)
        waiting.clear()
        for one in woken:
            if not one.done():
                one.set_result(message)
        return b""

    server = grpc.aio.server()
    handlers = {
        "Stream": grpc.unary_stream_rpc_method_handler(stream),
        "Fire": grpc.unary_unary_rpc_method_handler(fire),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("floor", handlers),))
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    gc.freeze()
    print("up", flush=True)
    await server.wait_for_termination()


@asynccontextmanager
async def bare_service(url: str) -> AsyncIterator[str]:
    """Run the service on a database; gives its address."""
    port = free_port()
    command = (sys.executable, "-m", "benchmarks.alerts.floor", url, str(port))
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


async def floor(url: str, subscribers: int, *, alerts: int, per_second: float) -> dict[str, float]:
    """Return p50 and p99 from a call until each subscriber had its message."""
    sent: dict[str, float] = {}
    async with bare_service(url) as target, Caller(target, "") as caller:
        for _ in range(40):
            await caller.call(FIRE, b"warm")
        async with Listeners(target, "", subscribers, STREAM) as listening:
            begin = time.perf_counter()
            for number in range(alerts):
                await asyncio.sleep(max(0.0, begin + number / per_second - time.perf_counter()))
                sent[str(number)] = time.perf_counter()
                await caller.call(FIRE, str(number).encode())
            await listening.all_have(set(sent))
        return spread([at - sent[name] for name in sent for at in listening.arrived[name]])


if __name__ == "__main__":
    parser = command_line("benchmarks.alerts.floor", __doc__)
    parser.add_argument("url", metavar="DATABASE_URL")
    parser.add_argument("port", type=int, metavar="PORT")
    asked = parser.parse_args()
    uvloop.run(_serve(asked.url, asked.port))
