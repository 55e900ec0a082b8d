"""Sessions that are read without validation keep every rule that validation would have enforced."""

import math
from datetime import UTC, datetime

import protovalidate
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tta.analytics.v1 import facts_pb2, ingestion_pb2

from aggregation_svc.domain.cohorts import FREQUENCY_SYNONYMS
from aggregation_svc.servicers import facts
from aggregation_svc.servicers.session_messages import sessions, surely_right
from mesh.refusal import InvalidArgument

START = datetime(2026, 9, 1, tzinfo=UTC)
WORDS = st.one_of(st.text(max_size=3), st.sampled_from([*FREQUENCY_SYNONYMS, "unspecified", "x" * 128, "x" * 129]))
IDS = st.sampled_from(["", "p", "p" * 256, "p" * 257, "\N{GRINNING FACE}" * 256])
DOUBLES = st.one_of(st.floats(), st.sampled_from([-1.0, 0.0, 1.0, 1440.0, math.nextafter(1440.0, 2000.0)]))
COUNTS = st.sampled_from([-1, 0, 1, 1_000_000, 1_000_001])
FIELDS = {
    "user_id": IDS,
    "session_id": IDS,
    "started_at": st.just(START),
    "duration_minutes": DOUBLES,
    "interaction_count": COUNTS,
    "therapeutic_interventions_count": COUNTS,
    "progress_markers_count": COUNTS,
    "engagement_score": DOUBLES,
    "sentiment_score": DOUBLES,
    "therapeutic_focus": WORDS,
    "session_frequency": WORDS,
    "engagement_level": WORDS,
    "updated_at": st.just(START),
}


def right(number: int = 0) -> facts_pb2.Session:
    return facts_pb2.Session(user_id="p", session_id=str(number), started_at=START, engagement_level="high")


def test_every_field_of_the_contract_is_tried() -> None:
    assert set(FIELDS) == {field.name for field in facts_pb2.Session.DESCRIPTOR.fields}


@settings(max_examples=500, deadline=None)
@given(st.fixed_dictionaries({}, optional=FIELDS))
def test_what_is_surely_right_is_right_and_nothing_right_is_in_doubt(values: dict[str, object]) -> None:
    message = facts_pb2.Session(**values)  # type: ignore[arg-type]
    assert surely_right(message, facts.session(message)) == (not protovalidate.collect_violations(message))


def test_every_violation_of_a_message_is_named_though_the_first_stopped_the_reading() -> None:
    wrong = facts_pb2.Session(user_id="", started_at=START, duration_minutes=math.nan)
    request = ingestion_pb2.IngestSessionsRequest(sessions=[right(0), wrong, right(1), facts_pb2.Session(user_id="p")])
    with pytest.raises(InvalidArgument) as refused:
        list(sessions(request))
    fields = {violation.field for violation in refused.value.violations}
    assert fields == {"sessions[1].user_id", "sessions[1].duration_minutes", "sessions[3].started_at"}


def test_the_sessions_violations_are_named_beside_those_around_them() -> None:
    wrong = facts_pb2.Session(user_id="", started_at=START)
    request = ingestion_pb2.IngestSessionsRequest(sessions=[wrong], request_id="x" * 129)
    with pytest.raises(InvalidArgument) as refused:
        list(sessions(request))
    assert {violation.field for violation in refused.value.violations} == {"request_id", "sessions[0].user_id"}


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (ingestion_pb2.IngestSessionsRequest(sessions=[right(n) for n in range(1001)]), "sessions"),
        (ingestion_pb2.IngestSessionsRequest(sessions=[right()], request_id="x" * 129), "request_id"),
        (ingestion_pb2.IngestSessionsRequest(request_id="x" * 129), "request_id"),
        (ingestion_pb2.IngestSessionsRequest(sessions=[right()], consent_basis=9), "consent_basis"),  # type: ignore[arg-type]
    ],
    ids=["too many", "a long request id", "a long request id of an empty message", "an unknown basis"],
)
def test_what_is_around_the_sessions_is_validated_too(
    request_: ingestion_pb2.IngestSessionsRequest, field: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        list(sessions(request_))
    assert [violation.field for violation in refused.value.violations] == [field]
