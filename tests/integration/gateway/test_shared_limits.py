"""Rates that all gateways share in a real Redis, and what happens without it."""

import time

from redis.asyncio import Redis

from gateway.identity.sign_in import UsedAnywhere
from gateway.limits import SharedBuckets


async def test_two_gateways_share_one_rate(redis_url: str):
    async with Redis.from_url(redis_url) as redis:
        gateways = [SharedBuckets(redis, 0.001, 40), SharedBuckets(redis, 0.001, 40)]
        taken = 0
        for turn in range(200):
            taken += await gateways[turn % 2].wait("a", time.monotonic()) == 0
        assert taken == 40


async def test_a_refused_caller_learns_when_to_come_back(redis_url: str):
    async with Redis.from_url(redis_url) as redis:
        buckets = SharedBuckets(redis, 0.5, 1)
        assert await buckets.wait("a", 0.0) == 0
        assert 1.5 < await buckets.wait("a", 0.0) <= 2.0


async def test_each_gateway_counts_for_itself_while_redis_is_away():
    async with Redis.from_url("redis://127.0.0.1:9/0") as redis:
        buckets = SharedBuckets(redis, 1.0, 2)
        assert [await buckets.wait("a", 0.0) == 0 for _ in range(3)] == [True, True, False]


async def test_a_sign_in_code_is_used_up_once_over_all_gateways(redis_url: str):
    async with Redis.from_url(redis_url) as one, Redis.from_url(redis_url) as other:
        assert await UsedAnywhere(one).use("code", 0)
        assert not await UsedAnywhere(other).use("code", 0)
