"""One run of the check: the deployment, the names that mark what is written, and what has to go again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tta_analytics.verify.checks import Failed, Skipped, Unsure
from tta_analytics.verify.deployment import Deployment

METRIC = "tta_verify"
"""The metric whose alerts the streams must carry."""
LABEL = "tta_verify_run"
"""The label that every metric and system alert of a run bears; silenced for the length of the check."""
SLOTS = 16
"""Values that the label may have. Series are never removed and a caller may have only so many, so runs share them."""
AGAIN_SECONDS = 20.0
"""After so long a value is sent again that is not shown. A replica that can't reach the owner of a series within two
seconds judges the value and does not keep it; one that can has it shown by every replica ten seconds later."""
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
    unsettled: dict[str, Callable[[], Awaitable[object]]] = field(default_factory=dict)
    """Writes that nobody has answered -> what learns what came of them, and lists it here."""
    players: list[str] = field(default_factory=list)
    """Players of whom something may be stored."""
    slot: str = field(init=False)
    """What the label says in this run; of two runs at once each silences one of its own."""
    silenced: bool = False
    """Whether nobody is told of the run's alerts."""
    acknowledged: int = 0
    """Alerts of the run that were acknowledged."""
    _asked: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Take the slot that the run's id leads to."""
        self.slot = str(int(self.run_id, 16) % SLOTS)

    @property
    def mark(self) -> str:
        """The name of what is written: of rules, contacts, reports, and of the players."""
        return f"tta-verify-{self.run_id}"

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
        return await self.ask(path, body, lambda made: self.written.append(f"{path}/{made[key]}"))

    async def ask(self, path: str, body: Any, keep: Callable[[Any], object]) -> Any:
        """POST what makes something; `keep` lists what of the answer has to go again.

        It bears a request id: where no answer comes, it is asked again in the end, which makes nothing twice.
        """
        self._asked += 1
        named = {**body, "request_id": f"{self.mark}-{self._asked}"}

        async def answered() -> Any:
            answer = await self.at.call("POST", path, named)
            keep(answer)
            return answer

        return await self.settle(f"POST {path} ({self._asked})", answered, answered)

    async def settle(self, what: str, write: Callable[[], Awaitable[T]], learn: Callable[[], Awaitable[object]]) -> T:
        """Make a write; where it is not answered, `learn` lists in the end what came of it."""
        self.unsettled[what] = learn
        try:
            answer = await write()
        except (Failed, Skipped) as said:
            if not isinstance(said, Unsure):
                del self.unsettled[what]
            raise
        del self.unsettled[what]
        return answer

    async def take_away(self, path: str) -> None:
        """Delete what was made, which is then known no more."""
        await self.at.call("DELETE", path)
        if path in self.written:
            self.written.remove(path)


def must(holds: object, otherwise: str) -> None:
    """Raise Failed with what was found instead."""
    if not holds:
        raise Failed(otherwise[:300])


async def shown(send: Callable[[], Awaitable[object]], ask: Callable[[], Awaitable[T | None]]) -> T:
    """Send values of a metric, and again where they were lost; return what `ask` returns once there is something."""
    clock = asyncio.get_running_loop().time
    again = clock()
    while True:
        if clock() >= again:
            await send()
            again = clock() + AGAIN_SECONDS
        if (found := await ask()) is not None:
            return found
        await asyncio.sleep(_WAIT)


async def until(ask: Callable[[], Awaitable[T | None]]) -> T:
    """Return what `ask` returns once there is something; the check's own time limit ends the waiting."""
    while True:
        if (found := await ask()) is not None:
            return found
        await asyncio.sleep(_WAIT)
