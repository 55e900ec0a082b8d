"""The trace that a call belongs to (W3C Trace Context), whether or not spans are collected."""

import os
import re
from contextvars import ContextVar

from opentelemetry import trace

TRACEPARENT = "traceparent"
"""Metadata key and HTTP header."""

_PARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_TRACE: ContextVar[str] = ContextVar("trace", default="")


def enter_trace(traceparent: object = None) -> str:
    """Set the trace for the rest of this task, from the header that came in, else a new one; return its id."""
    match = _PARENT.fullmatch(traceparent) if isinstance(traceparent, str) else None
    trace_id = match[1] if match is not None else os.urandom(16).hex()
    _TRACE.set(trace_id)
    return trace_id


def trace_id() -> str:
    """Return the id of the running trace, 32 hexadecimal digits; empty outside of one."""
    span = trace.get_current_span().get_span_context()
    return f"{span.trace_id:032x}" if span.is_valid else _TRACE.get()


def traceparent() -> str:
    """Return the header that passes the running trace on; empty outside of one.

    Where no span decided otherwise it says `sampled`: a collector behind would drop what is marked as not sampled.
    """
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        return f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags:02x}"
    running = _TRACE.get()
    return f"00-{running}-{os.urandom(8).hex()}-01" if running else ""
