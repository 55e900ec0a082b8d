"""A log that went back has other events where a subscriber was: whoever was away is told of all of them."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from mesh.local_bus import LocalBus
from mesh.refusal import OutOfRange
from monitoring_svc.adapters.event_stream import EventStream
from monitoring_svc.domain.cursor import Cursor
from monitoring_svc.ports import Alerts

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


class Log:
    """The log by the minutes at which its events happened."""

    def __init__(self, *minutes: float, oldest: int = 0) -> None:
        self.moments = dict(enumerate(map(at, minutes), start=1))
        self.oldest = oldest

    async def bounds(self) -> tuple[int, int]:
        return self.oldest, max(self.moments, default=0)

    async def occurred_at(self, position: int) -> datetime | None:
        return self.moments.get(position) if position > self.oldest else None

    async def first_since(self, moment: datetime) -> int | None:
        return min(
            (place for place, one in self.moments.items() if place > self.oldest and one >= moment), default=None
        )


async def begins(log: Log, cursor: str) -> int:
    """Return after which position a stream with a cursor begins."""
    return (await EventStream(cast(Alerts, log), LocalBus()).from_cursor(cursor)).position


async def cursor_of(log: Log, position: int) -> str:
    return str(Cursor(position, await log.occurred_at(position)))


async def test_where_the_log_holds_the_event_of_the_cursor_the_stream_goes_on_after_it() -> None:
    log = Log(0, 1, 2)
    assert await begins(log, await cursor_of(log, 2)) == 2


@pytest.mark.parametrize("later", [(10,), (10, 11, 12), (10, 11, 12, 13, 14)], ids=["short of", "at", "past"])
async def test_what_was_written_where_a_lost_event_had_been_is_told(later: tuple[float, ...]) -> None:
    lost = await cursor_of(Log(-300, -299, 1, 2, 3), 5)
    assert await begins(Log(-300, -299, *later), lost) == 2


async def test_clocks_of_two_servers_may_differ() -> None:
    lost = await cursor_of(Log(-300, 0, 1, 2), 4)
    assert await begins(Log(-300, -50, -49, -48, -47), lost) == 1


async def test_a_log_that_lost_events_and_has_no_new_ones_tells_nothing_again() -> None:
    lost = await cursor_of(Log(-300, -299, 1, 2, 3), 5)
    assert await begins(Log(-300, -299), lost) == 2


async def test_what_is_not_kept_is_not_told_again() -> None:
    lost = await cursor_of(Log(-300, -299, 1, 2, 3), 5)
    assert await begins(Log(-300, -299, 10, 11, 12, oldest=3), lost) == 3


async def test_a_position_alone_goes_on_after_it_and_one_past_the_end_is_not_of_this_log() -> None:
    assert await begins(Log(0, 1, 2), "2") == 2
    with pytest.raises(OutOfRange, match="not of this log"):
        await begins(Log(0, 1, 2), "4")


@pytest.mark.parametrize("cursor", ["²", "٣", "-1", "1.", "later"])
async def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(OutOfRange, match="not of this log"):
        await begins(Log(0, 1, 2), cursor)
