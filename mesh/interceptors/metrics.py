"""Counts and times every call; the trace of a call begins here."""

import time
from functools import cache
from typing import Any

import grpc
from prometheus_client import Counter, Gauge, Histogram

from mesh.interceptors.call import Call
from mesh.telemetry import counter, gauge, histogram
from mesh.trace import TRACEPARENT, enter_trace

_LABELS = ("service", "method")
REQUESTS = counter("grpc_requests", "Calls that began", _LABELS)
REFUSED = counter("grpc_refused", "Calls that ended with an error, by status code", (*_LABELS, "code"))
IN_FLIGHT = gauge("grpc_in_flight", "Calls and streams that are open", _LABELS)
SECONDS = histogram("grpc_request_seconds", "Duration of calls that ended well and are no streams of answers", _LABELS)

_CODES = {code.value[0]: code.name for code in grpc.StatusCode}


@cache
def _series(service: str, method: str) -> tuple[Counter, Gauge, Histogram]:
    return REQUESTS.labels(service, method), IN_FLIGHT.labels(service, method), SECONDS.labels(service, method)


class Measured:
    """Measures one call. Labels are the service and method of the descriptors, nothing that a caller chose."""

    __slots__ = ("_began", "_call", "_context", "_in_flight", "_seconds")

    def __init__(self, call: Call, context: Any) -> None:
        """Count the call; its trace begins here."""
        enter_trace(next((value for key, value in context.invocation_metadata() or () if key == TRACEPARENT), None))
        self._call, self._context = call, context
        requests, self._in_flight, self._seconds = _series(call.service, call.method)
        requests.inc()

    def __enter__(self) -> None:
        """Begin."""
        self._in_flight.inc()
        self._began = time.perf_counter()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End, with an error or without; only what ended well is timed, so that quick refusals flatter no objective."""
        self._in_flight.dec()
        if kind is None:
            if not self._call.streams:
                self._seconds.observe(time.perf_counter() - self._began)
        else:
            code = self._context.code()
            number = code.value[0] if isinstance(code, grpc.StatusCode) else int(code or 0)
            name = _CODES.get(number, "UNKNOWN") if number else "CANCELLED"
            REFUSED.labels(self._call.service, self._call.method, name).inc()
