"""Errors as RFC 9457 problem documents, from a `google.rpc.Status` or from a refusal of the gateway itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as Packed
from google.rpc import code_pb2, error_details_pb2, status_pb2

from mesh.refusal import Refusal

CONTENT_TYPE = "application/problem+json"
_DETAILS = "grpc-status-details-bin"

STATUS: Mapping[str, int] = {
    "CANCELLED": 503,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
    "UNAUTHENTICATED": 401,
}
"""HTTP status by gRPC code, as `google.rpc.Code` documents it.

But for CANCELLED: who goes away gets no answer, so what is answered was ended by a service that is stopping.
"""

_SENTENCES = {
    "CANCELLED": "The service behind this call was stopped. Try again shortly.",
    "UNAVAILABLE": "The service behind this call is away for now. Try again shortly.",
    "DEADLINE_EXCEEDED": "The call took longer than its time limit. Ask for less at once, or try again.",
    "UNIMPLEMENTED": "The service behind this call does not offer it.",
    "UNAUTHENTICATED": "This call needs a valid access token in the Authorization header.",
    "RESOURCE_EXHAUSTED": "The service is at its limit. Try again shortly.",
}
_FAILURE = "The service failed. Whoever runs it finds the cause by the trace id."


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for a machine and for a person."""

    status: int
    """HTTP status."""
    reason: str
    """Stable reason in lower snake case."""
    detail: str
    """One sentence: what was wrong and what to do."""
    violations: tuple[Mapping[str, str], ...] = ()
    """`{field, description}` of each field that was refused."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """What else a program needs to go on, such as the oldest cursor."""
    retry_after: float | None = None
    """Seconds to wait before a repeat can succeed."""

    def document(self, **context: str) -> dict[str, Any]:
        """Return the members of the document, with what the gateway knows of the request (request id, trace id)."""
        optional = {
            "violations": [dict(each) for each in self.violations],
            "metadata": dict(self.metadata),
            "retry_after_seconds": self.retry_after,
            **context,
        }
        return {
            "type": f"urn:tta-analytics:problem:{self.reason}",
            "title": title(self.status),
            "status": self.status,
            "detail": self.detail,
            "reason": self.reason,
            **{name: value for name, value in optional.items() if value not in (None, "", [], {})},
        }


def title(status: int) -> str:
    """Return the phrase of an HTTP status."""
    return HTTPStatus(status).phrase


def of_refusal(refusal: Refusal) -> Problem:
    """Return the problem of a refusal that the gateway raised itself."""
    return Problem(
        STATUS[refusal.code],
        refusal.reason,
        refusal.message,
        tuple({"field": each.field, "rule": each.rule, "description": each.description} for each in refusal.violations),
        refusal.metadata,
        refusal.retry_after,
    )


def of_error(error: grpc.aio.AioRpcError) -> Problem:
    """Return the problem of a failed call.

    A status without details was not written for callers (a lost connection, a bug): its text stays inside.
    """
    code = error.code().name
    for key, value in error.trailing_metadata() or ():
        if key == _DETAILS and isinstance(value, bytes):
            return of_status(status_pb2.Status.FromString(value))
    passing = code in ("UNAVAILABLE", "CANCELLED")
    return Problem(STATUS[code], code.lower(), _SENTENCES.get(code, _FAILURE), retry_after=1.0 if passing else None)


def of_status(status: status_pb2.Status) -> Problem:
    """Return the problem of a rich status."""
    info, bad, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    found = {name for each in status.details for name, target in _targets(info, bad, retry) if _unpack(each, target)}
    code = code_pb2.Code.Name(status.code)
    return Problem(
        STATUS[code],
        (info.reason or code).lower(),
        status.message,
        tuple(_violation(each) for each in bad.field_violations),
        dict(info.metadata),
        retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9 if "retry" in found else None,
    )


def _targets(info: Any, bad: Any, retry: Any) -> tuple[tuple[str, Any], ...]:
    return ("info", info), ("bad", bad), ("retry", retry)


def _unpack(packed: Packed, into: Any) -> bool:
    return bool(packed.Unpack(into))


def _violation(found: error_details_pb2.BadRequest.FieldViolation) -> dict[str, str]:
    rule = {"rule": found.reason} if found.reason else {}
    return {"field": found.field, **rule, "description": found.description}
