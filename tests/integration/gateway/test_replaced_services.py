"""A service that is replaced under REST callers: every POST is answered, and reaches the service once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from gateway import process, upstream
from gateway.settings import GatewaySettings
from mesh.server import RunningServer, Service, start
from mesh.settings import Settings
from tests.gateway_services import Handler, Services
from tests.servers import free_port

CALLERS = 16
STOPS = 6


async def replica(services: Services, port: int = 0) -> RunningServer:
    async def ready() -> bool:
        return True

    settings = Settings(auth="off")
    register = Handler(services).register
    return await start(
        Service(name="monitoring", port=port, register=register, service_names=(), ready=ready, http_port=0), settings
    )


@asynccontextmanager
async def gateway_to(*replicas: RunningServer) -> AsyncIterator[str]:
    """Run a gateway whose monitoring is these replicas, and yield its address."""
    target = "ipv4:" + ",".join(f"127.0.0.1:{each.port}" for each in replicas)
    settings = GatewaySettings(
        auth="off", gateway_port=0, gateway_http_port=0, gateway_rate=0, monitoring_target=target
    )
    running = await process.start(settings)
    try:
        yield f"http://127.0.0.1:{running.ports[0]}"
    finally:
        await running.stop()


async def test_a_service_that_is_replaced_again_and_again_fails_no_post_and_gets_none_twice():
    services, failed, over = Services(), list[str](), asyncio.Event()
    staying, going = await replica(services), await replica(services, free_port())
    posted = list[str]()

    async def post(client: httpx.AsyncClient, caller: int) -> None:
        number = 0
        while not over.is_set():
            number += 1
            user = f"{caller}-{number}"
            answer = await client.post("/api/v1/signals", json={"signal": {"user_id": user, "engagement_score": 0.5}})
            if answer.status_code != 200:
                failed.append(f"{answer.status_code} {answer.text}")
            posted.append(user)

    async with (
        gateway_to(staying, going) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client,
        asyncio.TaskGroup() as callers,
    ):
        for caller in range(CALLERS):
            callers.create_task(post(client, caller))
        for _ in range(STOPS):
            wanted = len(posted) + 40
            while len(posted) < wanted:  # noqa: ASYNC110 callers tell of their progress by what they posted alone
                await asyncio.sleep(0.01)
            port = going.port
            await going.stop(60.0)
            going = await replica(services, port)
        over.set()
    await asyncio.gather(staying.stop(0), going.stop(0))
    assert failed == []
    reached = Counter(seen.requests[0].signal.user_id for seen in services.seen)
    assert set(reached) == set(posted)
    assert set(reached.values()) == {1}


async def test_a_post_waits_a_moment_for_the_only_replica_to_be_replaced(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(upstream, "_WAIT_SECONDS", 60.0)  # a busy machine may need more than the moment for another
    services, posts = Services(), 20
    only = await replica(services, free_port())
    async with gateway_to(only) as url, httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:

        async def post(number: int) -> int:
            signal = {"user_id": f"waits-{number}", "engagement_score": 0.5}
            return (await client.post("/api/v1/signals", json={"signal": signal})).status_code

        assert await post(0) == 200
        await only.stop(0)
        waiting = asyncio.gather(*(post(number) for number in range(1, posts)))
        only = await replica(services, only.port)
        assert set(await waiting) == {200}
    await only.stop(0)
    reached = Counter(seen.requests[0].signal.user_id for seen in services.seen)
    assert reached == {f"waits-{number}": 1 for number in range(posts)}
