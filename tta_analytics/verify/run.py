"""One run of the check: the deployment, the names that mark what is written, and what has to go again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tta_analytics.verify.checks import Failed, Skipped
from tta_analytics.verify.deployment import Deployment

METRIC = "tta_verify"
"""The metric whose alerts the streams must carry."""
LABEL = "tta_verify_run"
"""The label that every metric and system alert of a run bears; silenced for the length of the check."""
SLOTS = 16
"""Values that the label may have. Series are never removed and a caller may have only so many, so runs share them."""
NOTE = "tta-analytics verify"
"""What a person reads who wonders where something comes from."""

T = TypeVar("T")

_WAIT = 0.2


@dataclass
class Run:
    """What the checks of one run share. Everything that they write bears `mark`."""

    at: Deployment
    run_id: str
    """Hexadecimal and new for each run."""
    written: list[str] = field(default_factory=list)
    """Paths that DELETE takes away what was written; the last first."""
    alert_ids: list[str] = field(default_factory=list)
    """Alerts that are not resolved yet."""
    players: list[str] = field(default_factory=list)
    """Players of whom something may be stored."""
    silenced: bool = False
    """Whether nobody is told of the run's alerts."""
    acknowledged: int = 0
    """Alerts of the run that were acknowledged."""

    @property
    def mark(self) -> str:
        """The name of what is written: of rules, contacts, reports, and of the players."""
        return f"tta-verify-{self.run_id}"

    @property
    def slot(self) -> str:
        """What the label says in this run; two runs at once rarely have the same."""
        return str(int(self.run_id, 16) % SLOTS)

    @property
    def labels(self) -> dict[str, str]:
        """Labels of the run's metrics and system alerts."""
        return {LABEL: self.slot}

    async def tell(self, player: str, method: str, path: str, body: Any) -> Any:
        """Make a call that stores something of one of the run's players, who is erased at the end.

        Raises:
            Skipped: the token may not make the call, or may not erase: what can't go again is not written.
        """
        if player in self.players:
            return await self.at.call(method, path, body)
        await self.at.refused("GET", f"/api/v1/privacy/erasures/{self.mark}", None, "erasure_not_found")
        self.players.append(player)
        try:
            return await self.at.call(method, path, body)
        except Skipped:
            self.players.remove(player)
            raise

    async def make(self, path: str, body: Any, key: str) -> Any:
        """Create something at a list's path, keep that it has to go, and return it; `key` names its id."""
        made = await self.at.call("POST", path, body)
        self.written.append(f"{path}/{made[key]}")
        return made

    async def take_away(self, path: str) -> None:
        """Delete what was made, which is then known no more."""
        await self.at.call("DELETE", path)
        if path in self.written:
            self.written.remove(path)


def must(holds: object, otherwise: str) -> None:
    """Raise Failed with what was found instead."""
    if not holds:
        raise Failed(otherwise[:300])


async def until(ask: Callable[[], Awaitable[T | None]]) -> T:
    """Return what `ask` returns once there is something; the check's own time limit ends the waiting."""
    while True:
        if (found := await ask()) is not None:
            return found
        await asyncio.sleep(_WAIT)
