"""Times as the predecessor's callers write them."""

from datetime import UTC, datetime

import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct

from aggregation_svc.domain.inline_batch import violations
from aggregation_svc.domain.moments import Plausible
from aggregation_svc.servicers.inline import legacy_record


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T17:00:00Z",
        "2026-11-22T17:00:00",
        "2026-11-22T19:00:00+02:00",
        "2026-11-22T12:00:00-05:00",
        "2026-11-22T12:00:00.000-05:00",
    ],
)
def test_a_time_may_have_any_zone_and_none_is_utc(text: str) -> None:
    record = legacy_record(ParseDict({"user_id": "ann", "sessions": [{"started_at": text}]}, Struct()))
    assert record.malformed == ()
    assert record.sessions[0].started_at == 1_795_366_800_000_000


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-22", "2026-11-22T17:00:00+99:99", "9999-12-31T23:59:59-23:59"]
)
def test_what_is_no_time_is_listed(text: str) -> None:
    record = legacy_record(ParseDict({"user_id": "ann", "sessions": [{"started_at": text}]}, Struct()))
    assert [field for field, _ in record.malformed] == ["sessions[0].started_at"]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_is_kept_to_be_judged_and_counts_are_listed(number: float) -> None:
    message = Struct()
    message.update(
        {"user_id": "ann", "note": number, "sessions": [{"duration_minutes": number, "interaction_count": number}]}
    )
    record = legacy_record(message)
    assert [field for field, _ in record.malformed] == ["sessions[0].interaction_count"]
    assert list(violations(record, 0, Plausible(datetime(2026, 11, 22, tzinfo=UTC))))[1].field == (
        "user_data[0].sessions[0].duration_minutes"
    )
