"""Answers to requests that may be sent again, sealed: a ticket is a secret, and nobody need read the rest."""

import base64
from collections.abc import Collection
from typing import Protocol

from mesh.database import Database
from mesh.idempotency import Idempotency
from monitoring_svc.ports import RequestKey


class Seals(Protocol):
    """Seals short texts."""

    @property
    def known(self) -> Collection[int]:
        """The versions of the keys that there are."""

    def version(self, sealed: bytes) -> int:
        """Return the version of a seal's key."""

    def seal(self, plaintext: str, bound_to: str) -> bytes:
        """Return the sealed text."""

    def open(self, sealed: bytes, bound_to: str) -> str:
        """Return the text; raises FailedPrecondition."""


class AnsweredRequests:
    """The answers of the last 24 hours."""

    def __init__(self, database: Database, requests: Idempotency, seals: Seals) -> None:
        """Keep them by `requests` in `database`."""
        self._database = database
        self._requests = requests
        self._seals = seals

    async def take(self, request: RequestKey) -> bytes | None:
        """Return the answer that was given to a request, none where it was not answered or its key is gone.

        Raises AlreadyExists (`request_id_reused`) where the id was used for another request.
        """
        async with self._database.begin() as connection:
            sealed = await self._requests.replay(
                connection, request.caller, request.call, request.request_id, request.content
            )
        if sealed is None or self._seals.version(sealed) not in self._seals.known:
            return None
        return base64.b64decode(self._seals.open(sealed, request.request_id))

    async def keep(self, request: RequestKey, answer: bytes) -> None:
        """Keep what a request was answered."""
        sealed = self._seals.seal(base64.b64encode(answer).decode(), request.request_id)
        async with self._database.begin() as connection:
            await self._requests.remember(
                connection, request.caller, request.call, request.request_id, request.content, sealed
            )

    async def release(self, request: RequestKey) -> None:
        """Forget a request that was refused: put right, it may come again under its id."""
        async with self._database.begin() as connection:
            await self._requests.release(connection, request.caller, request.call, request.request_id)
