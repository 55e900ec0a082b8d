"""The bus over Redis publish and subscribe: reconnects by itself and never holds anybody up."""

import asyncio
import logging
import os
from collections import deque
from contextlib import suppress

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from mesh.local_bus import DROPPED, LOOK_YOURSELF, LocalBus, Subscription
from mesh.telemetry import gauge

_LOG = logging.getLogger(__name__)
_PREFIX = "tta:analytics:bus:"
_OUTGOING = 10_000
_ORIGIN_BYTES = 8
_AWAY = (RedisError, OSError, TimeoutError)
WAITING = gauge("bus_waiting", "Wake-ups that wait to be sent to Redis")


class RedisBus(LocalBus):
    """Delivers here at once, and to other replicas through Redis while it is there."""

    def __init__(self, url: str, *, retry: float = 0.5) -> None:
        """Prepare for `url`; connects with the first use and again `retry` seconds after each failure."""
        super().__init__()
        self._redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5, health_check_interval=10)
        self._retry = retry
        self._origin = os.urandom(_ORIGIN_BYTES)
        self._outgoing: deque[tuple[str, bytes]] = deque()
        self._waiting = asyncio.Event()
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        WAITING.set_function(lambda: len(self._outgoing))
        self.connected = asyncio.Event()
        """Set while this replica hears the others."""

    async def publish(self, topic: str, payload: bytes) -> None:
        """Deliver here and queue for the others; the oldest is dropped and counted where the queue is full."""
        self._start()
        self.deliver(topic, payload)
        if len(self._outgoing) >= _OUTGOING:
            self._outgoing.popleft()
            DROPPED.labels("no_connection").inc()
        self._outgoing.append((topic, payload))
        self._waiting.set()

    def subscribe(self, topic: str) -> Subscription:
        """Join a topic at once here, and in Redis as soon as it answers."""
        self._start()
        subscription = super().subscribe(topic)
        self._changed.set()
        return subscription

    def leave(self, topic: str, subscription: Subscription) -> None:
        """Forget a subscription."""
        super().leave(topic, subscription)
        self._changed.set()

    async def aclose(self) -> None:
        """End every subscription and the connections."""
        await super().aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(*_AWAY):
            await self._redis.aclose()

    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]

    async def _send(self) -> None:
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            while self._outgoing:
                topic, payload = self._outgoing[0]
                try:
                    await self._redis.publish(_PREFIX + topic, self._origin + payload)
                except _AWAY:
                    # What waited is stale by the time Redis is back: subscribers are told to look then.
                    DROPPED.labels("no_connection").inc(len(self._outgoing))
                    self._outgoing.clear()
                    await asyncio.sleep(self._retry)
                else:
                    self._outgoing.popleft()

    async def _receive(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await self._listen(channel)
            except _AWAY as error:
                if self.connected.is_set():
                    _LOG.warning("bus_disconnected", extra={"error_type": type(error).__name__})
                self.connected.clear()
                await asyncio.sleep(self._retry)

    async def _listen(self, channel: PubSub) -> None:
        joined: set[str] = set()
        while True:
            if not joined or self._changed.is_set():
                self._changed.clear()
                await self._join(channel, joined)
            if not joined:
                self.connected.set()
                await self._changed.wait()
                continue
            message = await channel.get_message(timeout=0.2)
            if message is None:
                continue
            topic = message["channel"].decode().removeprefix(_PREFIX)
            if message["type"] == "subscribe":
                self.connected.set()
                self.deliver(topic, LOOK_YOURSELF)
            elif message["type"] == "message" and message["data"][:_ORIGIN_BYTES] != self._origin:
                self.deliver(topic, message["data"][_ORIGIN_BYTES:])

    async def _join(self, channel: PubSub, joined: set[str]) -> None:
        wanted = set(self.topics())
        if added := wanted - joined:
            await channel.subscribe(*(_PREFIX + topic for topic in added))
        if left := joined - wanted:
            await channel.unsubscribe(*(_PREFIX + topic for topic in left))
        joined |= added
        joined -= left
