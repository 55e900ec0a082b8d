"""Refusals on the wire: `google.rpc.Status` with ErrorInfo, BadRequest and RetryInfo, and back."""

from typing import cast

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.protobuf.message import DecodeError, Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from mesh import refusal as refusals
from mesh.refusal import Refusal, Violation

DOMAIN = "analytics.tta"

MOST_BYTES = 6000
"""Longest status for a client that said nothing: gRPC clients drop trailers over 8 KiB."""
ROOM_HEADER = "tta-status-bytes"
"""Request metadata by which our own clients say how long a status they read."""
OUR_ROOM = 1 << 18
"""What our own channels read."""

_CLASSES = {
    kind.code: kind
    for kind in vars(refusals).values()
    if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
}


def to_status(refusal: Refusal, *, most_bytes: int = OUR_ROOM) -> status_pb2.Status:
    """Return the refusal as a status of at most about `most_bytes`; violations that don't fit are counted."""
    status = status_pb2.Status(code=code_pb2.Code.Value(refusal.code), message=refusal.message)
    info = error_details_pb2.ErrorInfo(reason=refusal.reason.upper(), domain=DOMAIN, metadata=refusal.metadata)
    status.details.append(_packed(info))
    if refusal.retry_after is not None:
        delay = duration_pb2.Duration()
        delay.FromNanoseconds(int(refusal.retry_after * 1e9))
        status.details.append(_packed(error_details_pb2.RetryInfo(retry_delay=delay)))
    if refusal.violations:
        status.details.append(_packed(_bad_request(refusal, most_bytes - status.ByteSize())))
    return status


def _bad_request(refusal: Refusal, room: int) -> error_details_pb2.BadRequest:
    bad = error_details_pb2.BadRequest()
    for count, violation in enumerate(refusal.violations):
        room -= len(violation.field.encode()) + len(violation.rule) + len(violation.description.encode()) + 12
        if room < 200 and count > 0:
            left = len(refusal.violations) - count
            bad.field_violations.add(field="", reason="MORE", description=f"and {left} more violations")
            break
        bad.field_violations.add(field=violation.field, reason=violation.rule, description=violation.description)
    return bad


def _packed(message: Message) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed


def details_of(error: grpc.aio.AioRpcError) -> status_pb2.Status | None:
    """Return the rich status of a failed call; none where the other side sent none, or one that can't be read."""
    try:
        return rpc_status.from_call(cast("grpc.Call", error))
    except (ValueError, DecodeError):
        return None


def from_error(error: grpc.aio.AioRpcError) -> Refusal:
    """Return what a failed call of another service says, as the refusal that it was there.

    A status without details keeps its code; its reason is then the code's name.
    """
    kind = _CLASSES.get(error.code().name)
    if kind is None:
        away = error.code() in (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)
        kind = refusals.Unavailable if away else Refusal
    status = details_of(error)
    reason, metadata, retry_after, violations = error.code().name.lower(), {}, None, []
    for detail in status.details if status is not None else ():
        info, retry, bad = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason, metadata = info.reason.lower(), dict(info.metadata)
        elif detail.Unpack(retry):
            retry_after = retry.retry_delay.ToNanoseconds() / 1e9
        elif detail.Unpack(bad):
            violations += [Violation(item.field, item.reason, item.description) for item in bad.field_violations]
    message = error.details() or "The call failed."
    return kind(reason, message, violations=violations, metadata=metadata, retry_after=retry_after)
