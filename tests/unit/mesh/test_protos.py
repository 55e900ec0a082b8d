from datetime import UTC, datetime, timedelta, timezone

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import access_pb2, common_pb2

from mesh.protos import enum_name, enum_value, image, methods, timestamp, to_datetime
from mesh.refusal import InvalidArgument


def test_enum_names_are_short_and_lower_case():
    assert enum_name(common_pb2.Severity, common_pb2.SEVERITY_HIGH) == "high"
    assert enum_name(common_pb2.AlertType, common_pb2.ALERT_TYPE_SAFETY_CONCERN) == "safety_concern"
    assert enum_name(common_pb2.Severity, 0) == ""
    assert enum_name(common_pb2.Severity, 99) == ""


def test_every_short_name_leads_back():
    for enum in (common_pb2.Severity, common_pb2.PrivacyLevel, access_pb2.Permission):
        for number in enum.values():
            assert enum_value(enum, enum_name(enum, number)) == number


def test_an_unknown_name_is_refused_with_the_names_that_exist():
    with pytest.raises(InvalidArgument) as refusal:
        enum_value(common_pb2.Grain, "year")
    assert refusal.value.violations[0].field == "grain"
    assert refusal.value.violations[0].description == "is none of day, week, month"


def test_moments_survive_the_wire_in_utc():
    there = datetime(2026, 5, 4, 3, 2, 1, 987654, tzinfo=timezone(timedelta(hours=2)))
    assert to_datetime(timestamp(there)) == there
    assert to_datetime(timestamp(there)).tzinfo is UTC
    with pytest.raises(ValueError, match="time zone"):
        timestamp(datetime(2026, 5, 4))  # noqa: DTZ001


def test_the_image_knows_every_call():
    names = {f"{service}/{method.name}" for service, method in methods()}
    assert "tta.analytics.v1.AlertService/StreamAlerts" in names
    assert any(file.name == "tta/analytics/v1/access.proto" for file in image().file)


@pytest.mark.parametrize("seconds", [253_402_300_800, -62_135_596_801, 2**63 - 1, -(2**63)])
def test_a_moment_beyond_the_calendar_is_refused(seconds):
    with pytest.raises(InvalidArgument):
        to_datetime(Timestamp(seconds=seconds))
