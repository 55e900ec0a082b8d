"""A sender slows down when it is told to, keeps to hints, and does not repeat what will be refused again."""

from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from mesh.refusal import FailedPrecondition, ResourceExhausted, Unavailable
from tta_analytics.client.pace import FIRST_GAP_SECONDS, Pace
from tta_analytics.sources.neo4j.graph import MissingDriver

CODES = {"DEADLINE_EXCEEDED": 4, "RESOURCE_EXHAUSTED": 8, "FAILED_PRECONDITION": 9, "UNAVAILABLE": 14}


class Refused(grpc.RpcError):
    """An error as a call of grpc.aio raises it."""

    def __init__(self, code: str, *, reason: str = "", retry_after: float | None = None, message: str = "no") -> None:
        status = status_pb2.Status(code=CODES[code], message=message)
        if reason:
            status.details.add().Pack(error_details_pb2.ErrorInfo(reason=reason.upper()))
        if retry_after is not None:
            retry = error_details_pb2.RetryInfo()
            retry.retry_delay.FromMilliseconds(int(retry_after * 1000))
            status.details.add().Pack(retry)
        made = rpc_status.to_status(status)
        self._code, self._details, self._trailing = made.code, made.details, made.trailing_metadata

    def code(self) -> Any:
        return self._code

    def details(self) -> str:
        return str(self._details)

    def trailing_metadata(self) -> Any:
        return self._trailing


class Service:
    """Refuses with each of `errors`, then takes what comes."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.now = 0.0
        self.waits: list[float] = []

    def pace(self, patience: float = 60) -> Pace:
        async def sleep(seconds: float) -> None:
            self.now += seconds
            self.waits.append(seconds)

        return Pace(patience=patience, clock=lambda: self.now, sleep=sleep, chance=lambda: 1.0)

    async def take(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "taken"


async def test_a_hint_is_kept_to_and_the_calls_after_it_are_spaced() -> None:
    service = Service(Refused("RESOURCE_EXHAUSTED", reason="queue_full", retry_after=3))
    pace = service.pace()
    assert await pace.call(service.take) == "taken"
    assert service.waits == [3]
    await pace.call(service.take)
    assert service.waits[1] == FIRST_GAP_SECONDS / 2


async def test_the_gap_doubles_with_each_refusal_and_goes_when_everything_is_taken() -> None:
    service = Service(*(Refused("RESOURCE_EXHAUSTED") for _ in range(4)))
    pace = service.pace()
    await pace.call(service.take)
    assert pace.gap == 4 * FIRST_GAP_SECONDS
    for _ in range(8):
        await pace.call(service.take)
    assert pace.gap == 0


async def test_a_service_that_is_away_is_waited_for_longer_and_longer_until_the_patience_ends() -> None:
    service = Service(*(Refused("UNAVAILABLE") for _ in range(50)))
    with pytest.raises(Unavailable):
        await service.pace(patience=10).call(service.take)
    assert service.waits == [0.2, 0.4, 0.8, 1.6, 3.2]


async def test_a_call_that_took_too_long_is_made_again() -> None:
    service = Service(Refused("DEADLINE_EXCEEDED"))
    assert await service.pace().call(service.take) == "taken"
    assert len(service.waits) == 1


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (Refused("RESOURCE_EXHAUSTED", reason="series_exhausted"), ResourceExhausted),
        (Refused("RESOURCE_EXHAUSTED", message="Received message larger than max"), ResourceExhausted),
        (Refused("FAILED_PRECONDITION", reason="consent_assertion_off"), FailedPrecondition),
    ],
)
async def test_what_does_not_pass_is_raised_at_once(error: Exception, refusal: type[Exception]) -> None:
    service = Service(error)
    with pytest.raises(refusal):
        await service.pace().call(service.take)
    assert service.waits == []


async def test_a_refusal_of_a_service_stays_what_it_is_beside_a_command_s_own_of_the_same_code() -> None:
    assert MissingDriver.code == FailedPrecondition.code
    with pytest.raises(FailedPrecondition):
        service = Service(Refused("FAILED_PRECONDITION"))
        await service.pace().call(service.take)
