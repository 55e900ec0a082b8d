"""Inline batches: from messages and from the predecessor's free JSON to domain values."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from buf.validate import validate_pb2
from google.protobuf.struct_pb2 import ListValue, Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import aggregation_pb2 as pb

from aggregation_svc.domain.cohorts import FREQUENCY_SYNONYMS, GIVEN_LEVELS, derived_level
from aggregation_svc.domain.facts import name
from aggregation_svc.domain.inline_batch import (
    MOST_OF_A_RECORD,
    MOST_SESSIONS,
    InlineProgress,
    InlineRecord,
    InlineSession,
)
from aggregation_svc.servicers.facts import micros
from mesh.interceptors.validation import validate
from mesh.refusal import InvalidArgument, Violation

T = TypeVar("T")
ZONE = re.compile(r"T.*(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$")
"""What ends a time that says where it was taken."""
_MOST_RECORDS = (
    pb.AggregateBehaviorRequest.DESCRIPTOR.fields_by_name["user_data"]
    .GetOptions()
    .Extensions[validate_pb2.field]
    .repeated.max_items
)
_TOO_MANY = ("sessions", f"holds more than {MOST_OF_A_RECORD} sessions")


def validate_around(request: Any, sessions: Callable[[Any], int]) -> int:
    """Validate a request but for what its records hold, which is left out record by record instead.

    Rules of records there are none, yet to find that out takes the longer the more they hold.

    Args:
        request: with `user_data`.
        sessions: how many a record has.

    Returns:
        How many records and sessions there are.

    Raises:
        InvalidArgument: a rule is broken, or there are too many sessions in all.
    """
    head = type(request)()
    for field, value in request.ListFields():
        if field.name != "user_data":
            setattr(head, field.name, value)
    records = request.user_data[: _MOST_RECORDS + 1]
    for _ in records:
        head.user_data.add()
    validate(head)
    if (count := sum(map(sessions, records))) > MOST_SESSIONS:
        sentence = f"holds {count} sessions; a request takes at most {MOST_SESSIONS}"
        violations = [Violation("user_data", "sessions.max_items", sentence)]
        raise InvalidArgument("batch_too_large", f"user_data {sentence}.", violations=violations)
    return len(records) + count


def record(message: pb.UserRecord) -> InlineRecord:
    """Parse a record."""
    if len(message.sessions) > MOST_OF_A_RECORD:
        return InlineRecord(message.user_id, malformed=(_TOO_MANY,))
    given = message.HasField
    progress = message.progress_data
    return InlineRecord(
        message.user_id,
        name(message.therapeutic_focus) if given("therapeutic_focus") else None,
        FREQUENCY_SYNONYMS.get(message.session_frequency.lower()),
        _level(message.engagement_level),
        tuple(_session(one) for one in message.sessions),
        InlineProgress(
            _given(progress, "overall_progress"),
            _given(progress, "goal_completion_rate"),
            _level(progress.engagement_level),
            _given(progress, "total_sessions"),
            micros(progress.recorded_at) if progress.HasField("recorded_at") else None,
        )
        if given("progress_data")
        else None,
    )


def _session(message: pb.UserSession) -> InlineSession:
    return InlineSession(
        message.session_id or None,
        micros(message.started_at) if message.HasField("started_at") else None,
        *(
            _given(message, field)
            for field in (
                "duration_minutes",
                "interaction_count",
                "therapeutic_interventions_count",
                "progress_markers_count",
                "engagement_score",
                "sentiment_score",
            )
        ),
    )


def _given(message: Any, field: str) -> Any:
    return getattr(message, field) if message.HasField(field) else None


def _level(value: str) -> str | None:
    return value.lower() if value.lower() in GIVEN_LEVELS else None


def legacy_sessions(message: Struct) -> int:
    """Return how many sessions a record has."""
    return len(message.fields["sessions"].list_value.values) if "sessions" in message.fields else 0


def legacy_record(message: Struct) -> InlineRecord:
    """Parse a record as the predecessor's callers write it. What has a wrong type is listed, not guessed."""
    reader = _Reader(message)
    stand = reader.value("progress_data")
    given = reader.value("sessions")
    sessions = given.values if isinstance(given, ListValue) else ()
    if len(sessions) > MOST_OF_A_RECORD:
        reader.problems.append(_TOO_MANY)
        sessions = ()
    elif not sessions and _says_something(given):
        reader.wrong("sessions", "is no list")
    parsed = tuple(_legacy_session(_content(one), position, reader) for position, one in enumerate(sessions))
    progress = _legacy_progress(stand, reader) if _says_something(stand) else None
    return InlineRecord(
        user_id=reader.text("user_id") or "",
        therapeutic_focus=name(reader.text("therapeutic_focus") or ""),
        session_frequency=FREQUENCY_SYNONYMS.get((reader.text("session_frequency") or "").lower()),
        engagement_level=_legacy_level(reader.value("engagement_level")),
        sessions=parsed,
        progress=progress,
        malformed=tuple(reader.problems),
    )


