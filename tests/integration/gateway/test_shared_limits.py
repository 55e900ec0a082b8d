"""Rates that all gateways share in a real Redis, and what happens without it."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from redis.asyncio import Redis

from gateway.identity.sign_in import UsedAnywhere
from gateway.limits import ANSWERS_WITHIN_SECONDS, SharedBuckets, shared_redis


async def test_two_gateways_share_one_rate(redis_url: str):
    async with Redis.from_url(redis_url) as redis:
        gateways = [SharedBuckets(redis, 0.001, 40), SharedBuckets(redis, 0.001, 40)]
        taken = 0
        for turn in range(200):
            taken += await gateways[turn % 2].wait("a", time.monotonic()) == 0
        assert taken == 40


async def test_forty_requests_at_once_are_within_a_burst_of_two_hundred(redis_url: str):
    async with shared_redis(redis_url) as redis:
        buckets = SharedBuckets(redis, 100, 200)
        now = time.monotonic()
        assert await asyncio.gather(*(buckets.wait("a", now) for _ in range(40))) == [0.0] * 40


async def test_a_refused_caller_learns_when_to_come_back(redis_url: str):
    async with Redis.from_url(redis_url) as redis:
        buckets = SharedBuckets(redis, 0.001, 1)
        assert await buckets.wait("a", 0.0) == 0
        assert 900 < await buckets.wait("a", 0.0) <= 1000


async def test_each_gateway_counts_for_itself_while_redis_is_away():
    async with Redis.from_url("redis://127.0.0.1:9/0") as redis:
        buckets = SharedBuckets(redis, 1.0, 2)
        assert [await buckets.wait("a", 0.0) == 0 for _ in range(3)] == [True, True, False]


@pytest.fixture(params=["silent", "unreachable"])
def gone(request: pytest.FixtureRequest) -> Iterator[str]:
    """A Redis that takes connections and says nothing, or one that does not even take them."""
    with ExitStack() as stack:
        host = stack.enter_context(socket.socket())
        host.bind(("127.0.0.1", 0))
        host.listen(100 if request.param == "silent" else 0)
        for _ in range(0 if request.param == "silent" else 4):
            # A full backlog: what comes after it is not answered at all.
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(host.getsockname())
        yield f"redis://127.0.0.1:{host.getsockname()[1]}/0"


async def test_a_redis_that_is_silently_gone_holds_up_one_caller_and_shortly(gone: str):
    async with shared_redis(gone) as redis:
        buckets = SharedBuckets(redis, 100, 200)
        began = time.monotonic()
        assert await buckets.wait("a", began) == 0.0
        assert time.monotonic() - began < 10
        began = time.monotonic()
        assert [await buckets.wait(f"caller {n}", began) for n in range(100)] == [0.0] * 100
        assert time.monotonic() - began < 100 * ANSWERS_WITHIN_SECONDS / 2


async def test_a_sign_in_code_is_used_up_once_over_all_gateways(redis_url: str):
    async with Redis.from_url(redis_url) as one, Redis.from_url(redis_url) as other:
        assert await UsedAnywhere(one).use("code", 0)
        assert not await UsedAnywhere(other).use("code", 0)
