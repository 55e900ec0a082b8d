"""What every replica does when a player is erased: drop what its memory holds."""

from collections.abc import Sequence

from mesh.bus import LOOK_YOURSELF
from mesh.refusal import Refusal
from monitoring_svc.bootstrap.alerts import Alerting
from monitoring_svc.bootstrap.signals import Judging
from monitoring_svc.servicers.shared_responses import SharedResponses

FORGOTTEN = "subjects-forgotten"
"""Topic of pseudonyms whose player was erased."""


class Forgotten:
    """Drops erased players from memory, here and in the other replicas."""

    def __init__(self, alerts: Alerting, signals: Judging, responses: SharedResponses) -> None:
        """Drop from these."""
        self._alerts = alerts
        self._signals = signals
        self._responses = responses

    async def tell(self, subjects: Sequence[bytes]) -> None:
        """Drop players here and tell the other replicas."""
        self._drop(subjects)
        await self._alerts.bus.publish(FORGOTTEN, b",".join(subject.hex().encode() for subject in subjects))

    async def hear(self) -> None:
        """Drop players that another replica tells of, for ever; look ourselves where we may have missed one."""
        async with self._alerts.bus.subscribe(FORGOTTEN) as told:
            async for payload in told:
                if payload == LOOK_YOURSELF:
                    await self._look_now()
                self._drop([bytes.fromhex(one.decode()) for one in payload.split(b",") if one])

    async def look(self) -> None:
        """Drop players whose erasure nobody told us of: wake-ups may be lost."""
        if erased := await self._signals.windows.erased():
            self._drop(erased)

    async def _look_now(self) -> None:
        try:
            await self.look()
        except Refusal as error:
            self._alerts.failures.failed("erasures", error)  # the next look is seconds away

    def _drop(self, subjects: Sequence[bytes]) -> None:
        self._alerts.stream.forget()
        self._signals.consents.forget()
        self._responses.forget()
        for subject in subjects:
            self._signals.judge.forget(subject)
