import asyncio

import pytest

from mesh.supervision import supervised


async def test_work_that_fails_is_run_again() -> None:
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise RuntimeError("once")

    async with asyncio.timeout(60):
        await supervised("work", work)
    assert runs == 2


async def test_work_that_fails_while_it_is_cancelled_ends() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        try:
            begun.set()
            await asyncio.sleep(3600)
        finally:
            raise RuntimeError("nothing to give back to")

    task = asyncio.create_task(supervised("work", work))
    await begun.wait()
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=60)
    assert done
    with pytest.raises(asyncio.CancelledError):
        task.result()
