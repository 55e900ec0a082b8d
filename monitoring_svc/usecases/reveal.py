"""Tells a person who must reach a player who the player is; written to the audit log first."""

from typing import Protocol

from mesh.refusal import FailedPrecondition, PermissionDenied
from monitoring_svc.domain.commands import NoteReveal
from monitoring_svc.ports import AlertLog, Alerts, RequestKey


class Unsealer(Protocol):
    """Opens seals."""

    def open(self, sealed: bytes, bound_to: str) -> str:
        """Return the text; raises FailedPrecondition."""


class RevealAudit(Protocol):
    """The audit log."""

    async def revealed(
        self, actor: str, alert_id: str, subject: str, purpose: str, request: RequestKey | None
    ) -> tuple[int, bool]:
        """Keep, durably, that a player is about to be revealed.

        Return the entry's position, and whether it was there already because this is a repeat of `request`.
        """


class Reveal:
    """Reveals the player of an alert."""

    def __init__(self, alerts: Alerts, log: AlertLog, unsealer: Unsealer, audit: RevealAudit) -> None:
        """Read `alerts`, note in `log`, write to `audit`."""
        self._alerts = alerts
        self._log = log
        self._unsealer = unsealer
        self._audit = audit

    async def reveal(
        self, alert_id: str, purpose: str, actor: str, *, mfa_verified: bool | None, request: RequestKey | None = None
    ) -> tuple[str, int]:
        """Return the player's id and the audit entry's position. A repeat of `request` is the same entry.

        Raises PermissionDenied where the token says that there was no second factor, NotFound, and
        FailedPrecondition where the alert has no player or the seal is gone.
        """
        if mfa_verified is False:
            raise PermissionDenied("mfa_required", "Sign in with a second factor to see who the player is.")
        alert = await self._alerts.get(alert_id)
        sealed = await self._alerts.seal(alert_id)
        if alert.subject is None or sealed is None:
            raise FailedPrecondition("no_subject", "The alert has no player, or the player's id was erased.")
        user_id = self._unsealer.open(sealed, alert_id)
        position, again = await self._audit.revealed(actor, alert_id, alert.subject.hex(), purpose, request)
        if not again:
            await self._log.submit(NoteReveal(alert_id, actor))
        return user_id, position
