"""A stream may begin at a position that its process has not followed the log to."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from mesh.local_bus import LocalBus
from monitoring_svc.adapters.event_stream import EventStream
from monitoring_svc.domain.alert import AlertEvent, EventKind
from monitoring_svc.ports import Alerts


def event(position: int) -> AlertEvent:
    alert = SimpleNamespace(alert_id=f"a{position}")
    at = datetime(2026, 11, 2, 12, position, tzinfo=UTC)
    return cast(AlertEvent, SimpleNamespace(position=position, alert=alert, kind=EventKind.OPENED, occurred_at=at))


async def test_an_event_that_the_subscriber_is_past_is_no_silence() -> None:
    stream = EventStream(cast(Alerts, None), LocalBus())
    runs = stream.after(1, 60)
    first = asyncio.ensure_future(anext(runs))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    stream.committed([event(1)])
    for _ in range(5):
        await asyncio.sleep(0)
    assert not first.done()
    stream.committed([event(2)])
    assert [one.position for one in await first] == [2]


class Erasing:
    """A log that somebody is erased from after its first page was read."""

    def __init__(self) -> None:
        self.stream: EventStream | None = None
        self.pages = [[event(1), event(2)], [event(1)]]
        self.read = asyncio.Event()

    async def bounds(self) -> tuple[int, int]:
        return 0, 2

    async def events(self, after: int, most: int) -> list[AlertEvent]:
        page = self.pages.pop(0)
        if self.pages and self.stream is not None:
            self.stream.forget()
        else:
            self.read.set()
        return page


async def test_what_was_read_before_an_erasure_is_read_again_and_told_to_nobody() -> None:
    log = Erasing()
    stream = log.stream = EventStream(cast(Alerts, log), LocalBus())
    heard: list[int] = []
    stream.listen(lambda one: heard.append(one.position))
    stream.doubt()
    following = asyncio.create_task(stream.follow())
    async with asyncio.timeout(60):
        await log.read.wait()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert heard == [1]
