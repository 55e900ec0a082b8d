"""What the gateway tells of itself. Routes are templates; nothing names a caller."""

from functools import cache

from prometheus_client import Counter, Histogram

from mesh.telemetry import counter, gauge, histogram

REQUESTS = counter("gateway_requests", "HTTP requests answered, by method and path template.", ("route", "status"))
SECONDS = histogram(
    "gateway_request_seconds", "Time from a request's head to the end of its answer, streams apart.", ("route",)
)
STREAMS = gauge("gateway_open_streams", "Streams open now.", ("kind",))
LIMITED = counter("gateway_rate_limited", "Requests refused because their caller has used up its rate.")
STREAM_SECONDS = histogram(
    "gateway_stream_seconds", "How long WebSockets stayed open.", ("route",), (1, 10, 60, 600, 1800, 7200)
)


def count(route: str, status: int) -> None:
    """Count an answered request."""
    _requests(route, status).inc()


def time(route: str, seconds: float) -> None:
    """Keep how long a request took."""
    _seconds(route).observe(seconds)


@cache
def _requests(route: str, status: int) -> Counter:
    return REQUESTS.labels(route, str(status))


@cache
def _seconds(route: str) -> Histogram:
    return SECONDS.labels(route)
