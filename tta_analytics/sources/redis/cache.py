"""The cache's records by SCAN, read only: SCAN, MGET and TYPE are all that is ever sent."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, cast

from redis import asyncio as redis
from redis.exceptions import RedisError

from mesh.refusal import Unavailable

KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Read:
    """One key's record, or why there is none."""

    record: dict[str, Any] | None
    expired: bool = False
    """The key went between being listed and being read."""
    wrong: str = ""
    """What is wrong with the value."""


class Cache:
    """A connection to the cache. Open it with `async with`."""

    def __init__(self, url: str, *, timeout: float) -> None:
        """Connect when first asked; each answer must come within `timeout` seconds."""
        self._client = redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def records(self, pattern: str) -> AsyncIterator[list[Read]]:
        """Yield the records of the keys that match, some hundred at a time, each key once.

        Raises:
            Unavailable: The server hangs, went away, or refuses.
        """
        seen: set[int] = set()
        cursor = 0
        while True:
            try:
                cursor, keys = await self._client.scan(cursor, match=pattern, count=KEYS_AT_ONCE)
                new = [key for key in keys if hash(key) not in seen]
                seen.update(hash(key) for key in new)
                found = await self._read(new)
            except (RedisError, OSError) as error:
                raise Unavailable(
                    "redis_unavailable",
                    f"The cache at TTA_GAME_REDIS_URL failed with {type(error).__name__}. What was imported stays; "
                    "the next run goes on.",
                ) from error
            if found:
                yield found
            if cursor == 0:
                return

    async def _read(self, keys: list[Any]) -> list[Read]:
        if not keys:
            return []
        values = await self._client.mget(keys)
        return [
            await self._missing(key) if value is None else _parsed(value)
            for key, value in zip(keys, values, strict=True)
        ]

    async def _missing(self, key: Any) -> Read:
        kind = await cast(Any, self._client.type(key))
        return Read(None, expired=True) if kind == b"none" else Read(None, wrong="is no text")


def _parsed(value: str | bytes) -> Read:
    try:
        record = json.loads(value)
    except (ValueError, RecursionError):
        return Read(None, wrong="is no JSON")
    return Read(record) if isinstance(record, dict) else Read(None, wrong="is no JSON object")
