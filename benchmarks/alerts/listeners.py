"""Subscribers in a process of their own, as they are in life: what they cost is not taken from the service's time.

The process notes when data arrived on which stream and parses it only when it is asked. `time.perf_counter` is the
machine's one monotonic clock on Linux, so that its readings compare between processes.
"""

import asyncio
import json
import sys
import time

import uvloop
from tta.analytics.v1 import alert_pb2

from benchmarks.alerts.http2 import Connection, messages
from benchmarks.answering import Answering
from benchmarks.asked import command_line

STREAM_ALERTS = "/tta.analytics.v1.AlertService/StreamAlerts"
MOST_CONNECTIONS = 100
"""Beyond it, subscribers share connections."""


class Listeners(Answering):
    """So many subscribers to a service; knows when each alert arrived at each of them."""

    def __init__(self, target: str, token: str, count: int, path: str = STREAM_ALERTS) -> None:
        """Listen at `target` with a bearer token."""
        asked = {"target": target, "token": token, "count": count, "path": path}
        super().__init__("benchmarks.alerts.listeners", asked)
        self.arrived: dict[str, list[float]] = {}
        """Alert id -> when it arrived at each subscriber, by `time.perf_counter`."""

    async def all_have(self, alert_ids: set[str]) -> None:
        """Wait until every subscriber has every alert; `arrived` is filled in."""
        async with asyncio.timeout(120):
            self.arrived = await self.ask(sorted(alert_ids))


class _Ears:
    """The streams of the listening process."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.pieces: list[tuple[float, int, int, bytes]] = []
        self.ended: list[int] = []
        self._read = 0
        self._held: dict[tuple[int, int], bytes] = {}

    def connection(self, number: int) -> Connection:
        clock, note = time.perf_counter, self.pieces.append
        return Connection(lambda stream, body: note((clock(), number, stream, body)), self.ended.append)

    def arrivals(self) -> list[tuple[float, bytes]]:
        """Return the messages that arrived since it was last asked, each with when its last byte did."""
        found = []
        fresh = self.pieces[self._read :]
        self._read += len(fresh)
        for at, number, stream, body in fresh:
            data = self._held.pop((number, stream), b"") + body
            if len(data) < 5 or len(data) < 5 + int.from_bytes(data[1:5], "big"):
                self._held[number, stream] = data
            else:
                found.extend((at, one) for one in messages(data))
        if self.ended:
            raise RuntimeError(f"{len(self.ended)} streams ended")
        return found


def alert_of(message: bytes) -> str:
    """Return the id of the alert that a message of StreamAlerts tells of; empty for a heartbeat."""
    return alert_pb2.StreamAlertsResponse.FromString(message).event.alert_id


async def _listen() -> None:
    loop = asyncio.get_running_loop()
    asked = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    ears = _Ears(asked["count"])
    host, _, port = asked["target"].rpartition(":")
    connections = []
    for number in range(min(ears.count, MOST_CONNECTIONS)):
        _, made = await loop.create_connection(lambda number=number: ears.connection(number), host, int(port))  # type: ignore[misc]
        connections.append(made)
    for number in range(ears.count):
        metadata = [("authorization", f"Bearer {asked['token']}")]
        connections[number % len(connections)].call(asked["path"], b"", metadata)
    # By stream, not by message: one that waits for long hears heartbeats while others are not subscribed yet.
    while len({(number, stream) for _, number, stream, _ in ears.pieces}) < ears.count:  # noqa: ASYNC110 as above
        await asyncio.sleep(0.05)
    print(json.dumps("ready"), flush=True)
    arrived: dict[str, list[float]] = {}
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        wanted = json.loads(line)
        while any(len(arrived.get(one, ())) < ears.count for one in wanted):
            await asyncio.sleep(0.05)
            for at, message in ears.arrivals():
                arrived.setdefault(alert_of(message), []).append(at)
        print(json.dumps({one: arrived[one] for one in wanted}), flush=True)


if __name__ == "__main__":
    command_line("benchmarks.alerts.listeners", __doc__).parse_args()
    uvloop.run(_listen())
