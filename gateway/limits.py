"""Rates per caller: token buckets, in this process or shared in Redis.

A bucket holds `burst` tokens and gains `rate` a second; a request takes one. Shared buckets live in Redis and are taken
from in small lots, so that most requests of busy callers cost no round trip; a lot is as large as the use of the one
before it, and what is left of it goes back. While Redis is away, each process counts for itself.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Protocol
from weakref import WeakValueDictionary

from redis.asyncio import Redis
from redis.exceptions import RedisError

_KEPT = 20_000  # buckets remembered; the one used longest ago goes first, and a full one is no loss


class Limiter(Protocol):
    """Decides whether a caller may go on."""

    async def wait(self, caller: str, now: float) -> float:
        """Take a token of the caller's bucket; return 0, or the seconds until there is one. `now` is monotonic."""


class Unlimited:
    """Nobody ever waits."""

    async def wait(self, caller: str, now: float) -> float:
        """Return 0."""
        return 0.0


class Buckets:
    """Buckets in this process."""

    def __init__(self, rate: float, burst: float) -> None:
        """Allow `rate` requests a second and `burst` at once."""
        self._rate, self._burst = rate, burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # caller -> tokens, when that was so

    async def wait(self, caller: str, now: float) -> float:
        """Take a token of the caller's bucket; return 0, or the seconds until there is one."""
        return self.take(caller, now)

    def take(self, caller: str, now: float) -> float:
        """Do the same without waiting for anything."""
        tokens, then = self._buckets.pop(caller, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        short = tokens < 1
        self._buckets[caller] = (tokens if short else tokens - 1, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return (1 - tokens) / self._rate if short else 0.0


_TAKE = """
local rate, burst, lot, back = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local found = redis.call('HMGET', KEYS[1], 't', 'w')
local gained = math.max(0, now - (tonumber(found[2]) or now)) * rate
local tokens = math.min(burst, (tonumber(found[1]) or burst) + gained + back)
local given = math.floor(math.min(lot, tokens))
redis.call('HSET', KEYS[1], 't', tostring(tokens - given), 'w', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 10)
return {given, tostring(tokens - given)}
"""


ANSWERS_WITHIN_SECONDS = 0.25
"""How long Redis is waited for, to connect and to answer; it is asked while a caller waits."""

PAUSE_SECONDS = 5.0
"""After a failure Redis is asked again by one request in this time; the others do not wait for it."""

HELD_SECONDS = 1.0
"""How long a lot may be used: what is held here is missing elsewhere."""


def shared_redis(url: str) -> Redis:
    """Return a client that never holds a caller up for long, whether Redis refuses, hangs or is silently gone."""
    return Redis.from_url(url, socket_connect_timeout=ANSWERS_WITHIN_SECONDS, socket_timeout=ANSWERS_WITHIN_SECONDS)


@dataclass(slots=True)
class _Hand:
    """What this process took of a caller's bucket last."""

    lot: int = 0
    """Tokens that it got; 0: there was none anywhere."""
    left: int = 0
    until: float = 0.0
    """When the lot is no longer used, or there is a token again."""


class SharedBuckets:
    """Buckets that all gateways share in Redis, taken from in lots."""

    def __init__(self, redis: Any, rate: float, burst: float, *, prefix: str = "tta:gateway:rate:") -> None:
        """Allow `rate` requests a second and `burst` at once over all processes; `redis` is an asyncio client."""
        self._rate, self._burst, self._prefix = rate, burst, prefix
        self._most = max(1, int(min(burst / 10, rate / 10)))
        self._take = redis.register_script(_TAKE)
        self._hands: OrderedDict[str, _Hand] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._away = False
        self._next_try = 0.0
        self._alone = Buckets(rate, burst)

    async def wait(self, caller: str, now: float) -> float:
        """Take a token of the caller's bucket; return 0, or the seconds until there is one."""
        if (known := self._from_hand(caller, now)) is not None:
            return known
        asking = self._asking.setdefault(caller, asyncio.Lock())
        async with asking:
            # Whoever asked before brought a lot for those who waited, or the time at which there is a token again.
            if (known := self._from_hand(caller, now)) is not None:
                return known
            return await self._ask(caller, now)

    def _from_hand(self, caller: str, now: float) -> float | None:
        """Do the same from what is known here; None where Redis must be asked."""
        hand = self._hands.get(caller)
        if hand is None or now >= hand.until:
            return None
        if hand.left:
            hand.left -= 1
            return 0.0
        return None if hand.lot else hand.until - now

    async def _ask(self, caller: str, now: float) -> float:
        if self._away and now < self._next_try:
            return self._alone.take(caller, now)
        self._next_try = now + PAUSE_SECONDS
        # Taken away first: what goes back must not go back twice, whatever becomes of the asking.
        before = self._hands.pop(caller, _Hand())
        used = before.lot - before.left
        lot = min(self._most, max(1, used if now >= before.until else 2 * used))
        try:
            args = [self._rate, self._burst, lot, before.left]
            given, left = await self._take(keys=[self._prefix + caller], args=args)
        except (RedisError, OSError):
            self._away = True
            return self._alone.take(caller, now)
        self._away = False
        wait = 0.0 if given else max(0.0, 1 - float(left)) / self._rate
        hand = _Hand(int(given), int(given) - 1, now + HELD_SECONDS) if given else _Hand(until=now + wait)
        self._hands[caller] = hand
        if len(self._hands) > _KEPT:
            self._hands.popitem(last=False)
        return wait