def _content(value: Value) -> Any:
    """Return a value as Python's; objects and lists stay messages: most of what callers send is not read."""
    kind = value.WhichOneof("kind")
    return None if kind is None or kind == "null_value" else getattr(value, kind)


def _says_something(value: Any) -> bool:
    if isinstance(value, Struct):
        return bool(value.fields)
    return bool(value.values) if isinstance(value, ListValue) else bool(value)


def _legacy_session(value: Any, position: int, reader: "_Reader") -> InlineSession:
    inner = reader.within(f"sessions[{position}]", value)
    return InlineSession(
        inner.text("session_id") or None,
        inner.moment("started_at"),
        inner.number("duration_minutes"),
        inner.whole("interaction_count"),
        inner.whole("therapeutic_interventions_count"),
        inner.whole("progress_markers_count"),
        inner.number("engagement_score"),
        inner.number("sentiment_score"),
    )


def _legacy_progress(value: Any, reader: "_Reader") -> InlineProgress:
    inner = reader.within("progress_data", value)
    return InlineProgress(
        inner.number("overall_progress"),
        inner.number("goal_completion_rate"),
        _legacy_level(inner.value("engagement_level")),
        inner.whole("total_sessions"),
        inner.moment("recorded_at"),
    )


def _legacy_level(value: Any) -> str | None:
    """The predecessor's callers give a word or a score in [0, 1]."""
    if isinstance(value, float) and 0 <= value <= 1:
        return derived_level(value)
    return _level(value) if isinstance(value, str) else None


class _Reader:
    """Reads fields of free JSON by type and collects what is wrong."""

    def __init__(self, message: Struct, path: str = "", problems: list[tuple[str, str]] | None = None) -> None:
        self._fields, self._path = message.fields, path
        self.problems: list[tuple[str, str]] = [] if problems is None else problems

    def within(self, path: str, value: Any) -> "_Reader":
        if not isinstance(value, Struct):
            self.wrong(path, "is no object")
            value = Struct()
        return _Reader(value, f"{path}.", self.problems)

    def value(self, field: str) -> Any:
        return _content(self._fields[field]) if field in self._fields else None

    def wrong(self, field: str, problem: str) -> None:
        self.problems.append((f"{self._path}{field}", problem))

    def text(self, field: str) -> str | None:
        return self._read(field, str, "is no text")

    def number(self, field: str) -> float | None:
        return self._read(field, float, "is no number")

    def whole(self, field: str) -> int | None:
        value = self.number(field)
        if value is None:
            return None
        if value != value or abs(value) > 2**53 or value != int(value):
            self.wrong(field, "is no whole number")
            return None
        return int(value)

    def moment(self, field: str) -> int | None:
        return self._read_as(field, _micros_of, "is no time as 2026-11-22T17:00:00Z")

    def _read(self, field: str, kind: type[T], problem: str) -> T | None:
        value = self.value(field)
        if value is None or isinstance(value, kind):
            return value
        self.wrong(field, problem)
        return None

    def _read_as(self, field: str, parse: Callable[[str], T], problem: str) -> T | None:
        value = self.text(field)
        if value is None:
            return None
        try:
            return parse(value)
        except ValueError:
            self.wrong(field, problem)
            return None


def _micros_of(text: str) -> int:
    message = Timestamp()
    # Naive times are UTC.
    message.FromJsonString(text if ZONE.search(text) else f"{text}Z")
    return micros(message)
