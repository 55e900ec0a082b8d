"""Counts and times every call; the outermost layer, where the trace of a call begins."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import grpc
from prometheus_client import Counter, Gauge, Histogram

from mesh.interceptors.layer import Call, Layer
from mesh.telemetry import counter, gauge, histogram
from mesh.trace import TRACEPARENT, enter_trace

_LABELS = ("service", "method")
REQUESTS = counter("grpc_requests", "Calls that began", _LABELS)
REFUSED = counter("grpc_refused", "Calls that ended with an error, by status code", (*_LABELS, "code"))
IN_FLIGHT = gauge("grpc_in_flight", "Calls and streams that are open", _LABELS)
SECONDS = histogram("grpc_request_seconds", "Duration of calls that are no streams of answers", _LABELS)

_CODES = {code.value[0]: code.name for code in grpc.StatusCode}


@cache
def _series(service: str, method: str) -> tuple[Counter, Gauge, Histogram]:
    return REQUESTS.labels(service, method), IN_FLIGHT.labels(service, method), SECONDS.labels(service, method)


class MetricsLayer(Layer):
    """Measures calls. Labels are the service and method of the descriptors, nothing that a caller chose."""

    @asynccontextmanager
    async def around(self, call: Call, context: Any) -> AsyncIterator[None]:
        """Measure one call."""
        enter_trace(next((value for key, value in context.invocation_metadata() or () if key == TRACEPARENT), None))
        requests, in_flight, seconds = _series(call.service, call.method)
        requests.inc()
        in_flight.inc()
        began = time.perf_counter()
        try:
            yield
        except BaseException:
            code = context.code()
            number = code.value[0] if isinstance(code, grpc.StatusCode) else int(code or 0)
            REFUSED.labels(call.service, call.method, _CODES.get(number, "UNKNOWN") if number else "CANCELLED").inc()
            raise
        finally:
            in_flight.dec()
            if not call.streams:
                seconds.observe(time.perf_counter() - began)
