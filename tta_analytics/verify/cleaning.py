"""Taking back what a run wrote: each thing for itself, whatever fails with another, and whenever the run ends."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import httpx

from tta_analytics.verify import alerts, facts
from tta_analytics.verify.checks import CHECK_SECONDS, Failed, Missing, Skipped, Unsure
from tta_analytics.verify.run import Run

SILENCES = "/api/v1/silences/"
KEPT = "what else is named here must be resolved before it ends, half an hour after it began"
"""Why a silence stays."""

_THING_SECONDS = 20.0
_BROKEN = (httpx.NetworkError, httpx.RemoteProtocolError)
"""A connection that broke says nothing of the thing: it is tried once more."""


async def clean_up(run: Run) -> str:
    """Delete, resolve and erase all that is left of a run; raises Failed with what would not go.

    The silence ends last, and only where none of the run's alerts may be open: what opened in it pages when it ends.
    """
    taking = _Taking(run.at.patience)
    for what, learn in list(run.unsettled.items()):
        await taking.back(f"{what}, which nobody answered", partial(_settled, run, what, learn))
    for path in reversed([each for each in run.written if not each.startswith(SILENCES)]):
        await taking.back(path, partial(_deleted, run, path))
    for alert_id in list(run.alert_ids):
        await taking.back(f"alert {alert_id}", partial(alerts.resolved, run, alert_id))
    if run.players:
        await taking.back("players", partial(facts.erased, run), CHECK_SECONDS)
    for path in [each for each in run.written if each.startswith(SILENCES)]:
        if run.alert_ids or run.unsettled:
            taking.left.append(f"{path}: {KEPT}")
        else:
            await taking.back(path, partial(_deleted, run, path))
    if taking.left:
        raise Failed("; ".join(taking.left))
    return f"{taking.gone} things went" if taking.gone else "nothing was written"


class _Taking:
    """What went, and what would not."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self.gone = 0
        self.left: list[str] = []

    async def back(self, what: str, go: Callable[[], Awaitable[object]], seconds: float = _THING_SECONDS) -> None:
        try:
            async with asyncio.timeout(seconds * self._patience):
                try:
                    await go()
                except _BROKEN:
                    await go()
        except (Failed, Skipped) as reason:
            self.left.append(f"{what}: {reason}")
        except Exception as error:  # noqa: BLE001 whatever is wrong with one, the others must go
            self.left.append(f"{what}: {type(error).__name__} {error}".strip())
        else:
            self.gone += 1


async def _settled(run: Run, what: str, learn: Callable[[], Awaitable[object]]) -> None:
    """Learn what came of a write that was not answered; where it is refused now, nothing did."""
    try:
        await learn()
    except Unsure:
        raise
    except (Failed, Skipped):
        pass
    del run.unsettled[what]


async def _deleted(run: Run, path: str) -> None:
    with suppress(Missing):
        await run.at.call("DELETE", path)
    run.written.remove(path)
