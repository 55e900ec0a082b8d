"""Alert events to any number of subscribers, none of whom can slow another.

The newest events are kept once, in order, for all. A subscriber is a position in them; one that falls behind what is
kept reads from the database until it has caught up. Events of other replicas come from the database too: a wake-up
over the bus says when to look, and where the bus is away we look every second.

A log may go back: it was restored, or a standby took over that lagged behind, and went on with other events at the same
positions. So each page that is read begins with the last event that is known, and after the log's connection was made
anew nothing is taken on trust before such a page was read.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta

from mesh.bus import Bus
from mesh.refusal import OutOfRange, Refusal
from mesh.telemetry import counter, gauge
from monitoring_svc.domain.alert import AlertEvent, EventKind
from monitoring_svc.domain.cursor import Cursor, parse
from monitoring_svc.ports import Alerts

KEPT = 4096
"""Events kept in memory."""
PAGE = 500
"""Events handed on at once."""
CATCH_UP = 100
"""Events read at once for a subscriber that fell behind: making more of rows would hold the loop from the others."""
LOOK_EVERY = 1.0
"""Seconds between looks where no wake-up comes."""
REPLAYED = timedelta(hours=1)
"""Before an event that the log has lost: by how much the clocks of two database servers may differ."""
TOPIC = "alert-events"

SUBSCRIBERS = gauge("alert_subscribers", "Open alert streams")
BEHIND = counter("alert_catch_ups", "Pages that subscribers read from the database because they fell behind")

_Mark = tuple[int, str, EventKind, datetime]
"""By what an event is known again: its place, its alert, what happened and when. Nothing of a player."""


class EventStream:
    """The newest end of the alert log."""

    def __init__(self, alerts: Alerts, bus: Bus, *, kept: int = KEPT) -> None:
        """Follow the log of `alerts`, keeping `kept` events in memory."""
        self._alerts = alerts
        self._bus = bus
        self._events: deque[AlertEvent] = deque(maxlen=kept)
        self._marks: deque[_Mark] = deque(maxlen=kept)
        self._head = 0
        self._oldest = 0
        self._look = asyncio.Event()
        self._waiting: set[asyncio.Future[bool]] = set()
        self._ending = False
        self._listeners: list[Callable[[AlertEvent], None]] = []
        self._turned_back = 0
        self._back_to = 0
        self._doubts = 0
        self._settled = 0
        self._forgotten = 0
        self.subscribers = 0
        """Open streams."""

    def listen(self, listener: Callable[[AlertEvent], None]) -> None:
        """Have `listener` hear of every event, of this replica and the others, in order."""
        self._listeners.append(listener)

    @property
    def head(self) -> int:
        """The last position that is known here."""
        return self._head

    @property
    def ending(self) -> bool:
        """Whether streams are asked to end."""
        return self._ending

    async def start(self) -> None:
        """Find the end of the log."""
        self._oldest, self._head = await self._alerts.bounds()
        newest = await self._alerts.events(max(0, self._head - PAGE), PAGE)
        self._marks.extend(_mark(event) for event in newest if event.position <= self._head)

    def doubt(self) -> None:
        """Take nothing on trust until we looked: the connection of the log is a new one, perhaps to an older log."""
        self._doubts += 1
        self._look.set()

    def committed(self, events: Sequence[AlertEvent]) -> None:
        """Take in events that this process just committed; those that do not follow what is known are read again."""
        if events and self._settled == self._doubts and events[0].position == self._head + 1:
            self._take(events)
        elif events:
            self._look.set()

    async def follow(self) -> None:
        """Take in the events of other replicas, for ever."""
        async with self._bus.subscribe(TOPIC) as wakes:
            listening = asyncio.create_task(self._listen(wakes), name="alert wake-ups")
            try:
                while True:
                    try:
                        async with asyncio.timeout(LOOK_EVERY):
                            await self._look.wait()
                    except TimeoutError:
                        pass
                    self._look.clear()
                    await self._catch_up()
            finally:
                listening.cancel()

    async def _listen(self, wakes: AsyncIterator[bytes]) -> None:
        async for payload in wakes:
            if not payload or int(payload) > self._head:
                self._look.set()

    async def _catch_up(self) -> None:
        try:
            doubts = self._doubts
            self._oldest, _ = await self._alerts.bounds()
            while True:
                # Before we read: what is committed here meanwhile is not in what we read.
                known, mark, forgotten = self._head, self._marks[-1] if self._marks else None, self._forgotten
                events = await self._alerts.events(max(0, known - 1), PAGE + 1)
                if mark is not None and known > self._oldest and (not events or _mark(events[0]) != mark):
                    await self._turn_back()
                    continue
                if self._forgotten != forgotten:
                    continue  # who was erased meanwhile is in what we read
                self._take([event for event in events if event.position > self._head])
                if len(events) <= PAGE:
                    self._settled = doubts
                    return
        except Refusal:
            BEHIND.inc(0)  # the database is away: the next look is a second from now

    async def _turn_back(self) -> None:
        """Go back to where the log and our memory part. What is after that place is told again, as it is now."""
        _, head = await self._alerts.bounds()
        ours, place = set(self._marks), min(head, self._head)
        first = self._marks[0][0] if self._marks else place
        while True:
            page = await self._alerts.events(max(0, place - PAGE), PAGE)
            shared = [event.position for event in page if _mark(event) in ours]
            place = max(shared, default=max(0, place - PAGE))
            if shared or place <= first:
                break
        self._head = self._back_to = place
        while self._marks and self._marks[-1][0] > place:
            self._marks.pop()
        self._events.clear()
        self._turned_back += 1

    def _take(self, events: Sequence[AlertEvent]) -> None:
        if not events:
            return
        self._events.extend(events)
        self._marks.extend(map(_mark, events))
        self._head = events[-1].position
        for listener in self._listeners:
            for event in events:
                listener(event)
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for one in waiting:
            if not one.done():
                one.set_result(True)

    def forget(self) -> None:
        """Drop what is kept in memory: a player in it was erased. Subscribers read from the database."""
        self._events.clear()
        self._forgotten += 1

    def end(self) -> None:
        """Ask every stream to end with its cursor."""
        self._ending = True
        self._wake()

    async def from_cursor(self, cursor: str) -> Cursor:
        """Return where to begin: empty for the head, `0` for all that is kept.

        A cursor of an event that the log has lost leads to before everything that the log may hold in its place.

        Raises OutOfRange for one that is older than what is kept, or that is not of this log.
        """
        oldest, head = await self._alerts.bounds()
        wanted = Cursor(head) if not cursor else Cursor(oldest) if cursor == "0" else parse(cursor)
        if wanted is None or (wanted.occurred_at is None and wanted.position > head):
            raise OutOfRange(
                "cursor_unknown",
                "The cursor is not of this log. Start from `oldest_cursor`, or from now on with none.",
                metadata={"oldest_cursor": str(oldest)},
            )
        if wanted.position < oldest:
            raise OutOfRange(
                "cursor_too_old",
                f"Events up to {oldest} are not kept any more. Start from `oldest_cursor`.",
                metadata={"oldest_cursor": str(oldest)},
            )
        if wanted.position == oldest:
            return Cursor(oldest)  # what was there is not kept
        there = await self._alerts.occurred_at(wanted.position)
        if wanted.occurred_at in (None, there):
            return Cursor(wanted.position, there)
        first = await self._alerts.first_since(wanted.occurred_at - REPLAYED)
        return Cursor(max(oldest, min(wanted.position, head if first is None else first - 1)))

    async def after(
        self, position: int, heartbeat: float, seconds: float | None = None
    ) -> AsyncIterator[Sequence[AlertEvent]]:
        """Yield runs of events after a position, in order; an empty run after `heartbeat` seconds of silence.

        Ends when streams are asked to end, or after `seconds`.
        """
        clock = asyncio.get_running_loop().time
        end = float("inf") if seconds is None else clock() + max(seconds, 0.0)
        turned_back = self._turned_back
        self.subscribers += 1
        SUBSCRIBERS.inc()
        try:
            while not self._ending and (now := clock()) < end:
                events = await self._next(position, min(heartbeat, end - now))
                if turned_back != self._turned_back:
                    turned_back, position = self._turned_back, min(position, self._back_to)
                    continue
                if events is None:
                    continue
                if events:
                    position = events[-1].position
                elif self._ending:
                    return
                yield events
        finally:
            self.subscribers -= 1
            SUBSCRIBERS.dec()

    async def _next(self, position: int, heartbeat: float) -> Sequence[AlertEvent] | None:
        """Return what follows a position, nothing after `heartbeat` seconds; None where what came is known there."""
        if position >= self._head and not await self._woken(heartbeat):
            return ()
        if position >= self._head:
            return None  # the log was read further for its cursor than it was followed
        behind, kept = self._head - position, len(self._events)
        if behind > kept:
            BEHIND.inc()
            return await self._alerts.events(position, CATCH_UP)
        # By index, not by skipping: a subscriber at the head must not walk over everything that is kept.
        return [self._events[place] for place in range(kept - behind, kept - behind + min(behind, PAGE))]

    async def _woken(self, seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[bool] = loop.create_future()
        self._waiting.add(waiting)
        timer = loop.call_later(seconds, _time_out, waiting)
        try:
            return await waiting
        finally:
            timer.cancel()
            self._waiting.discard(waiting)


def _mark(event: AlertEvent) -> _Mark:
    return (event.position, event.alert.alert_id, event.kind, event.occurred_at)


def _time_out(waiting: "asyncio.Future[bool]") -> None:
    if not waiting.done():
        waiting.set_result(False)
