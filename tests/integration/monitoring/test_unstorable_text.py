"""A text that PostgreSQL can't hold is its sender's fault, and nobody else pays for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from tta.analytics.v1 import alert_pb2, legacy_monitoring_pb2, monitoring_pb2

from monitoring_svc.adapters.store.log_session import Care, LogSession
from monitoring_svc.domain.commands import Fire
from monitoring_svc.domain.firing import Firing
from monitoring_svc.domain.series import Point
from monitoring_svc.domain.severity import AlertType, Severity
from tests.integration.monitoring.conftest import CRISIS, Running

NUL = "a\0b"


def firing(fingerprint: str, title: str) -> Firing:
    return Firing(fingerprint, "threshold", AlertType.SYSTEM_PERFORMANCE, Severity.MEDIUM, title, "")


def sends(running: Running, alert_id: str) -> dict[str, Any]:
    """Return calls with a text that holds NUL, by the field that the refusal names."""
    return {
        "metric.labels[...]": running.game.ProcessMetric(
            monitoring_pb2.ProcessMetricRequest(
                metric=monitoring_pb2.MetricPoint(metric_name="m", labels={"host": NUL})
            )
        ),
        "metric.unit": running.game.ProcessMetric(
            monitoring_pb2.ProcessMetricRequest(metric=monitoring_pb2.MetricPoint(metric_name="m", unit=NUL))
        ),
        "metric_name": running.legacy_game.LegacyProcessMetric(
            legacy_monitoring_pb2.LegacyProcessMetricRequest(metric_name=NUL, value=1.0)
        ),
        "resolved_by": running.legacy.LegacyResolveAlert(
            legacy_monitoring_pb2.LegacyResolveAlertRequest(alert_id=alert_id, resolved_by=NUL)
        ),
        "note": running.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=alert_id, note=NUL)),
        "alert_id": running.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=NUL)),
        "alerts[0].labels[...]": running.operations.ReceiveSystemAlerts(
            monitoring_pb2.ReceiveSystemAlertsRequest(
                alerts=[monitoring_pb2.SystemAlert(status="firing", labels={"alertname": NUL})]
            )
        ),
        "alerts[0].annotations[...]": running.operations.ReceiveSystemAlerts(
            monitoring_pb2.ReceiveSystemAlertsRequest(
                alerts=[monitoring_pb2.SystemAlert(status="firing", annotations={"summary": NUL})]
            )
        ),
    }


async def test_a_text_that_holds_nul_is_refused_before_anything_is_written(monitoring: Running) -> None:
    alert_id = (await monitoring.signal("p", CRISIS)).fired[0].alert_id
    for field, call in sends(monitoring, alert_id).items():
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert field in str(refused.value.details())
    assert (await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=alert_id))).count == 1


async def test_a_crisis_is_heard_in_words_that_hold_nul(monitoring: Running) -> None:
    assert [one.rule_id for one in (await monitoring.signal("p", f"\0{CRISIS}")).fired] == ["crisis_language"]


async def test_what_cannot_be_written_is_found_in_few_transactions_and_the_others_are_written(
    on_postgres: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = on_postgres.wired.log
    transactions = 0
    begin = log._sessions.begin

    @asynccontextmanager
    async def counted(care: Care) -> AsyncIterator[LogSession]:
        nonlocal transactions
        transactions += 1
        async with begin(care) as session:
            yield session

    monkeypatch.setattr(log._sessions, "begin", counted)
    firings = [firing(f"{number:032}", NUL if number == 77 else "Slow") for number in range(200)]
    answers = await asyncio.gather(*(log.submit(Fire((one,))) for one in firings), return_exceptions=True)

    assert [number for number, answer in enumerate(answers) if isinstance(answer, Exception)] == [77]
    assert transactions <= 20


async def test_a_series_that_cannot_be_kept_leaves_the_checkpoint_of_the_others(on_postgres: Running) -> None:
    metrics = on_postgres.wired.metrics
    now = datetime.now(UTC)
    points = [Point("latency", 1.0, now, labels={"host": NUL if number == 7 else f"{number}"}) for number in range(20)]
    await metrics.record(points, "game")
    await metrics.checkpoint()
    await metrics.checkpoint()

    metrics._series.clear()
    metrics._ready.clear()
    recorded = await metrics.record([point for point in points if point.labels["host"] != NUL], "game")
    assert {one.series.points for one in recorded} == {2}
