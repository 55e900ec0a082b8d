"""Subscribers that follow several replicas, and move to another one from their cursor when theirs dies.

A process of its own: `python -m benchmarks.scale.listening`. It notes what arrives as it arrives, and counts later.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import uvloop
from tta.analytics.v1 import alert_pb2

from benchmarks.alerts.http2 import Connection, messages
from benchmarks.alerts.listeners import STREAM_ALERTS
from benchmarks.answering import Answering
from benchmarks.asked import command_line

CONNECTIONS = 50
"""Connections to each replica; its subscribers share them."""
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Waits before a connection is tried again, seconds."""


class Subscribers(Answering):
    """So many subscribers over several replicas; asked for what is missing of alerts, and when each was back."""

    def __init__(self, targets: list[str], token: str, count: int) -> None:
        """Spread `count` subscribers evenly over `targets`."""
        super().__init__("benchmarks.scale.listening", {"targets": targets, "token": token, "count": count})


class _Line(Connection):
    """A connection that says when it is lost, or a stream of it is over."""

    def __init__(self, arrived: Callable[[int, bytes], None], lost: asyncio.Event) -> None:
        super().__init__(arrived, lambda _: lost.set())
        self._lost = lost

    def connection_lost(self, error: Exception | None) -> None:
        self._lost.set()


class _Subscribers:
    """All subscribers of this process."""

    def __init__(self, targets: list[str], token: str, count: int) -> None:
        self._targets, self._token = targets, token
        self.cursors = [""] * count
        self.heard: list[set[str]] = [set() for _ in range(count)]
        self.began: list[float] = [0.0] * count
        """When the present stream's first message arrived; 0 while there is none."""
        self.moved: dict[int, float] = {}
        """Subscriber -> when it heard something from the other replica."""
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Connect all."""
        spread = len(self._targets) * CONNECTIONS
        for number in range(min(spread, len(self.cursors))):
            mine = list(range(number, len(self.cursors), spread))
            self._tasks.append(asyncio.create_task(self._follow(mine, number % len(self._targets))))

    async def _follow(self, mine: list[int], target: int) -> None:
        """Keep some subscribers connected by one connection, wherever a replica answers."""
        first, loop, pause = target, asyncio.get_running_loop(), 0
        while True:
            streams: dict[int, int] = {}
            held: dict[int, bytes] = {}
            lost = asyncio.Event()
            arrived = partial(self._arrived, streams, held, moved=target != first)
            host, _, port = self._targets[target].rpartition(":")
            try:
                _, line = await loop.create_connection(partial(_Line, arrived, lost), host, int(port))
            except OSError:
                await asyncio.sleep(PAUSES[min(pause, len(PAUSES) - 1)])
                pause += 1
            else:
                pause = 0
                for subscriber in mine:
                    self.began[subscriber] = 0.0
                    request = alert_pb2.StreamAlertsRequest(cursor=self.cursors[subscriber]).SerializeToString()
                    streams[line.call(STREAM_ALERTS, request, [("authorization", f"Bearer {self._token}")])] = (
                        subscriber
                    )
                await lost.wait()
                line.close()
            target = (target + 1) % len(self._targets)

    def _arrived(
        self, streams: dict[int, int], held: dict[int, bytes], stream: int, body: bytes, *, moved: bool
    ) -> None:
        at, subscriber = time.perf_counter(), streams[stream]
        if not self.began[subscriber]:
            self.began[subscriber] = at
            if moved:
                self.moved.setdefault(subscriber, at)
        data = held.pop(stream, b"") + body
        whole = 0
        while len(data) - whole >= 5 and len(data) - whole >= 5 + int.from_bytes(data[whole + 1 : whole + 5], "big"):
            whole += 5 + int.from_bytes(data[whole + 1 : whole + 5], "big")
        if whole < len(data):
            held[stream] = data[whole:]
        for message in messages(data[:whole]):
            answer = alert_pb2.StreamAlertsResponse.FromString(message)
            self.cursors[subscriber] = answer.cursor or self.cursors[subscriber]
            if answer.event.alert_id:
                self.heard[subscriber].add(answer.event.alert_id)

    def answer(self, asked: dict[str, Any]) -> Any:
        """Say how many alerts are missing over all subscribers, and when those that moved were back."""
        wanted = set(asked["alerts"])
        return {
            "connected": sum(began > 0 for began in self.began),
            "missing": sum(len(wanted - heard) for heard in self.heard),
            "moved": sorted(self.moved.values()),
        }


async def _listen() -> None:
    loop = asyncio.get_running_loop()
    asked = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    subscribers = _Subscribers(**asked)
    subscribers.start()
    while not all(subscribers.began):  # noqa: ASYNC110 nothing tells of a first message but the bytes themselves
        await asyncio.sleep(0.05)
    print(json.dumps("ready"), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(subscribers.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    command_line("benchmarks.scale.listening", __doc__).parse_args()
    uvloop.run(_listen())
