"""The history of a player's consent."""

from collections.abc import Sequence

from aggregation_svc.domain.rights import HistoricConsent
from aggregation_svc.ports import Canonical
from aggregation_svc.rights_ports import RightsStore


class ListConsentHistory:
    """Read every decision of a player, newest first."""

    def __init__(self, store: RightsStore, canonical: Canonical) -> None:
        """Read from `store`."""
        self._store, self._canonical = store, canonical

    async def __call__(self, user_id: str, before: int | None, limit: int) -> Sequence[HistoricConsent]:
        """Return at most `limit` decisions below position `before`; none of an unknown player.

        Raises:
            InvalidArgument: the id cannot be mapped.
        """
        canonical = self._canonical(user_id)
        async with self._store.view() as rights:
            subject = (await rights.subjects([canonical])).get(canonical)
            return await rights.history(subject.subject_id, before, limit) if subject else ()
