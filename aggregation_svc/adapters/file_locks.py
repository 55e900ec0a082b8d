"""Locks on a folder that processes share: they wait without a thread, and fall with the process that held them."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PAUSE = 0.05
"""Seconds between two tries."""


@asynccontextmanager
async def locked(path: Path, *, shared: bool = False) -> AsyncIterator[None]:
    """Hold the lock of the file at `path`, alone or `shared`; whoever is cancelled while waiting leaves nothing."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # No event: who lets go may be another process.
        while not _taken(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX):  # noqa: ASYNC110
            await asyncio.sleep(PAUSE)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
