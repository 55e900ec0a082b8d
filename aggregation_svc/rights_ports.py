"""What the rights of players need from outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from aggregation_svc.domain.rights import Erasure, ErasurePart, Forgotten, HistoricConsent, Records
from aggregation_svc.ports import Facts


class OtherService(Protocol):
    """Another service, or a store beside the database, that may hold something of a player."""

    name: str
    """`monitoring`, `reporting`, `exports`."""

    async def forget(self, canonical_id: str, erasure_id: str) -> Forgotten:
        """Have it forget the player; raises Unavailable where it cannot be asked now."""

    async def collect(self, canonical_id: str) -> Sequence[Records]:
        """Return all that it holds; raises Unavailable where it cannot be asked now."""


class Rights(Facts, Protocol):
    """Facts, and what is held about one subject, in one transaction."""

    async def held(self, subject_id: int) -> Sequence[Records]:
        """Return every record about a subject, but for keys and seals."""

    async def history(self, subject_id: int, before: int | None, limit: int) -> Sequence[HistoricConsent]:
        """Return decisions below position `before`, newest first."""

    async def every_subject(self, canonical_id: str) -> Sequence[int]:
        """Return all subjects that a player's pseudonyms lead to: one, unless keys were changed too early once."""

    async def forget(self, subject_id: int) -> dict[str, int]:
        """Delete every record about a subject; return how many by kind."""

    async def unseal(self, subject_id: int) -> str | None:
        """Return the canonical id of a subject; None where there is no such subject."""

    async def subject_of(self, pseudonym: bytes) -> int | None:
        """Return whom a pseudonym of any key in use leads to."""

    async def begin_erasure(
        self, erasure_id: str, canonical_id: str, actor: str, services: Sequence[str], at: int
    ) -> None:
        """Keep an erasure, its parts and a tombstone; the id is sealed until all services are done."""

    async def standing_erasure(self, canonical_id: str) -> Erasure | None:
        """Return the last erasure of a player who has not come back since."""

    async def erasure(self, erasure_id: str) -> Erasure | None:
        """Return an erasure."""

    async def erased_id(self, erasure_id: str) -> str | None:
        """Return whom an unfinished erasure is about; None once it is finished."""

    async def part(self, erasure_id: str, service: str) -> ErasurePart:
        """Return how far a part of an erasure is; nobody else changes it until this transaction ends."""

    async def keep_part(self, erasure_id: str, part: ErasurePart, at: int) -> None:
        """Keep what became of a part; the last part that is done finishes the erasure and removes its seal."""

    async def due_erasures(self, at: int) -> Sequence[str]:
        """Return unfinished erasures with a part whose next try is due."""


class RightsStore(Protocol):
    """The store, for the rights of players."""

    def people(self) -> AbstractAsyncContextManager[Rights]:
        """Enter a transaction that changes what stands of subjects. It runs alone."""

    def view(self) -> AbstractAsyncContextManager[Rights]:
        """Enter a view that only reads."""

    def records(self) -> AbstractAsyncContextManager[Rights]:
        """Enter a transaction that writes, but changes no subject."""
