"""Small tasks that nobody waits for."""

import asyncio
from collections.abc import Awaitable
from typing import Any


class Errands:
    """Keeps hold of tasks until they are done: the event loop alone would let them be collected."""

    def __init__(self) -> None:
        """Begin with none."""
        self._under_way: set[asyncio.Future[Any]] = set()

    def run(self, errand: Awaitable[Any]) -> None:
        """Begin one."""
        task = asyncio.ensure_future(errand)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
