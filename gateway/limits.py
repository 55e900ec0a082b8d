"""Rates per caller: token buckets, in this process or shared in Redis.

A bucket holds `burst` tokens and gains `rate` a second; a request takes one. Shared buckets live in Redis and are taken
from in small lots, so that most requests cost no round trip; while Redis is away, each process counts for itself.
"""

from collections import OrderedDict
from typing import Any, Protocol

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
local rate, burst, lot = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local found = redis.call('HMGET', KEYS[1], 't', 'w')
local tokens = math.min(burst, (tonumber(found[1]) or burst) + math.max(0, now - (tonumber(found[2]) or now)) * rate)
local given = math.floor(math.min(lot, tokens))
redis.call('HSET', KEYS[1], 't', tostring(tokens - given), 'w', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 10)
return {given, tostring(tokens - given)}
"""


class SharedBuckets:
    """Buckets that all gateways share in Redis, taken from in lots."""

    def __init__(self, redis: Any, rate: float, burst: float, *, prefix: str = "tta:gateway:rate:") -> None:
        """Allow `rate` requests a second and `burst` at once over all processes; `redis` is an asyncio client."""
        self._rate, self._burst, self._prefix = rate, burst, prefix
        self._lot = max(1, int(min(burst / 10, rate / 10)))
        self._take = redis.register_script(_TAKE)
        self._held: OrderedDict[str, tuple[int, float]] = OrderedDict()  # caller -> tokens in hand, taken when
        self._alone = Buckets(rate, burst)

    async def wait(self, caller: str, now: float) -> float:
        """Take a token of the caller's bucket; return 0, or the seconds until there is one."""
        held, then = self._held.pop(caller, (0, now))
        if held and now - then < 1.0:
            self._keep(caller, held - 1, then)
            return 0.0
        try:
            given, left = await self._take(keys=[self._prefix + caller], args=[self._rate, self._burst, self._lot])
        except (RedisError, OSError):
            return self._alone.take(caller, now)
        if given:
            self._keep(caller, int(given) - 1, now)
            return 0.0
        return max(0.0, 1 - float(left)) / self._rate

    def _keep(self, caller: str, tokens: int, taken: float) -> None:
        self._held[caller] = (tokens, taken)
        if len(self._held) > _KEPT:
            self._held.popitem(last=False)
