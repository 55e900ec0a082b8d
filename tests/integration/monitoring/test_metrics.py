"""Metrics in; thresholds, anomalies and roll-ups out."""

import asyncio
from datetime import UTC, datetime, timedelta

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import alert_pb2, legacy_monitoring_pb2, monitoring_pb2

from monitoring_svc.adapters.store import care
from monitoring_svc.adapters.store.tables import alerts
from tests.integration.monitoring.conftest import Launch, Running, eventually
from tests.servers import free_port


async def put(running: Running, value: float, **fields: object) -> monitoring_pb2.ProcessMetricResponse:
    point = monitoring_pb2.MetricPoint(**({"metric_name": "latency", "value": value} | fields))
    return await running.game.ProcessMetric(monitoring_pb2.ProcessMetricRequest(metric=point))


async def test_a_threshold_alerts_and_ends_only_past_its_hysteresis(monitoring: Running) -> None:
    limits = {"warning_threshold": 100.0, "critical_threshold": 200.0}
    assert not (await put(monitoring, 99, **limits)).alert_ids
    (alert_id,) = (await put(monitoring, 100, **limits)).alert_ids
    assert (await put(monitoring, 201, **limits)).alert_ids == [alert_id]
    alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=alert_id))
    assert alert.severity == 4
    assert (await put(monitoring, 195, **limits)).metric.status == monitoring_pb2.METRIC_STATUS_CRITICAL
    assert (await put(monitoring, 96, **limits)).metric.status == monitoring_pb2.METRIC_STATUS_WARNING
    assert (await put(monitoring, 90, **limits)).metric.status == monitoring_pb2.METRIC_STATUS_NORMAL


async def test_a_value_unlike_all_before_is_an_anomaly(monitoring: Running) -> None:
    for number in range(200):
        await put(monitoring, 10.0 + (number % 5) * 0.1)
    answer = await put(monitoring, 500.0)
    assert answer.metric.anomaly_score >= 1
    assert len(answer.alert_ids) == 1


async def test_series_of_one_caller_are_bounded(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url, metric_series=3)
    for number in range(3):
        await put(running, 1.0, labels={"n": str(number)})
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await put(running, 1.0, labels={"n": "4"})
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_series_of_a_new_caller_are_bounded_however_many_calls_come_at_once(
    postgres_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = await launch(postgres_url, metric_series=2)
    rows = running.wired.metrics._rows
    count = rows.count

    async def late(caller: str) -> int:
        found = await count(caller)
        if caller == "game":
            await asyncio.sleep(1)
        return found

    monkeypatch.setattr(rows, "count", late)
    calls = (put(running, 1.0, labels={"n": str(number)}) for number in range(4))
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(each, grpc.aio.AioRpcError) for each in answers) == 2


async def test_labels_tell_series_apart_and_a_series_keeps_its_unit(monitoring: Running) -> None:
    await put(monitoring, 1.0, labels={"queue": "mail"}, unit="jobs")
    await put(monitoring, 2.0, labels={"queue": "text"}, unit="jobs")
    listed = await monitoring.operations.ListMetrics(monitoring_pb2.ListMetricsRequest(name_prefix="latency"))
    assert {(one.labels["queue"], one.value, one.unit) for one in listed.metrics} == {
        ("mail", 1.0, "jobs"),
        ("text", 2.0, "jobs"),
    }


async def test_a_metric_without_a_point_for_long_is_stale(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url, metric_staleness="1h")
    moment = Timestamp()
    moment.FromDatetime(datetime.now(UTC) - timedelta(hours=2))
    assert (await put(running, 1.0, recorded_at=moment)).metric.stale
    assert not (await put(running, 1.0)).metric.stale


async def test_endpoints_of_other_services_are_scraped_and_one_that_is_away_is_said_so(
    postgres_url: str, launch: Launch
) -> None:
    there = await launch(postgres_url)
    up = f"http://127.0.0.1:{there.server.http_port}/metrics"
    down = f"http://127.0.0.1:{free_port()}/metrics"
    running = await launch(postgres_url, scrape_targets=[up, down])

    async def scraped() -> dict[str, float]:
        asked = monitoring_pb2.ListMetricsRequest(name_prefix="scrape_up")
        listed = await running.operations.ListMetrics(asked)
        return {one.labels["target"]: one.value for one in listed.metrics}

    async def told() -> bool:
        return await scraped() == {up: 1.0, down: 0.0}

    await eventually(told)  # one that answers too late at first is up with the next look


