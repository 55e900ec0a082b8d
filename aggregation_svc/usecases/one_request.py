"""A request id stands for one request: sent again it asks the same, and for another question it is refused."""

import asyncio

from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.ports import Actor, Question
from aggregation_svc.release_ports import Releases


class OneRequest:
    """Ties request ids of what spends budget to what was asked."""

    def __init__(self, releases: Releases, hashes: KeyedHash) -> None:
        """Take the store, and what requests are told apart by."""
        self._releases, self._hashes = releases, hashes

    async def __call__(self, actor: Actor, call: str, request_id: str, content: str) -> None:
        """Tie the id to the content, before anything is read or spent; an empty id is always new.

        The answer itself needs no keeping: a question has one answer, for ever.

        Raises:
            AlreadyExists: the id was used for another request within 24 hours.
        """
        if request_id:
            # Megabytes of content take a while.
            fingerprint = await asyncio.to_thread(self._hashes.request, content)
            await self._releases.tie(Question(actor.name, call, request_id, fingerprint))
