"""A value that many ask for and few wait for."""

import asyncio

import pytest

from aggregation_svc.adapters.refreshed import Refreshed


class Source:
    """Counts its readings; each waits until it is let go."""

    def __init__(self) -> None:
        self.readings, self.now = 0, 0.0
        self.open = asyncio.Event()
        self.open.set()

    def clock(self) -> float:
        return self.now

    async def read(self) -> int:
        self.readings += 1
        mine = self.readings
        await self.open.wait()
        return mine


async def test_all_who_ask_at_once_share_one_reading():
    source = Source()
    value = Refreshed(source.read, 60, source.clock)
    assert await asyncio.gather(*(value.get() for _ in range(20))) == [1] * 20
    assert await value.get() == 1


async def test_who_asks_while_it_is_read_again_gets_the_last_one():
    source = Source()
    value = Refreshed(source.read, 60, source.clock)
    await value.get()
    source.open.clear()
    source.now += 90
    assert await asyncio.gather(*(value.get() for _ in range(5))) == [1] * 5
    source.open.set()
    for _ in range(3):
        await asyncio.sleep(0)
    assert (await value.get(), source.readings) == (2, 2)


async def test_what_is_too_old_is_waited_for():
    source = Source()
    value = Refreshed(source.read, 60, source.clock)
    await value.get()
    source.now += 121
    assert await value.get() == 2


async def test_what_was_being_read_when_it_was_forgotten_is_not_kept():
    source = Source()
    value = Refreshed(source.read, 60, source.clock)
    source.open.clear()
    early = asyncio.create_task(value.get())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    value.forget()
    source.open.set()
    assert await value.get() == 2
    assert await early == 1
    assert await value.get() == 2


async def test_a_reading_that_fails_tells_those_who_wait_and_the_next_one_reads_anew():
    answers = iter([OSError("away"), 7])

    async def read() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    value = Refreshed(read, 60)
    with pytest.raises(OSError, match="away"):
        await value.get()
    assert await value.get() == 7
