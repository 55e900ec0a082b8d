"""Whether a player has said no to analytics, asked of aggregation and remembered for a minute.

Only asked for alerts that are no safety concern; crisis never depends on it. Where aggregation is away nobody is known
to have said no, and it is not asked again for some seconds.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

import grpc
from tta.analytics.v1 import privacy_pb2, privacy_pb2_grpc

from mesh.channels import channel
from mesh.settings import Settings
from mesh.telemetry import counter

REMEMBERED_SECONDS = 60.0
MOST = 100_000
"""Players remembered."""
AT_ONCE = 32
SECONDS = 0.5
"""How long an answer may take."""
PAUSE_SECONDS = 5.0
"""After a failure aggregation is left alone for so long."""

UNKNOWN = counter("consent_unknown", "Alerts whose player's consent could not be asked")


class AggregationConsents:
    """Asks aggregation."""

    def __init__(self, settings: Settings, token: Callable[[], str], *, required: bool) -> None:
        """Ask over gRPC; where `required`, a player who never said yes counts as having said no."""
        self._channel = channel(settings.target("aggregation"), settings, token=token, process="aggregation")
        self._stub = privacy_pb2_grpc.PrivacyServiceStub(self._channel)
        self._required = required
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._quiet_until = 0.0

    async def refused(self, user_ids: Iterable[str]) -> set[str]:
        """Return those who do not want to be analysed. Never raises."""
        users = list(dict.fromkeys(user_ids))
        if len(users) == 1:
            return set(users) if await self._refuses(users[0]) else set()
        answers = await asyncio.gather(*(self._refuses(user_id) for user_id in users))
        return {user_id for user_id, refuses in zip(users, answers, strict=True) if refuses}

    async def _refuses(self, user_id: str) -> bool:
        known = self._known.get(user_id)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        memory = self._known  # a late answer goes where nobody looks, once somebody was forgotten
        async with self._turns:
            if time.monotonic() < self._quiet_until:
                UNKNOWN.inc()
                return self._required
            try:
                consent = await self._stub.GetConsent(privacy_pb2.GetConsentRequest(user_id=user_id), timeout=SECONDS)
            except grpc.aio.AioRpcError:
                self._quiet_until = time.monotonic() + PAUSE_SECONDS
                UNKNOWN.inc()
                return self._required
        refuses = not consent.analytics and (self._required or consent.HasField("changed_at"))
        memory[user_id] = (time.monotonic() + REMEMBERED_SECONDS, refuses)
        if len(memory) > MOST:
            memory.popitem(last=False)
        return refuses

    def forget(self) -> None:
        """Drop what is remembered, and answers that are under way: a player was erased."""
        self._known = OrderedDict()

    async def aclose(self) -> None:
        """Close the channel."""
        await self._channel.close()
