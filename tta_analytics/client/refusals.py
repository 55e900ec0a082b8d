"""A gRPC error as the refusal that the service raised, with its reason and its violations."""

from typing import Any

from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from grpc_status import rpc_status

from mesh.refusal import Refusal, Violation

_CLASSES: dict[str, type[Refusal]] = {
    kind.code: kind for kind in Refusal.__subclasses__() if kind.__module__ == Refusal.__module__
}


def refusal_of(error: Any) -> Refusal:
    """Return the refusal that a `grpc.RpcError` carries; one without details keeps its code and message."""
    code = error.code()
    kind = _CLASSES.get(code.name, Refusal)
    status = rpc_status.from_call(error)
    info, violations, retry_after = ErrorInfo(), [], None
    for detail in status.details if status else ():
        if detail.Is(BadRequest.DESCRIPTOR):
            request = BadRequest()
            detail.Unpack(request)
            violations += [Violation(v.field, v.reason, v.description) for v in request.field_violations]
        elif detail.Is(RetryInfo.DESCRIPTOR):
            retry = RetryInfo()
            detail.Unpack(retry)
            retry_after = retry.retry_delay.ToTimedelta().total_seconds()
        else:
            detail.Unpack(info)
    return kind(
        info.reason.lower() or code.name.lower(),
        error.details() or code.name,
        violations=violations,
        metadata=info.metadata,
        retry_after=retry_after,
    )
