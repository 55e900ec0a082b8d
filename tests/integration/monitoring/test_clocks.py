"""Senders whose clocks are wrong are heard all the same."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import monitoring_pb2

from tests.integration.monitoring.conftest import CRISIS, Running
from tests.integration.monitoring.test_metrics import put

LIMITS = {"warning_threshold": 80.0, "critical_threshold": 90.0}


def moment(ahead: timedelta) -> Timestamp:
    found = Timestamp()
    found.FromDatetime(datetime.now(UTC) + ahead)
    return found


async def test_a_host_whose_clock_is_fast_hides_no_critical_value_of_another(monitoring: Running) -> None:
    await put(monitoring, 1, recorded_at=moment(timedelta(minutes=4)), **LIMITS)
    answer = await put(monitoring, 99)
    assert len(answer.alert_ids) == 1
    assert answer.metric.status == monitoring_pb2.METRIC_STATUS_CRITICAL


async def test_a_point_far_ahead_is_refused(monitoring: Running) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await put(monitoring, 99, recorded_at=moment(timedelta(minutes=6)), **LIMITS)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize(
    "observed_at",
    [moment(timedelta(hours=1)), Timestamp(seconds=60), Timestamp(seconds=1_700_000_000_000)],
    ids=["ahead", "since the clock was reset", "in milliseconds"],
)
async def test_a_crisis_is_heard_whatever_the_senders_clock_shows(monitoring: Running, observed_at: Timestamp) -> None:
    answer = await monitoring.signal("p", CRISIS, observed_at=observed_at)
    assert [one.rule_id for one in answer.fired] == ["crisis_language"]
