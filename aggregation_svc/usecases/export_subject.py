"""Export: everything that all services hold about a player, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.rights import HERE, Records
from aggregation_svc.ports import Act, Actor, Canonical, Clock
from aggregation_svc.rights_ports import OtherService, RightsStore
from aggregation_svc.usecases.repeated import repeated
from mesh.refusal import Refusal, Unavailable


@dataclass(frozen=True, slots=True)
class Export:
    """What is held about a player."""

    user_id: str
    exported_at: datetime
    parts: Mapping[str, Sequence[Records]]
    """By service."""


class ExportSubject:
    """Collect what is held about a player."""

    def __init__(
        self,
        store: RightsStore,
        others: Sequence[OtherService],
        hashes: KeyedHash,
        canonical: Canonical,
        clock: Clock,
    ) -> None:
        """Collect from this store and the `others`."""
        self._store, self._others, self._hashes = store, others, hashes
        self._canonical, self._clock = canonical, clock

    async def here(self, user_id: str) -> Sequence[Records]:
        """Return what this service holds.

        Raises:
            InvalidArgument: the id cannot be mapped.
        """
        canonical = self._canonical(user_id)
        async with self._store.view() as rights:
            subject = (await rights.subjects([canonical])).get(canonical)
            return await rights.held(subject.subject_id) if subject else ()

    async def __call__(self, actor: Actor, user_id: str, request_id: str = "") -> Export:
        """Return what all services hold; an unknown player gets an export without records.

        A repeated request collects anew, and leaves no second audit entry.

        Raises:
            InvalidArgument: the id cannot be mapped.
            Unavailable: a service could not be asked.
        """
        canonical = self._canonical(user_id)
        parts: dict[str, Sequence[Records]] = {HERE: await self.here(canonical)}
        for other in self._others:
            try:
                parts[other.name] = await other.collect(canonical)
            except Refusal as refusal:
                raise Unavailable(
                    "service_unreachable",
                    f"The {other.name} service cannot be asked now, and an export is whole or not at all; try again.",
                    retry_after=5.0,
                ) from refusal
        async with self._store.records() as rights:
            subject = (await rights.subjects([canonical])).get(canonical)
            subject_id = subject.subject_id if subject else None
            fingerprint = self._hashes.request(canonical)
            if not await repeated(rights, actor, "ExportSubject", request_id, fingerprint, subject_id):
                await rights.record(Act(actor.name, "subject_exported", subject_id))
        return Export(canonical, self._clock(), parts)
