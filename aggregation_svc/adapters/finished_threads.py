"""Work in a thread that whoever is cancelled waits for: what it uses must not be closed or given back under it."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


async def finished(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Return what `function` answers, run in a thread.

    Raises:
        CancelledError: this was cancelled; the thread has come to its end.
    """
    # No task: a loop that ends cancels all of those, and would take the thread for ended.
    work = asyncio.get_running_loop().run_in_executor(None, partial(function, *args, **kwargs))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await _ended(work)
        raise


async def _ended(work: asyncio.Future[_T]) -> None:
    """Wait, however often this is cancelled meanwhile."""
    while not work.done():
        try:
            await asyncio.wait({work})
        except asyncio.CancelledError:
            continue
    # Whoever was cancelled hears of that, and of nothing else.
    work.exception()
