"""Structured logs: one JSON object a line on standard output, with the trace's id.

A record holds an event's name and fields from a fixed list. What an error says, what other libraries format into
their messages, and every unlisted field may hold a player's id or words, and is left out.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from mesh.settings import Settings
from mesh.trace import trace_id

_OURS = ("mesh", "aggregation_svc", "monitoring_svc", "reporting_svc", "gateway", "tta_analytics")
_PLAIN = ("uvicorn", "alembic", "asyncio", "grpc")
"""Libraries whose messages without arguments are words of their own."""
_LONGEST = 200

FIELDS = {
    *("service", "method", "code", "reason", "incident", "error_type", "task", "job", "state", "outcome"),
    *("address", "port", "http_port", "signal", "version", "revision", "dialect", "path_template", "status"),
    *(
        "chain",
        "position",
        "signature",
        "head",
        "count",
        "attempt",
        "attempts",
        "seconds",
        "milliseconds",
        "bytes",
        "rows",
    ),
    *("alert_id", "alert_type", "severity", "rule_id", "delivery_id", "channel_type", "cursor", "policy_id"),
    *("release_id", "grain", "period_start", "report_id", "report_type", "report_format", "schedule_id", "tick"),
    *(
        "pseudonym_version",
        "seal_version",
        "dashboard_id",
        "training_id",
        "model_id",
        "lease",
        "token",
        "name",
        "minute",
        "topic",
        "detector",
    ),
}
"""The names that `extra` may have. None of them ever holds an id of a player, a subject or a caller, or their words."""


def allow(*names: str) -> None:
    """Let records carry further fields; only for values that can't hold a player's id or words."""
    FIELDS.update(names)


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object."""

    def __init__(self, service: str = "") -> None:
        """Stamp each record with the process's name."""
        super().__init__()
        self._service = service
        self._standard = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._service,
            "logger": record.name,
            "event": _event(record),
        }
        if trace := trace_id():
            line["trace_id"] = trace
        left_out = 0
        for name, value in vars(record).items():
            if name in self._standard:
                continue
            if name in FIELDS and _plain(value):
                line[name] = value
            else:
                left_out += 1
        if left_out:
            line["left_out"] = left_out
        if record.exc_info and record.exc_info[1] is not None:
            line |= _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure(settings: Settings, service: str) -> None:
    """Send the logs of the whole process to standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(settings.log_level.upper())
    logging.captureWarnings(True)


def _event(record: logging.LogRecord) -> str:
    """Return the constant part of a message: the template without its arguments."""
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    room = record.name.partition(".")[0]
    if record.args or room in _OURS or room in _PLAIN:
        return record.msg
    # The message may have been put together before it was logged; where it was logged still helps.
    return f"{record.module}:{record.lineno}"


def _plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= _LONGEST)


def _error(error: BaseException) -> dict[str, Any]:
    """Return type, frames and causes of an error; never its message."""
    causes: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < 5:
        causes.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return {
        "error_type": type(error).__name__,
        "causes": causes,
        "frames": [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames],
    }
