"""Background work of a process: runs until the process stops, and again when it fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from mesh.telemetry import counter, gauge, histogram

_LOG = logging.getLogger(__name__)
_SHORTEST, _LONGEST = 0.5, 30.0

FAILURES = counter("background_failures", "Background tasks that failed and were started again", ["task"])
TASKS = gauge("event_loop_tasks", "Tasks of the event loop")
LOOP_LAG = histogram("event_loop_lag_seconds", "How late the event loop came back to a timer")


async def supervised(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` until it returns; when it fails, log it and run it again after 0.5 to 30 seconds.

    Work that fails while it is cancelled, for one because the database is gone that it gives something back to, is not
    run again: who stops the process waits for it.
    """
    pause = _SHORTEST
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    TASKS.set_function(lambda: len(asyncio.all_tasks(loop)))
    while True:
        began = loop.time()
        try:
            await work()
        except Exception as error:  # whatever it was, the work must go on
            FAILURES.labels(name).inc()
            _LOG.error("background_failed", exc_info=error, extra={"task": name})
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from error
            pause = _SHORTEST if loop.time() - began > _LONGEST else min(2 * pause, _LONGEST)
            await asyncio.sleep(pause)
        else:
            return


async def watch_loop(period: float = 0.05) -> None:
    """Measure for ever how long the event loop is held by anything, in seconds beyond `period`."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        await asyncio.sleep(period)
        LOOP_LAG.observe(max(0.0, loop.time() - began - period))
