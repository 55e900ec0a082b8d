"""One span for each recorded request, named by its path template, the parent of the spans of the services."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import context as otel
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from gateway.context import Context
from gateway.exchange import Exchange


class Spans:
    """Makes the spans of requests; without a provider it makes none and costs nothing."""

    def __init__(self, provider: trace.TracerProvider | None) -> None:
        """Take what sends spans to the collector; none where no collector is set."""
        self._tracer = provider.get_tracer("gateway") if provider else None

    @contextmanager
    def around(self, exchange: Exchange, known: Context) -> Iterator[None]:
        """Record the block where the request's trace is sampled."""
        if self._tracer is None or not known.sampled:
            yield
            return
        span = self._tracer.start_span("request", context=_remote(known.traceparent), kind=SpanKind.SERVER)
        known.traceparent = f"00-{known.trace_id}-{span.get_span_context().span_id:016x}-01"
        try:
            yield
        finally:
            span.update_name(known.route)
            span.set_attributes({"http.route": known.route, "http.method": exchange.method})
            if exchange.status >= 500:
                span.set_status(Status(StatusCode.ERROR))
            span.end()


def _remote(traceparent: str) -> otel.Context:
    _, trace_id, span_id, flags = traceparent.split("-")
    parent = SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))
    return trace.set_span_in_context(NonRecordingSpan(parent))
