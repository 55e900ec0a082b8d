import asyncio

import pytest

from mesh.bus import LOOK_YOURSELF, LocalBus, bus_for
from mesh.redis_bus import RedisBus
from mesh.settings import Settings
from tests.servers import free_port, running_redis


@pytest.fixture
async def replicas(redis_url):
    buses = [RedisBus(redis_url, retry=0.05) for _ in range(2)]
    yield buses
    for bus in buses:
        await bus.aclose()


async def next_word(subscription):
    """Return the next payload that is no hint to look oneself."""
    async with asyncio.timeout(60):
        while (payload := await anext(subscription)) == LOOK_YOURSELF:
            pass
        return payload


async def until_told_to_look(subscription):
    async with asyncio.timeout(60):
        while await anext(subscription) != LOOK_YOURSELF:
            pass


async def test_within_a_process_every_subscriber_hears():
    bus = LocalBus()
    async with bus.subscribe("alerts") as one, bus.subscribe("alerts") as two, bus.subscribe("other") as other:
        await bus.publish("alerts", b"7")
        assert [await anext(one), await anext(two)] == [b"7", b"7"]
        await other.aclose()
        assert [payload async for payload in other] == []
    assert bus.topics() == []


async def test_a_slow_subscriber_is_told_to_look_and_takes_no_memory():
    bus = LocalBus()
    async with bus.subscribe("alerts") as subscription:
        for number in range(1001):
            await bus.publish("alerts", str(number).encode())
        assert await anext(subscription) == LOOK_YOURSELF


async def test_closing_the_bus_ends_every_subscription():
    bus = LocalBus()
    subscription = bus.subscribe("alerts")
    await bus.aclose()
    assert [payload async for payload in subscription] == []


async def test_other_replicas_hear_through_redis(replicas):
    here, there = replicas
    async with there.subscribe("alerts") as subscription, here.subscribe("alerts") as own:
        await until_told_to_look(subscription)
        await until_told_to_look(own)
        await here.publish("alerts", b"7")
        assert await next_word(subscription) == b"7"
        assert await anext(own) == b"7"
        await there.publish("alerts", b"8")
        assert await next_word(own) == b"8"


async def test_without_redis_publishing_neither_fails_nor_waits():
    bus = RedisBus(f"redis://127.0.0.1:{free_port()}/0", retry=0.01)
    async with bus.subscribe("alerts") as subscription, asyncio.timeout(60):
        for _ in range(100):
            await bus.publish("alerts", b"7")
        assert await anext(subscription) == b"7"
    await bus.aclose()


async def test_when_redis_comes_back_subscribers_are_told_to_look():
    with running_redis() as server:
        here, there = RedisBus(server.url, retry=0.05), RedisBus(server.url, retry=0.05)
        async with there.subscribe("alerts") as subscription:
            await until_told_to_look(subscription)
            server.stop()
            await here.publish("alerts", b"lost")
            server.start()
            await until_told_to_look(subscription)
            await here.publish("alerts", b"8")
            assert await next_word(subscription) == b"8"
        await here.aclose()
        await there.aclose()


async def test_the_settings_choose_the_bus(redis_url):
    assert type(bus_for(Settings())) is LocalBus
    bus = bus_for(Settings(redis_url=redis_url))
    assert isinstance(bus, RedisBus)
    await bus.aclose()