async def test_figures_of_host_and_process_are_real(monitoring: Running) -> None:
    async def measured() -> bool:
        listed = await monitoring.operations.ListMetrics(monitoring_pb2.ListMetricsRequest(page_size=1000))
        names = {one.metric_name for one in listed.metrics if one.value > 0}
        return {"host_memory_percent", "process_resident_bytes"} <= names

    await eventually(measured)


async def test_points_roll_up_and_survive_a_restart(database_url: str, launch: Launch) -> None:
    moment = Timestamp()
    moment.FromDatetime(datetime.now(UTC) - timedelta(days=1))  # all in one window, though an hour ends meanwhile
    first = await launch(database_url)
    for value in (1.0, 2.0, 3.0):
        await put(first, value, unit="seconds", recorded_at=moment)
    await first.stop()
    second = await launch(database_url)
    for value in (4.0, 5.0):
        await put(second, value, recorded_at=moment)
    await second.wired.metrics.checkpoint()
    for window in (1, 2, 3, 4):
        request = monitoring_pb2.ListMetricRollupsRequest(metric_name="latency", window=window)
        (rollup,) = (await second.operations.ListMetricRollups(request)).rollups
        assert (rollup.count, rollup.mean, rollup.minimum, rollup.maximum, rollup.last) == (5, 3.0, 1.0, 5.0, 5.0)
        assert rollup.standard_deviation == pytest.approx(2.5**0.5)


async def test_watching_shows_everything_first_and_then_what_changed(monitoring: Running) -> None:
    await put(monitoring, 1.0)
    call = monitoring.operations.WatchMetrics(
        monitoring_pb2.WatchMetricsRequest(name_prefix="lat", interval_milliseconds=50)
    )
    assert [one.value for one in (await call.read()).metrics] == [1.0]
    await put(monitoring, 2.0)
    while not (changed := (await call.read()).metrics):
        pass
    assert [one.value for one in changed] == [2.0]
    call.cancel()


async def test_care_is_measured(monitoring: Running) -> None:
    fired = (await monitoring.signal("p", engagement_score=0.1)).fired[0]
    await monitoring.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=fired.alert_id))
    await monitoring.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=fired.alert_id))
    told = await monitoring.operations.GetCareFigures(monitoring_pb2.GetCareFiguresRequest())
    assert (told.time_to_acknowledge.count, told.time_to_resolve.count, told.interventions) == (1, 1, 1)


async def test_of_more_alerts_than_are_looked_at_the_newest_tell_how_soon_people_came(
    monitoring: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(care, "LIMIT", 1)
    for number in range(8):
        fired = (await monitoring.signal(f"p{number}", engagement_score=0.1)).fired[0]
        await monitoring.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=fired.alert_id))
    async with monitoring.wired.database.begin() as connection:
        old = await monitoring.wired.database.now(connection) - timedelta(days=1)
        await connection.execute(sa.update(alerts).where(alerts.c.alert_id != fired.alert_id).values(triggered_at=old))
    figures = await monitoring.operations.GetCareFigures(monitoring_pb2.GetCareFiguresRequest())
    assert figures.time_to_acknowledge.count == 1
    assert figures.time_to_acknowledge.maximum_seconds < 3600


async def test_the_earlier_systems_callers_get_the_answers_they_know(monitoring: Running) -> None:
    pb = legacy_monitoring_pb2
    done = await monitoring.legacy_game.LegacyProcessMetric(
        pb.LegacyProcessMetricRequest(metric_name="m", value=3.0, warning_threshold=1.0, critical_threshold=2.0)
    )
    assert (done.status, done.metric) == ("processed", "m")
    user = await monitoring.legacy_game.LegacyProcessUser(
        pb.LegacyProcessUserRequest(user_id="u", engagement_score=0.1)
    )
    assert (user.status, user.user_id) == ("processed", "u")
    active = await monitoring.legacy.LegacyListActiveAlerts(pb.LegacyListActiveAlertsRequest())
    assert {one.alert_type for one in active.alerts} == {"system_performance", "user_engagement"}
    assert active.count == 2
    resolved = await monitoring.legacy.LegacyResolveAlert(
        pb.LegacyResolveAlertRequest(alert_id=active.alerts[0].alert_id, resolved_by="dr ada")
    )
    assert resolved.status == "resolved"
    current = await monitoring.legacy.LegacyGetCurrentMetrics(pb.LegacyGetCurrentMetricsRequest())
    assert current.metrics["m"]["status"] == "critical"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await monitoring.legacy.LegacyResolveAlert(pb.LegacyResolveAlertRequest(alert_id="none"))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
