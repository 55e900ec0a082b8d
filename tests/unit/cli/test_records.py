"""From a row to a fact: every wrong value is named by its line and its column, and never repeated."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tta.analytics.v1.facts_pb2 import Session, TherapeuticOutcome

from tta_analytics.importing.records import RecordParser
from tta_analytics.importing.rows import Reject, Row, Unreadable

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def parse(**values: Any) -> Session | list[Reject]:
    row = Row(7, {"user_id": "ada", "started_at": "2026-10-01T10:00:00Z"} | values)
    return RecordParser(Session, {}).parse(row, NOW)


def test_a_whole_row_becomes_a_session() -> None:
    session = parse(duration_minutes="12.5", interaction_count="3", therapeutic_focus=" anxiety ")
    assert isinstance(session, Session)
    assert (session.duration_minutes, session.interaction_count, session.therapeutic_focus) == (12.5, 3, "anxiety")
    assert session.started_at.ToDatetime(tzinfo=UTC) == datetime(2026, 10, 1, 10, tzinfo=UTC)


def test_what_is_missing_stays_missing() -> None:
    session = parse()
    assert isinstance(session, Session)
    assert not session.HasField("duration_minutes")


def test_a_time_without_zone_is_utc() -> None:
    session = parse(started_at="2017-10-15 17:06:00")
    assert isinstance(session, Session)
    assert session.started_at.ToDatetime(tzinfo=UTC) == datetime(2017, 10, 15, 17, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("duration_minutes", "NaN"),
        ("duration_minutes", "inf"),
        ("duration_minutes", "-1"),
        ("duration_minutes", "twelve"),
        ("interaction_count", "2.5"),
        ("interaction_count", "99999999999999999999"),
        ("started_at", "yesterday"),
        ("started_at", "1970-01-01"),
        ("started_at", (NOW + timedelta(days=1)).isoformat()),
        ("user_id", "x" * 10_000),
        ("engagement_level", "enormous"),
        ("duration_minutes", {"nested": True}),
    ],
)
def test_a_wrong_value_is_named_by_line_and_column_but_not_repeated(column: str, value: Any) -> None:
    rejects = parse(**{column: value})
    assert isinstance(rejects, list)
    assert [(reject.line, reject.field) for reject in rejects] == [(7, column)]
    assert str(value) not in rejects[0].reason


def test_a_missing_player_and_a_missing_time_are_both_named() -> None:
    rejects = RecordParser(Session, {}).parse(Row(7, {}), NOW)
    assert isinstance(rejects, list)
    assert {reject.field for reject in rejects} == {"user_id", "started_at"}


def test_a_mapped_field_is_named_by_the_column_of_the_file() -> None:
    parser = RecordParser(Session, {"started_at": "session_start"})
    rejects = parser.parse(Row(3, {"user_id": "ada", "session_start": "?"}), NOW)
    assert isinstance(rejects, list)
    assert rejects[0].field == "session_start"


def test_an_outcome_category_is_written_by_its_short_name() -> None:
    parser = RecordParser(TherapeuticOutcome, {})
    values = {"user_id": "ada", "recorded_at": "2026-10-01", "outcome_category": "needs_attention"}
    outcome = parser.parse(Row(1, values), NOW)
    assert isinstance(outcome, TherapeuticOutcome)
    wrong = parser.parse(Row(1, values | {"outcome_category": "splendid"}), NOW)
    assert isinstance(wrong, list)
    assert "needs_attention" in wrong[0].reason


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"\xff\xfe", Unreadable("is not UTF-8")])
def test_what_names_nobody_is_no_player(value: Any) -> None:
    rejects = parse(user_id=value)
    assert isinstance(rejects, list)
    assert [(reject.line, reject.field) for reject in rejects] == [(7, "user_id")]


def test_an_id_that_a_table_holds_as_bytes_or_as_a_number_is_its_text() -> None:
    sessions = [parse(user_id=value) for value in (b"1006", 1006, 1006.0)]
    assert [session.user_id for session in sessions if isinstance(session, Session)] == ["1006"] * 3
