"""5,000 alert subscriptions over two replicas, of which one is killed while alerts go on."""

import asyncio
import time
from typing import Any

import psutil
from tta.analytics.v1 import monitoring_pb2, monitoring_pb2_grpc

from benchmarks.bare import launched
from benchmarks.scale.listening import Subscribers
from mesh import migrations
from tests.integration.monitoring.processes import Process
from tests.servers import create_database, running_postgres, running_redis

STREAMS_AT_ONCE = 10_000
"""`TTA_MAX_CONCURRENT_CALLS`: one replica must take all subscribers when the other dies."""
PER_SECOND = 4.0
PATIENCE = 120.0


async def measure(*, quick: bool) -> dict[str, Any]:
    """Subscribe, kill one replica, and see who is back when, and whether anybody missed an alert."""
    count = 500 if quick else 5_000
    with running_postgres(durable=True) as server, running_redis() as redis:
        url = await create_database(server, "subscriptions")
        await migrations.upgrade(url, "monitoring_svc")
        replicas = [Process(url, redis_url=redis.url, max_concurrent_calls=STREAMS_AT_ONCE) for _ in range(2)]
        try:
            for replica in replicas:
                await replica.start()
            found = {"subscribers": count, **await _killed(replicas, count)}
        finally:
            for replica in replicas:
                await replica.close()
    return found | await _floor(count)


async def _floor(count: int) -> dict[str, float]:
    """Return how long the same subscribers take to move where bare services say one word to each, and no alert."""
    with launched("streams") as (one, dying), launched("streams") as (other, _):
        async with Subscribers([one, other], "none", count) as subscribers:
            killed = time.perf_counter()
            dying.kill()
            back = [at - killed for at in await _moved(subscribers, count // 2)]
    return {
        "floor: bare services, half back after s": back[len(back) // 2],
        "floor: bare services, all back after s": back[-1],
    }


async def _killed(replicas: list[Process], count: int) -> dict[str, Any]:
    dying, staying = replicas
    stub = monitoring_pb2_grpc.MonitoringServiceStub(staying.channel())
    raised: list[str] = []
    ending = asyncio.Event()

    async def raise_alerts() -> None:
        while not ending.is_set():
            signal = monitoring_pb2.Signal(user_id=f"player-{len(raised)}", sentiment_score=0.1)
            answer = await stub.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal), timeout=60)
            raised.append(answer.fired[0].alert_id)
            await asyncio.sleep(1 / PER_SECOND)

    began = time.perf_counter()
    async with Subscribers([one.target for one in replicas], staying.token("admin"), count) as subscribers:
        subscribed = time.perf_counter() - began
        memory = psutil.Process(staying.pid).memory_info().rss
        raising = asyncio.create_task(raise_alerts())
        while len(raised) < 3 * PER_SECOND:  # noqa: ASYNC110 alerts are raised before, while and after one dies
            await asyncio.sleep(0.1)
        killed = time.perf_counter()
        await dying.kill()
        moved = await _moved(subscribers, count // 2)
        before = len(raised)
        while len(raised) < before + 3 * PER_SECOND:  # noqa: ASYNC110 as above
            await asyncio.sleep(0.1)
        ending.set()
        await raising
        missing = await _missing(subscribers, raised)
        back = [at - killed for at in moved]
        return {
            "subscribed s": subscribed,
            "alerts": len(raised),
            "moved": len(back),
            "half back after s": back[len(back) // 2],
            "all back after s": back[-1],
            "deliveries missing": missing,
            "memory of a subscriber kb": (psutil.Process(staying.pid).memory_info().rss - memory) / 2**10 / len(back),
        }


async def _moved(subscribers: Subscribers, expected: int) -> list[float]:
    """Wait until as many subscribers as followed the dead replica have heard from the other one."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await subscribers.ask({"alerts": []})
            if len(found["moved"]) >= expected and found["connected"] == 2 * expected:
                return list(found["moved"])
            await asyncio.sleep(0.2)


async def _missing(subscribers: Subscribers, raised: list[str]) -> int:
    """Return how many deliveries are still missing when nothing more arrives for some seconds."""
    last, since = -1, time.perf_counter()
    while True:
        missing = int((await subscribers.ask({"alerts": raised}))["missing"])
        if missing != last:
            last, since = missing, time.perf_counter()
        if missing == 0 or time.perf_counter() - since > 15:
            return missing
        await asyncio.sleep(0.3)
