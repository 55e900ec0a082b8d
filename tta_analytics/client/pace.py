"""How fast to send: slower when a service says that it has enough, faster again when it takes everything."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import grpc

from mesh.refusal import Aborted, Refusal, ResourceExhausted, Unavailable
from tta_analytics.client.refusals import refusal_of

FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 30.0
FIRST_GAP_SECONDS = 0.05
LONGEST_GAP_SECONDS = 5.0
RECOVERY = 0.5
"""What is left of the gap between two calls after each call that was taken."""

_R = TypeVar("_R")


class Pace:
    """Repeats a call that is refused for now, for at most `patience` seconds, and spaces the calls after it.

    A refusal for lack of room doubles the gap between two calls, each call that is taken halves it; a retry hint of the
    service is kept to. What does not pass by itself is raised at once.
    """

    def __init__(
        self,
        *,
        patience: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Wait with `sleep`, tell time with `clock` (seconds), spread waits with `chance` (0 to 1)."""
        self.gap = 0.0
        """Seconds between two calls at present."""
        self._patience, self._clock, self._sleep, self._chance = patience, clock, sleep, chance

    async def call(self, once: Callable[[], Awaitable[_R]]) -> _R:
        """Return the answer of `once`, which is called anew after each passing refusal.

        Raises:
            Refusal: What does not pass, or has not passed within the patience.
        """
        began, wait = self._clock(), FIRST_WAIT_SECONDS
        if self.gap:
            await self._sleep(self.gap)
        while True:
            try:
                answer = await once()
            except grpc.RpcError as error:
                refusal = refusal_of(error)
                hint = self._hint(refusal, wait)
                if hint is None or self._clock() + hint - began > self._patience:
                    raise refusal from error
                await self._sleep(hint)
                wait = min(2 * wait, LONGEST_WAIT_SECONDS)
            else:
                self.gap = self.gap * RECOVERY if self.gap * RECOVERY > FIRST_GAP_SECONDS / 8 else 0.0
                return answer

    def _hint(self, refusal: Refusal, wait: float) -> float | None:
        """Return how long to wait before the next try; none where another try would be refused as well."""
        if isinstance(refusal, ResourceExhausted):
            if not lack_of_room(refusal):
                return None
            self.gap = min(max(2 * self.gap, FIRST_GAP_SECONDS), LONGEST_GAP_SECONDS)
        elif not (isinstance(refusal, Aborted | Unavailable) or refusal.reason == "deadline_exceeded"):
            return None
        spread = wait * (0.5 + 0.5 * self._chance())
        return spread if refusal.retry_after is None else max(refusal.retry_after, spread)


def lack_of_room(refusal: ResourceExhausted) -> bool:
    """Tell a service that has enough for now from a budget or a quota that is used up, or a message that is too large.

    The first comes with a retry hint, or from gRPC itself without a reason.
    """
    return refusal.retry_after is not None or (
        refusal.reason == "resource_exhausted" and "larger than max" not in refusal.message
    )
