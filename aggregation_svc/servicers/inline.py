"""Inline batches: from messages and from the predecessor's free JSON to domain values."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from google.protobuf.struct_pb2 import ListValue, Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import aggregation_pb2 as pb

from aggregation_svc.domain.cohorts import FREQUENCY_SYNONYMS, GIVEN_LEVELS, derived_level
from aggregation_svc.domain.facts import name
from aggregation_svc.domain.inline_batch import InlineProgress, InlineRecord, InlineSession
from aggregation_svc.servicers.facts import micros

T = TypeVar("T")
ZONE = re.compile(r"T.*(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$")
"""What ends a time that says where it was taken."""
Problems = list[tuple[str, str]]


def record(message: pb.UserRecord) -> InlineRecord:
    """Parse a record."""
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


def legacy_record(message: Struct) -> InlineRecord:
    """Parse a record as the predecessor's callers write it. What has a wrong type is listed, not guessed."""
    values = _plain(message)
    reader = _Reader(values)
    stand = values.get("progress_data")
    sessions = values.get("sessions") or []
    if not isinstance(sessions, list):
        reader.wrong("sessions", "is no list")
        sessions = []
    parsed = tuple(_legacy_session(one, position, reader) for position, one in enumerate(sessions))
    progress = _legacy_progress(stand, reader) if stand else None
    return InlineRecord(
        user_id=reader.text("user_id") or "",
        therapeutic_focus=name(reader.text("therapeutic_focus") or ""),
        session_frequency=FREQUENCY_SYNONYMS.get((reader.text("session_frequency") or "").lower()),
        engagement_level=_legacy_level(values.get("engagement_level")),
        sessions=parsed,
        progress=progress,
        malformed=tuple(reader.problems),
    )


def _plain(message: Struct) -> dict[str, Any]:
    """Return free JSON as Python values; numbers stay what they are, infinite ones too, and are judged later."""
    return {name: _plain_value(value) for name, value in message.fields.items()}


def _plain_value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    content = getattr(value, kind) if kind else None
    if isinstance(content, Struct):
        return _plain(content)
    if isinstance(content, ListValue):
        return [_plain_value(one) for one in content.values]
    return None if kind == "null_value" else content


def _legacy_session(value: Any, position: int, reader: "_Reader") -> InlineSession:
    inner = reader.within(f"sessions[{position}]", value)
    return InlineSession(
        inner.text("session_id"),
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
        _legacy_level(inner.values.get("engagement_level")),
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

    def __init__(
        self, values: Mapping[str, Any], path: str = "", problems: list[tuple[str, str]] | None = None
    ) -> None:
        self.values, self._path = values, path
        self.problems: list[tuple[str, str]] = [] if problems is None else problems

    def within(self, path: str, value: Any) -> "_Reader":
        if not isinstance(value, Mapping):
            self.wrong(path, "is no object")
            value = {}
        return _Reader(value, f"{path}.", self.problems)

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
        value = self.values.get(field)
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
