"""What every process does around its work: an event loop, signals, a rare garbage collector, a loud warning."""

import asyncio
import contextlib
import ctypes
import gc
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from mesh.refusal import Refusal
from mesh.settings import SettingError, Settings

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_SET_PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

COLLECT_AFTER = (2_000, 20, 20)
"""Thresholds of the garbage collector: rarer than by default, because each collection holds every call up; yet what is
young is few at a time, since 20,000 new objects held the loop for up to 12 ms."""


def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run the process's main coroutine on uvloop.

    A wrong setting is one line and exit code 2; a refusal, such as a database that is away, one line and exit code 1.
    """
    try:
        with contextlib.suppress(KeyboardInterrupt):
            return _runner()(coroutine)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    except Refusal as refusal:
        sys.stderr.write(f"Error: {refusal}\n")
        raise SystemExit(1) from None
    raise SystemExit(130)


def told_to_stop() -> asyncio.Event:
    """Return what is set when SIGTERM or SIGINT arrives."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


def end_with_parent() -> None:
    """Have Linux tell this process to drain when its parent is killed; elsewhere it goes on alone.

    A process does this itself, once it runs: between fork and exec nothing may run that takes a lock of another thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def collect_rarely() -> None:
    """Keep the garbage collector from holding the loop; call it once a process serves.

    What lives as long as the process need not be walked through again: a full collection held the loop for 100 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def warn_if_open(settings: Settings) -> None:
    """Say loudly where authentication is off."""
    if settings.auth == "on":
        return
    address = settings.address()
    _LOG.warning("authentication_off", extra={"address": address})
    sys.stderr.write(
        f"WARNING: TTA_AUTH=off. Whoever reaches {address} may read and write without a token. "
        "Use this on a trusted network only.\n"
    )


def _runner() -> Callable[[Coroutine[Any, Any, _T]], _T]:
    if sys.platform == "win32":
        return asyncio.run
    import uvloop

    return uvloop.run
