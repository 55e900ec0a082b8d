"""An orderly end for open streams: readers are told to come back, instead of losing the connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mesh.refusal import Unavailable


def stopping() -> Unavailable:
    """Return the refusal of a stream that comes too late."""
    return Unavailable("stopping", "This gateway is stopping. Connect again.", retry_after=1.0)


class Drain:
    """Knows the open streams, and ends them when the gateway stops."""

    def __init__(self) -> None:
        self.begun = False
        """Whether the gateway is stopping: a stream that is cancelled now was not cancelled by its reader."""
        self._open: set[Any] = set()

    @contextmanager
    def hold(self, stream: Any) -> Iterator[None]:
        """Keep a stream for as long as the block runs, and cancel it at its end.

        Raises:
            Unavailable: The gateway is stopping.
        """
        if self.begun:
            stream.cancel()
            raise stopping()
        self._open.add(stream)
        try:
            yield
        finally:
            stream.cancel()
            self._open.discard(stream)

    def begin(self) -> None:
        """End every open stream."""
        self.begun = True
        for stream in tuple(self._open):
            stream.cancel()
