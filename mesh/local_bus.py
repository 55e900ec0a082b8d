"""The bus within one process: bounded queues by topic, and what both kinds of bus share."""

import asyncio
from collections import defaultdict, deque
from types import TracebackType
from typing import Self

from mesh.telemetry import counter

DROPPED = counter("bus_dropped", "Wake-ups lost: subscriber too slow, or no connection", ["why"])
LOOK_YOURSELF = b""
_QUEUE = 1000


class Subscription:
    """The payloads of one topic from now on: an async iterator with a bounded queue. Close it when done."""

    def __init__(self, bus: "LocalBus", topic: str) -> None:
        """Join the topic at once."""
        self._bus, self._topic = bus, topic
        self._payloads: deque[bytes] = deque()
        self._arrived = asyncio.Event()
        self._closed = False

    def deliver(self, payload: bytes) -> None:
        """Queue a payload; a full queue is emptied and replaced by one empty payload."""
        if len(self._payloads) >= _QUEUE:
            DROPPED.labels("slow_subscriber").inc(len(self._payloads))
            self._payloads.clear()
            payload = LOOK_YOURSELF
        self._payloads.append(payload)
        self._arrived.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        while not self._payloads:
            if self._closed:
                raise StopAsyncIteration
            self._arrived.clear()
            await self._arrived.wait()
        return self._payloads.popleft()

    async def aclose(self) -> None:
        """Leave the topic; iteration ends."""
        self._closed = True
        self._arrived.set()
        self._bus.leave(self._topic, self)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class LocalBus:
    """A bus within one process and one event loop."""

    def __init__(self) -> None:
        self._topics: defaultdict[str, set[Subscription]] = defaultdict(set)

    async def publish(self, topic: str, payload: bytes) -> None:
        """Deliver to the subscribers of this process."""
        self.deliver(topic, payload)

    def subscribe(self, topic: str) -> Subscription:
        """Join a topic at once."""
        subscription = Subscription(self, topic)
        self._topics[topic].add(subscription)
        return subscription

    def leave(self, topic: str, subscription: Subscription) -> None:
        """Forget a subscription."""
        self._topics[topic].discard(subscription)
        if not self._topics[topic]:
            del self._topics[topic]

    def deliver(self, topic: str, payload: bytes) -> None:
        """Hand a payload to every subscriber of the topic."""
        for subscription in tuple(self._topics.get(topic, ())):
            subscription.deliver(payload)

    def topics(self) -> list[str]:
        """Return the topics that somebody here listens to."""
        return sorted(self._topics)

    async def aclose(self) -> None:
        """End every subscription."""
        for subscriptions in list(self._topics.values()):
            for subscription in tuple(subscriptions):
                await subscription.aclose()
