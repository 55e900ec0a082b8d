import pytest

from gateway.limits import Buckets


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
