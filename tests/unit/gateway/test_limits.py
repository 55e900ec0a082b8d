import asyncio
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisIsAway

from gateway.limits import PAUSE_SECONDS, Buckets, SharedBuckets


async def test_a_caller_may_burst_and_then_goes_at_its_rate():
    buckets = Buckets(rate=2.0, burst=3)
    assert [await buckets.wait("a", 0.0) for _ in range(3)] == [0, 0, 0]
    assert await buckets.wait("a", 0.0) == pytest.approx(0.5)
    assert await buckets.wait("a", 0.5) == 0
    assert await buckets.wait("a", 0.5) > 0


async def test_callers_do_not_use_up_each_other_s_turns():
    buckets = Buckets(rate=1.0, burst=1)
    assert await buckets.wait("a", 0.0) == 0
    assert await buckets.wait("b", 0.0) == 0


async def test_a_bucket_never_holds_more_than_its_burst():
    buckets = Buckets(rate=10.0, burst=2)
    await buckets.wait("a", 0.0)
    assert [await buckets.wait("a", 1000.0) == 0 for _ in range(3)] == [True, True, False]


class FakeRedis:
    """One bucket, filled by the test; counts how often it is asked, and answers when it is let."""

    def __init__(self, tokens: int) -> None:
        self.tokens, self.burst, self.asked = tokens, tokens, 0
        self.away = False
        self.gate = asyncio.Event()
        self.gate.set()

    def register_script(self, text: str) -> Any:
        async def take(keys: list[str], args: list[float]) -> list[Any]:
            self.asked += 1
            await self.gate.wait()
            if self.away:
                raise RedisIsAway("gone")
            self.tokens = min(self.burst, self.tokens + int(args[3]))
            given = min(self.tokens, int(args[2]))
            self.tokens -= given
            return [given, str(self.tokens)]

        return take


async def test_requests_at_once_take_growing_lots_and_no_more_than_they_use_and_one():
    redis = FakeRedis(200)
    buckets = SharedBuckets(redis, 100.0, 200)
    assert await asyncio.gather(*(buckets.wait("a", 0.0) for _ in range(40))) == [0.0] * 40
    assert (redis.asked, redis.tokens) == (7, 200 - 1 - 2 - 4 - 8 - 10 - 10 - 10)


async def test_a_caller_that_used_all_up_is_refused_without_asking_again_until_there_is_a_token():
    redis = FakeRedis(5)
    buckets = SharedBuckets(redis, 100.0, 200)
    assert await asyncio.gather(*(buckets.wait("a", 0.0) for _ in range(7))) == [0.0] * 5 + [pytest.approx(0.01)] * 2
    assert redis.asked == 4
    redis.tokens = 1
    assert await buckets.wait("a", 0.004) == pytest.approx(0.006)
    assert await buckets.wait("a", 0.02) == 0.0


async def test_what_is_not_used_soon_of_a_lot_goes_back_once():
    redis = FakeRedis(200)
    buckets = SharedBuckets(redis, 100.0, 200)
    for now in (0.0, 0.1, 0.2, 0.3):
        assert await buckets.wait("a", now) == 0.0
    assert redis.tokens == 193
    assert await buckets.wait("a", 1.5) == 0.0
    assert (redis.asked, redis.tokens) == (4, 195)
    redis.gate.clear()
    gone = asyncio.create_task(buckets.wait("a", 3.0))
    await asyncio.sleep(0)
    gone.cancel()
    redis.gate.set()
    assert await buckets.wait("a", 3.0) == 0.0
    assert redis.tokens == 194


@pytest.mark.parametrize(("each", "gateways"), [(1, 16), (1, 80), (6, 16)])
async def test_a_caller_spread_over_many_gateways_is_not_refused_within_the_rate(each: int, gateways: int):
    redis = FakeRedis(200)
    spread = [SharedBuckets(redis, 100.0, 200) for _ in range(gateways)]
    for second in range(60):
        for part in range(each):
            waits = [await one.wait("a", second + part / each) for one in spread]
            assert not any(waits)
        redis.tokens = min(redis.burst, redis.tokens + 100)


async def test_a_caller_who_goes_away_while_redis_is_asked_holds_nobody_up():
    redis = FakeRedis(200)
    redis.gate.clear()
    buckets = SharedBuckets(redis, 100.0, 200)
    waiting = [asyncio.create_task(buckets.wait("a", 0.0)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    redis.gate.set()
    assert await asyncio.gather(*waiting[1:]) == [0.0, 0.0]


async def test_after_a_failure_one_request_in_five_seconds_asks_redis_and_the_others_do_not_wait():
    redis = FakeRedis(200)
    redis.away = True
    buckets = SharedBuckets(redis, 100.0, 200)
    assert await buckets.wait("a", 0.0) == 0.0
    assert await asyncio.gather(*(buckets.wait(caller, 1.0) for caller in "abcde")) == [0.0] * 5
    assert redis.asked == 1
    redis.gate.clear()
    trying = asyncio.create_task(buckets.wait("a", PAUSE_SECONDS))
    await asyncio.sleep(0)
    assert await buckets.wait("b", PAUSE_SECONDS) == 0.0
    assert redis.asked == 2
    redis.away = False
    redis.gate.set()
    assert await trying == 0.0
    assert await buckets.wait("b", PAUSE_SECONDS + 0.1) == 0.0
    assert redis.asked == 3
