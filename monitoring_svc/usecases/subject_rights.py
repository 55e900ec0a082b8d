"""Monitoring's part of a player's export and erasure."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Protocol

from monitoring_svc.domain.alert import Alert, AlertState
from monitoring_svc.domain.commands import Resolve
from monitoring_svc.domain.severity import AlertType
from monitoring_svc.ports import AlertLog

ERASURE = "erasure"
"""Who resolved what only concerned a player who is no longer known."""


class SubjectRows(Protocol):
    """Everything of a player."""

    async def alerts(self, subjects: Sequence[bytes]) -> Sequence[Alert]:
        """Return every alert of the player, oldest first."""

    def records(self, subjects: Sequence[bytes]) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
        """Yield (kind, records) in chunks."""

    async def strip(self, subjects: Sequence[bytes]) -> tuple[dict[str, int], int]:
        """Take the player out of all but alerts that are not resolved.

        Return what was stripped by kind, and how many safety concerns are not resolved.
        """


class StatisticsRows(Protocol):
    """The rolling statistics of players."""

    async def erase(self, subjects: Sequence[bytes]) -> int:
        """Remove a player's, so that no replica keeps them any more; return how many rows there were."""


class ErasureAudit(Protocol):
    """The audit log."""

    async def acted(self, actor: str, action: str, details: dict[str, object], subject: str | None = None) -> None:
        """Keep an act."""


class SubjectRights:
    """Forgets and collects."""

    def __init__(
        self,
        rows: SubjectRows,
        statistics: StatisticsRows,
        log: AlertLog,
        audit: ErasureAudit,
        pseudonyms: Callable[[str], Sequence[bytes]],
        forgotten: Callable[[Sequence[bytes]], Awaitable[None]],
    ) -> None:
        """Look in `rows`; `forgotten` drops what memory holds, here and in other replicas."""
        self._rows = rows
        self._statistics = statistics
        self._log = log
        self._audit = audit
        self._pseudonyms = pseudonyms
        self._forgotten = forgotten

    async def forget(self, user_id: str, erasure_id: str, actor: str) -> tuple[dict[str, int], int]:
        """Forget a player; return what was stripped, and the unresolved safety alerts that stay until resolved."""
        subjects = self._pseudonyms(user_id)
        removed: Counter[str] = Counter(signal_windows=await self._statistics.erase(subjects))
        while True:
            for alert in await self._rows.alerts(subjects):
                if not _stays(alert) and alert.state is not AlertState.RESOLVED:
                    await self._log.submit(Resolve(alert.alert_id, ERASURE))
            stripped, kept = await self._rows.strip(subjects)
            removed.update(stripped)
            if all(map(_stays, await self._rows.alerts(subjects))):
                break  # else another fired meanwhile
        await self._forgotten(subjects)
        details: dict[str, object] = {"erasure_id": erasure_id, "removed": dict(removed), "kept": kept}
        await self._audit.acted(actor, "subject.forgotten", details)
        return dict(removed), kept

    async def collect(self, user_id: str) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
        """Yield everything that is held of a player."""
        async for chunk in self._rows.records(self._pseudonyms(user_id)):
            yield chunk


def _stays(alert: Alert) -> bool:
    """Return whether an alert keeps its player until somebody resolves it."""
    return alert.state is not AlertState.RESOLVED and alert.alert_type is AlertType.SAFETY_CONCERN
