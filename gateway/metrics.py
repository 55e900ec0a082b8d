"""What the gateway tells of itself. Routes are templates; nothing names a caller."""

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
