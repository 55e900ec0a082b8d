"""What the passing of time asks for. Every timer is a row: it survives restarts, and any replica may act on it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from mesh.refusal import Refusal
from monitoring_svc.domain.commands import Escalate, ResolveCleared
from monitoring_svc.ports import AlertLog, Failures

ESCALATIONS_EVERY = 0.5
"""Seconds between looks for escalations."""
CLEARED_EVERY = 5.0
"""Seconds between looks for alerts that may resolve by themselves."""


class Due(Protocol):
    """Candidates; the log decides again under its lock."""

    async def escalations(self) -> Sequence[str]:
        """Return alerts whose escalation timer is due."""

    async def cleared(self) -> Sequence[str]:
        """Return alerts that may resolve by themselves."""


class Clockwork:
    """Escalates and resolves when it is time."""

    def __init__(self, due: Due, log: AlertLog, failures: Failures) -> None:
        """Ask `due`, act through `log`."""
        self._due = due
        self._log = log
        self._failures = failures

    async def escalate(self) -> None:
        """Escalate what is due now."""
        if ids := await self._due.escalations():
            await self._log.submit(Escalate(tuple(ids)))

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
