"""Group commit of sessions: messages that wait at the same time share one transaction and one flush to disk.

No message waits for others to come: while one group is being stored, the next one gathers. Each message stays all or
nothing of its own: where one of a group is refused, the group is stored again one by one.

What waits is bounded over all streams: beyond it messages are refused, with a hint when to come again.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.usecases.ingest_sessions import IngestSessions, Message
from mesh.refusal import Aborted, Refusal, ResourceExhausted

ROWS = 4000
"""Sessions that one transaction takes at most, but for a single larger message."""

ATTEMPTS = 4
"""Times that a message is stored while other replicas get in its way."""

QUEUE = 100_000
"""Sessions that wait over all streams at most, about 100 MB; a single larger message still passes an empty queue."""

RETRY_SECONDS = (0.5, 10.0)
"""Shortest and longest wait that a refused sender is told."""


@dataclass(slots=True)
class Stream:
    """One sender's messages in order; after a refusal none of the later ones is stored."""

    broken: bool = False


@dataclass(frozen=True, slots=True)
class _Waiting:
    message: Message
    stream: Stream
    done: "asyncio.Future[IngestSummary]"


class GroupCommit:
    """Stores prepared messages in the order of their arrival."""

    def __init__(self, ingest: IngestSessions, most_waiting: int = QUEUE) -> None:
        """Store with `ingest`; `most_waiting` sessions wait at most."""
        self._ingest, self._most_waiting = ingest, most_waiting
        self.waiting = 0
        """Sessions that are prepared and not stored yet."""
        self._pace = float(ROWS)
        self._waiting: deque[_Waiting] = deque()
        self._working: asyncio.Task[None] | None = None

    def submit(self, message: Message, stream: Stream) -> "asyncio.Future[IngestSummary]":
        """Queue a message; the future gives its summary once it is durable, or its refusal.

        Raises:
            ResourceExhausted: too much waits; the queue is as it was.
        """
        rows = message.prepared.received
        self.require_room(rows)
        waiting = _Waiting(message, stream, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self.waiting += rows
        if self._working is None:
            self._working = asyncio.create_task(self._work(), name="group commit of sessions")
        return waiting.done

    def require_room(self, rows: int) -> None:
        """Refuse where `rows` more sessions do not fit; ask before preparing them.

        Raises:
            ResourceExhausted: with the seconds after which about half of the queue is stored at the present pace.
        """
        if self.waiting and self.waiting + rows > self._most_waiting:
            least, most = RETRY_SECONDS
            raise ResourceExhausted(
                "ingest_queue_full",
                "More sessions wait to be stored than fit; send again after the time given.",
                retry_after=min(max(self._most_waiting / 2 / self._pace, least), most),
            )

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                group = self._next_group()
                rows, began = sum(waiting.message.prepared.received for waiting in group), loop.time()
                await self._store(group)
                self.waiting -= rows
                self._pace += 0.2 * (rows / max(loop.time() - began, 0.001) - self._pace)
        finally:
            self._working, self.waiting = None, 0
            for waiting in self._waiting:
                waiting.done.cancel()
            self._waiting.clear()

    def _next_group(self) -> list[_Waiting]:
        group = [self._waiting.popleft()]
        rows = group[0].message.prepared.received
        while self._waiting and (rows := rows + self._waiting[0].message.prepared.received) <= ROWS:
            group.append(self._waiting.popleft())
        return group

    async def _store(self, group: Sequence[_Waiting], attempt: int = 1) -> None:
        group = [waiting for waiting in group if _still_wanted(waiting)]
        if not group:
            return
        try:
            summaries = await self._ingest.store_together([waiting.message for waiting in group])
        except Aborted as aborted:
            # Two replicas met on the same sessions in another order; one of them goes again.
            if len(group) == 1 and attempt == ATTEMPTS:
                _refuse(group[0], aborted)
                return
            for waiting in group:
                await self._store([waiting], attempt + 1)
        except Refusal as refusal:
            if len(group) == 1:
                _refuse(group[0], refusal)
                return
            for waiting in group:
                await self._store([waiting])
        except Exception as error:  # noqa: BLE001 whoever waits must hear of it, and the next group must go on
            for waiting in group:
                _refuse(waiting, error)
        else:
            for waiting, summary in zip(group, summaries, strict=True):
                if not waiting.done.done():
                    waiting.done.set_result(summary)


def _still_wanted(waiting: _Waiting) -> bool:
    if waiting.stream.broken and not waiting.done.done():
        waiting.done.set_exception(Aborted("stream_refused", "An earlier message of this stream was refused."))
    return not waiting.done.done()


def _refuse(waiting: _Waiting, error: Exception) -> None:
    waiting.stream.broken = True
    if not waiting.done.done():
        waiting.done.set_exception(error)
