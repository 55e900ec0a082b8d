"""Monitoring's part of a player's export and erasure."""

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
        """Take the player out of everything; return what was stripped by kind, and the safety alerts that stay."""


class ErasureAudit(Protocol):
    """The audit log."""

    async def acted(self, actor: str, action: str, details: dict[str, object], subject: str | None = None) -> None:
        """Keep an act."""


class SubjectRights:
    """Forgets and collects."""

    def __init__(
        self,
        rows: SubjectRows,
        log: AlertLog,
        audit: ErasureAudit,
        pseudonyms: Callable[[str], Sequence[bytes]],
        forgotten: Callable[[Sequence[bytes]], Awaitable[None]],
    ) -> None:
        """Look in `rows`; `forgotten` drops what memory holds, here and in other replicas."""
        self._rows = rows
        self._log = log
        self._audit = audit
        self._pseudonyms = pseudonyms
        self._forgotten = forgotten

    async def forget(self, user_id: str, erasure_id: str, actor: str) -> tuple[dict[str, int], int]:
        """Forget a player; return what was stripped, and the unresolved safety alerts that stay until resolved."""
        subjects = self._pseudonyms(user_id)
        for alert in await self._rows.alerts(subjects):
            if alert.state is not AlertState.RESOLVED and alert.alert_type is not AlertType.SAFETY_CONCERN:
                await self._log.submit(Resolve(alert.alert_id, ERASURE))
        removed, kept = await self._rows.strip(subjects)
        await self._forgotten(subjects)
        details: dict[str, object] = {"erasure_id": erasure_id, "removed": removed, "kept": kept}
        await self._audit.acted(actor, "subject.forgotten", details)
        return removed, kept

    async def collect(self, user_id: str) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
        """Yield everything that is held of a player."""
        async for chunk in self._rows.records(self._pseudonyms(user_id)):
            yield chunk
