import contextvars

from opentelemetry import trace

from mesh.trace import enter_trace, trace_id, traceparent


def test_outside_of_a_trace_nothing_is_passed_on():
    assert contextvars.Context().run(lambda: (trace_id(), traceparent())) == ("", "")


def test_a_trace_that_came_in_is_passed_on_as_sampled():
    incoming = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    def passed_on():
        enter_trace(incoming)
        return traceparent()

    version, passed, parent, flags = contextvars.Context().run(passed_on).split("-")
    assert (version, passed, flags) == ("00", "4bf92f3577b34da6a3ce929d0e0e4736", "01")
    assert len(parent) == 16


def test_a_header_that_is_none_begins_a_new_trace():
    for header in (None, "", "garbage", "00-short-00f067aa0ba902b7-01", b"00"):
        assert len(contextvars.Context().run(enter_trace, header)) == 32


def test_a_span_that_is_not_sampled_stays_so():
    span = trace.NonRecordingSpan(trace.SpanContext(1, 2, is_remote=False, trace_flags=trace.TraceFlags(0)))
    with trace.use_span(span):
        assert traceparent() == f"00-{1:032x}-{2:016x}-00"
