"""Work on a large message goes on when the event loop has nothing else to do."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import count

from aggregation_svc.usecases.turns import IDLE_SECONDS, PATIENCE_SECONDS, Turns


def passes(*seconds: float) -> tuple[Callable[[], float], Callable[[], int]]:
    """A clock of which each pass of the loop takes so many seconds, and what says how many passes there were."""
    moments: list[float] = [0.0]

    def times() -> Iterable[float]:
        yield 0.0
        for one in seconds:
            moments.append(moments[-1] + one)
            yield moments[-1]

    going = iter(times())
    return lambda: next(going), lambda: len(moments) - 1


async def test_an_idle_loop_is_left_to_the_work_at_once() -> None:
    clock, counted = passes(IDLE_SECONDS / 4)
    await Turns(1, clock).next()
    assert counted() == 1


async def test_the_work_waits_while_other_calls_are_served() -> None:
    clock, counted = passes(5 * IDLE_SECONDS, 2 * IDLE_SECONDS, IDLE_SECONDS / 4, IDLE_SECONDS / 4)
    await Turns(1, clock).next()
    assert counted() == 3


async def test_a_loop_that_is_never_idle_still_gives_the_work_its_share() -> None:
    clock, counted = passes(*[PATIENCE_SECONDS / 4] * 50)
    await Turns(1, clock).next()
    assert counted() == 5


async def test_works_that_wait_are_no_work_to_each_other_and_take_turns() -> None:
    moments = count()
    turns, order = Turns(1, lambda: next(moments) * IDLE_SECONDS / 2), list[str]()

    async def work(name: str) -> None:
        for _ in range(3):
            await turns.next()
            order.append(name)

    await asyncio.gather(*map(work, "abc"))
    assert order == list("abcabcabc")
    assert next(moments) == 2 * 9
