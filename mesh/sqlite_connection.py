"""A SQLite connection that ends in good order whoever is cancelled, and however often.

aiosqlite (0.22) queues a second stop for a thread that has already ended and waits for its answer for ever, so that the
end of the event loop hangs; and its thread dies with the transaction open when it answers a loop that is gone.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any

import aiosqlite
from aiosqlite.core import _STOP_RUNNING_SENTINEL, set_exception, set_result

_Work = SimpleQueue[tuple[asyncio.Future[Any] | None, Callable[[], Any]]]


class SqliteConnection(aiosqlite.Connection):
    """Stops once; its thread does not keep the process alive."""

    def __init__(self, file: str) -> None:
        """Prepare for `file`; await the connection to open it."""
        super().__init__(lambda: sqlite3.connect(file), 64)
        self._thread = Thread(target=_work, args=(self._tx,), name="sqlite", daemon=True)

    def stop(self) -> asyncio.Future[Any] | None:
        """Ask the thread to roll back, close and end; the second time there is nothing left to wait for.

        A connection that is closed with a cursor alive lives on in SQLite until the cursor is collected, and with it
        the lock of its transaction. Whoever was cancelled may hold such a cursor: hence the rollback first.
        """
        if not self._running:
            return None
        self._tx.put_nowait((None, self._roll_back))
        return super().stop()

    async def close(self) -> None:
        """Roll back what is open, close the file and end the thread."""
        if self._connection is not None and self._running:
            await self._execute(self._roll_back)  # type: ignore[no-untyped-call]
        await super().close()

    def _roll_back(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            self._connection.rollback()


async def connect(file: str) -> aiosqlite.Connection:
    """Open the file."""
    return await SqliteConnection(file)


def _work(work: _Work) -> None:
    """Do what is asked, in order, until asked to stop."""
    while True:
        future, function = work.get()
        try:
            answer = function()
        except BaseException as error:  # noqa: BLE001 whoever asked is told
            _tell(future, set_exception, error)
        else:
            _tell(future, set_result, answer)
            if answer is _STOP_RUNNING_SENTINEL:
                return


def _tell(future: asyncio.Future[Any] | None, tell: Callable[..., None], what: object) -> None:
    if future is None or future.get_loop().is_closed():
        return
    try:
        future.get_loop().call_soon_threadsafe(tell, future, what)
    except RuntimeError:
        # The loop was closed between the two lines: nobody waits any more.
        return
