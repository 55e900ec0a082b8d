"""Group commit of sessions: messages that wait at the same time share one transaction and one flush to disk.

No message waits for others to come: while one group is being stored, the next one gathers. Each message stays all or
nothing of its own: where one of a group is refused, the group is stored again one by one.

What waits is bounded over all streams by the room that they share with other facts.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.usecases.ingest_room import IngestRoom
from aggregation_svc.usecases.ingest_sessions import IngestSessions, Message
from mesh.refusal import Aborted, Refusal

ROWS = 4000
"""Sessions that one transaction takes at most, but for a single larger message."""

ATTEMPTS = 4
"""Times that a message is stored while other replicas get in its way."""


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

    def __init__(self, ingest: IngestSessions, room: IngestRoom) -> None:
        """Store with `ingest` what entered the `room`."""
        self._ingest, self._room = ingest, room
        self._waiting: deque[_Waiting] = deque()
        self._working: asyncio.Task[None] | None = None

    def submit(self, message: Message, stream: Stream) -> "asyncio.Future[IngestSummary]":
        """Queue a message; the future gives its summary once it is durable, or its refusal.

        Its facts have entered the room before they were prepared; they leave it when the message is settled.
        """
        waiting = _Waiting(message, stream, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._working is None:
            self._working = asyncio.create_task(self._work(), name="group commit of sessions")
        return waiting.done

    async def _work(self) -> None:
        try:
            while self._waiting:
                group = self._next_group()
                try:
                    await self._store(group)
                finally:
                    self._leave(group)
        finally:
            self._working = None
            self._leave(self._waiting)
            for waiting in self._waiting:
                waiting.done.cancel()
            self._waiting.clear()

    def _leave(self, group: Iterable[_Waiting]) -> None:
        self._room.leave("sessions", sum(waiting.message.prepared.received for waiting in group))

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
