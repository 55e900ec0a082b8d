"""Spans of calls, sent to the collector at `TTA_OTLP_ENDPOINT`; nothing is made where none is set."""

from collections.abc import Sequence
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from mesh.settings import Settings

KEPT_ATTRIBUTES = ("rpc.system", "rpc.service", "rpc.method", "rpc.grpc.status_code", "http.route", "http.method")
"""What a span may say. Error messages, peers and user agents are left out: they may hold ids."""


class _Sparing(SpanExporter):
    """Passes spans on with the kept attributes alone."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._inner.export([spared(span) for span in spans])

    def shutdown(self) -> None:
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._inner.force_flush(timeout_millis)


def spared(span: ReadableSpan) -> ReadableSpan:
    """Return the span without events, without the words of its status, and with the kept attributes alone."""
    attributes = {key: value for key, value in (span.attributes or {}).items() if key in KEPT_ATTRIBUTES}
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        kind=span.kind,
        status=trace.Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def start_tracing(settings: Settings, service: str) -> TracerProvider | None:
    """Return the provider whose spans go to the collector, none where no collector is set. Shut it down at the end."""
    if settings.otlp_endpoint is None:
        return None
    secure = settings.otlp_endpoint.startswith("https://")
    provider = TracerProvider(resource=Resource.create({"service.name": f"tta-analytics-{service}"}))
    provider.add_span_processor(
        BatchSpanProcessor(_Sparing(OTLPSpanExporter(endpoint=settings.otlp_endpoint, insecure=not secure)))
    )
    trace.set_tracer_provider(provider)
    return provider


def server_interceptors(provider: TracerProvider | None) -> list[Any]:
    """Return the interceptor that makes a span of each call but health checks."""
    if provider is None:
        return []
    from opentelemetry.instrumentation.grpc import aio_server_interceptor, filters

    return [aio_server_interceptor(provider, filter_=filters.negate(filters.health_check()))]  # type: ignore[no-untyped-call]
