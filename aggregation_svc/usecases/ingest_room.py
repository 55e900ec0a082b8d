"""Room for facts that wait to be stored, over all senders of this process and all kinds of facts.

Inline batches have a room of their own: what waits for an answer keeps no other facts out.

Beyond it messages are refused, with a hint when to come again: the sender waits, and not this process's memory.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from mesh.refusal import ResourceExhausted

FACTS = 100_000
"""Facts that wait at most, about 100 MB; a single larger message still passes an empty room."""

KINDS = ("sessions", "progress", "outcomes")
"""Kinds of facts whose messages wait to be stored."""

BATCHES = ("inline",)
"""What waits for its answer."""

RETRY_SECONDS = (0.5, 10.0)
"""Shortest and longest wait that a refused sender is told."""

FIRST_PACE = 4000.0
"""Facts a second that are taken to be stored before any were."""

MEMORY_SECONDS = 5.0
"""How long back the pace looks."""


class IngestRoom:
    """Counts what waits, and the pace at which it leaves."""

    def __init__(
        self, most: int = FACTS, clock: Callable[[], float] = time.monotonic, kinds: Sequence[str] = KINDS
    ) -> None:
        """Let `most` facts of all `kinds` wait; `clock` gives seconds."""
        self._most, self._clock = most, clock
        self.waiting = dict.fromkeys(kinds, 0)
        """Facts that arrived and are not stored yet, by kind."""
        self._pace, self._since = FIRST_PACE, 0.0

    @property
    def total(self) -> int:
        """Return how many facts wait."""
        return sum(self.waiting.values())

    def enter(self, kind: str, facts: int) -> None:
        """Count facts that wait from now on; enter before preparing them.

        Raises:
            ResourceExhausted: they do not fit, and nothing is counted; with the seconds after which about half of the
                room is free at the present pace.
        """
        total = self.total
        if total and total + facts > self._most:
            least, most = RETRY_SECONDS
            raise ResourceExhausted(
                "ingest_queue_full",
                "More facts wait to be stored than fit; send again after the time given.",
                retry_after=min(max(self._most / 2 / max(self._pace, 1.0), least), most),
            )
        if not total:
            self._since = self._clock()
        self.waiting[kind] += facts

    def leave(self, kind: str, facts: int) -> None:
        """Count them off: stored, refused or given up."""
        now = self._clock()
        busy, self._since = now - self._since, now
        # An exponential average over the time in which something waited.
        known = -math.expm1(-busy / MEMORY_SECONDS)
        self._pace += (facts / busy - self._pace) * known if busy else facts / MEMORY_SECONDS
        self.waiting[kind] -= facts

    @contextmanager
    def held(self, kind: str, facts: int) -> Iterator[None]:
        """Count facts while the block works on them; raises as `enter`."""
        self.enter(kind, facts)
        try:
            yield
        finally:
            self.leave(kind, facts)
