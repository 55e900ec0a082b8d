"""Turns refusals into `google.rpc.Status` and everything else into an incident without its private words."""

import logging
import uuid
from typing import Any, NoReturn

import grpc
from google.rpc import status_pb2
from grpc_status import rpc_status

from mesh.identity import current_caller
from mesh.interceptors.call import Call
from mesh.interceptors.refusals import RefusalCounter
from mesh.refusal import PermissionDenied, Refusal, Unauthenticated, Unavailable
from mesh.statuses import MOST_BYTES, ROOM_HEADER, details_of, to_status

_LOG = logging.getLogger("mesh.errors")
_DIGITS = 9
"""Digits of a number of bytes that anybody can mean."""
_AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)
"""How a call within ends where nobody answers it; CANCELLED from one that stops."""


class Errors:
    """Ends calls with a rich status; counts refusals of permission."""

    def __init__(self, refusals: RefusalCounter) -> None:
        """Count refusals of permission in `refusals`."""
        self._refusals = refusals

    async def end(self, call: Call, context: Any, error: Exception) -> NoReturn:
        """Abort the call with the status of what was raised; a call that is being aborted goes on ending."""
        if isinstance(error, grpc.aio.AbortError):
            raise error
        await context.abort_with_status(rpc_status.to_status(self._status(call, context, error)))
        raise error

    def _status(self, call: Call, context: Any, error: Exception) -> status_pb2.Status:
        if isinstance(error, Refusal):
            if isinstance(error, PermissionDenied | Unauthenticated):
                self._refusals.count(_caller_name(), call, error.reason)
            return to_status(error, most_bytes=_room(context))
        if isinstance(error, grpc.aio.AioRpcError):
            return _of_dependency(error, call)
        return _incident(error, call)


def _of_dependency(error: grpc.aio.AioRpcError, call: Call) -> status_pb2.Status:
    """Pass on what another service of ours said in detail; say that it is away where it is."""
    status = details_of(error)
    if status is not None and status.details:
        return status
    if error.code() in _AWAY:
        message = "Another service that this call needs is away; try again."
        return to_status(Unavailable("dependency_unavailable", message, retry_after=1.0))
    return _incident(error, call)


def _incident(error: Exception, call: Call) -> status_pb2.Status:
    incident = uuid.uuid4().hex[:12]
    _LOG.error(
        "incident",
        exc_info=error,
        extra={"incident": incident, "service": call.service, "method": call.method},
    )
    return to_status(Incident(incident))


class Incident(Refusal):
    """A fault of ours. The message names the log record, never the error's own words."""

    code = "INTERNAL"

    def __init__(self, incident: str) -> None:
        """Point to the log record of this incident."""
        message = f"Something went wrong here. Our log knows it as incident {incident}."
        super().__init__("incident", message, metadata={"incident": incident})


def _caller_name() -> str:
    try:
        return current_caller().name
    except Unauthenticated:
        return "unknown"


def _room(context: Any) -> int:
    """Return how many bytes of status the caller said it can read."""
    for key, value in context.invocation_metadata() or ():
        if key == ROOM_HEADER and str(value).isdecimal() and len(value) <= _DIGITS:
            return min(max(int(value), MOST_BYTES), 1 << 19)
    return MOST_BYTES
