"""A subscription to alert events that resumes by itself, at least once and in order, from the last cursor."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import grpc
from tta.analytics.v1 import alert_pb2, alert_pb2_grpc, common_pb2

from mesh.refusal import Aborted, Refusal, ResourceExhausted, Unavailable
from tta_analytics.client.refusals import refusal_of

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
PASSING = (Aborted, ResourceExhausted, Unavailable)
"""What a subscription waits out."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events a subscriber wants; empty fields want all."""

    min_severity: "common_pb2.Severity.ValueType" = common_pb2.SEVERITY_UNSPECIFIED
    alert_types: Sequence["common_pb2.AlertType.ValueType"] = ()


class Subscription:
    """Iterates over alert events; `cursor` is where the next one would begin."""

    def __init__(
        self,
        connect: Callable[[], grpc.aio.Channel],
        wanted: Filter,
        *,
        cursor: str = "",
        on_interruption: Callable[[str], None] = lambda reason: None,
    ) -> None:
        """Subscribe over a channel from `connect`, from after `cursor` on: empty for now, `0` for all that is kept.

        `connect` is called anew after each interruption, so that a new token may be used; `on_interruption` is told
        why.
        """
        self.cursor = cursor
        self._connect, self._wanted, self._tell = connect, wanted, on_interruption

    async def __aiter__(self) -> AsyncIterator[alert_pb2.AlertEvent]:
        """Yield events until cancelled.

        Raises:
            Refusal: What does not pass by itself: no permission, a cursor older than retention (`OutOfRange`).
        """
        wait = FIRST_WAIT_SECONDS
        while True:
            channel = self._connect()
            try:
                async for event in self._stream(channel):
                    wait = FIRST_WAIT_SECONDS
                    yield event
                reason = "the server ended the stream"
            except grpc.RpcError as error:
                reason = _passing(refusal_of(error))
            finally:
                await channel.close()
            self._tell(reason)
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 jitter, no secret
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    async def _stream(self, channel: grpc.aio.Channel) -> AsyncIterator[alert_pb2.AlertEvent]:
        request = alert_pb2.StreamAlertsRequest(
            cursor=self.cursor, min_severity=self._wanted.min_severity, alert_types=self._wanted.alert_types
        )
        call = alert_pb2_grpc.AlertServiceStub(channel).StreamAlerts(request)
        try:
            async for answer in call:
                if answer.HasField("event"):
                    yield answer.event
                self.cursor = answer.cursor
        finally:
            call.cancel()


def _passing(refusal: Refusal) -> str:
    """Return why the stream broke, where that passes; raise what does not."""
    if isinstance(refusal, PASSING) or refusal.reason in {"token_expired", "cancelled"}:
        return refusal.message
    raise refusal
