import grpc
import pytest
from google.rpc import code_pb2, error_details_pb2
from grpc_status import rpc_status

from mesh import refusal as refusals
from mesh.refusal import InvalidArgument, Refusal, Unavailable, Violation
from mesh.statuses import DOMAIN, from_error, to_status

KINDS = [
    kind
    for kind in vars(refusals).values()
    if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
]


def as_error(status):
    made = rpc_status.to_status(status)
    return grpc.aio.AioRpcError(
        made.code, grpc.aio.Metadata(), grpc.aio.Metadata(*made.trailing_metadata), details=made.details
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_refusal_has_a_code_and_survives_the_wire(kind):
    refusal = kind(
        "some_reason",
        "Say what.",
        metadata={"a": "b"},
        retry_after=2.5,
        violations=[Violation("f[1].g", "rule", "is bad")],
    )
    status = to_status(refusal)
    assert code_pb2.Code.Name(status.code) == kind.code
    back = from_error(as_error(status))
    assert type(back) is kind
    assert vars(back) == vars(refusal)


def test_the_reason_is_upper_snake_case_in_our_domain():
    info = error_details_pb2.ErrorInfo()
    to_status(InvalidArgument("page_token_invalid", "No.")).details[0].Unpack(info)
    assert (info.reason, info.domain) == ("PAGE_TOKEN_INVALID", DOMAIN) == ("PAGE_TOKEN_INVALID", "analytics.tta")


def test_violations_that_do_not_fit_are_counted():
    many = [Violation(f"sessions[{number}].duration_minutes", "double.gte", "is negative") for number in range(500)]
    status = to_status(InvalidArgument("bad", "Bad.", violations=many), most_bytes=3000)
    assert status.ByteSize() < 3300
    told = from_error(as_error(status)).violations
    assert told[-1].description == f"and {500 - (len(told) - 1)} more violations"


def test_an_error_without_details_keeps_its_code():
    error = grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), details="gone")
    back = from_error(error)
    assert (type(back), back.reason, back.message) == (Unavailable, "unavailable", "gone")


def test_a_missed_deadline_is_unavailability():
    error = grpc.aio.AioRpcError(grpc.StatusCode.DEADLINE_EXCEEDED, grpc.aio.Metadata(), grpc.aio.Metadata())
    assert type(from_error(error)) is Unavailable
