"""What the passing of time asks for. Every timer is a row: it survives restarts, and any replica may act on it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from mesh.refusal import Refusal
from monitoring_svc.domain.commands import Escalate, ResolveCleared
from monitoring_svc.ports import AlertLog, Failures

ESCALATIONS_EVERY = 0.5
"""Seconds between looks for escalations."""
MESSAGES_AT_ONCE = 2000
"""Messages to subscribers that one group of escalations may make: some 50 ms of work, measured on two cores."""
FEWEST_AT_ONCE = 2
BETWEEN_SECONDS = 0.1
"""Pause between groups."""
CLEARED_EVERY = 5.0
"""Seconds between looks for alerts that may resolve by themselves."""


class Due(Protocol):
    """Candidates; the log decides again under its lock."""

    async def escalations(self, most: int) -> Sequence[str]:
        """Return alerts whose escalation timer is due, the longest due first, at most so many."""

    async def cleared(self) -> Sequence[str]:
        """Return alerts that may resolve by themselves."""


class Clockwork:
    """Escalates and resolves when it is time."""

    def __init__(self, due: Due, log: AlertLog, failures: Failures, subscribers: Callable[[], int]) -> None:
        """Ask `due`, act through `log`; `subscribers` says how many streams every event goes to."""
        self._subscribers = subscribers
        self._due = due
        self._log = log
        self._failures = failures

    async def escalate(self) -> None:
        """Escalate what is due now, a few at a time: new alerts must not wait behind hundreds of old ones.

        Each by a command of its own, so that one that cannot be written leaves the others alone.
        """
        while True:
            most = max(FEWEST_AT_ONCE, MESSAGES_AT_ONCE // max(1, self._subscribers()))
            ids = await self._due.escalations(most)
            commands = (self._log.submit(Escalate((one,))) for one in ids)
            for told in await asyncio.gather(*commands, return_exceptions=True):
                if isinstance(told, BaseException):
                    raise told
            if len(ids) < most:
                return
            await asyncio.sleep(BETWEEN_SECONDS)

    async def resolve(self) -> None:
        """Resolve what has been clear for long enough."""
        if ids := await self._due.cleared():
            await self._log.submit(ResolveCleared(tuple(ids)))

    async def run_escalations(self) -> None:
        """Escalate for ever."""
        await every(ESCALATIONS_EVERY, "escalation", self.escalate, self._failures)

    async def run_resolutions(self) -> None:
        """Resolve for ever."""
        await every(CLEARED_EVERY, "automatic_resolution", self.resolve, self._failures)


async def every(seconds: float, what: str, act: Callable[[], Awaitable[None]], failures: Failures) -> None:
    """Act for ever, `seconds` apart; a refusal (the database is away) is told and the next turn comes."""
    while True:
        try:
            await act()
        except Refusal as error:
            failures.failed(what, error)
        await asyncio.sleep(seconds)
