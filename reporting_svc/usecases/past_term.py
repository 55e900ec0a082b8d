"""Rounds of what removes what is past its term."""

import asyncio
from collections.abc import Awaitable, Callable

EVERY = 600.0
"""Seconds between looks."""


async def looked_for(once: Callable[[], Awaitable[int]]) -> None:
    """Look for ever, with a pause between."""
    while True:
        await once()
        await asyncio.sleep(EVERY)
