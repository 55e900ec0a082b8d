"""What a metric did while the log could not be reached is told afterwards."""

from collections.abc import Callable
from typing import Any

import grpc
import pytest
from tta.analytics.v1 import alert_pb2

from mesh.refusal import Unavailable
from monitoring_svc.adapters.store.reading import AlertReader
from tests.integration.monitoring.conftest import Launch, Running
from tests.integration.monitoring.test_metrics import put

LIMITS = {"warning_threshold": 100.0, "critical_threshold": 200.0}


async def _cleared(running: Running, alert_id: str) -> bool:
    return (await AlertReader(running.wired.database).get(alert_id)).cleared_at is not None


async def test_a_metric_that_turned_normal_while_the_database_was_away_clears_its_alert(
    monitoring: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    (alert_id,) = (await put(monitoring, 150, **LIMITS)).alert_ids
    submit: Callable[..., Any] = monitoring.wired.log.submit

    async def away(*_: Any) -> Any:
        raise Unavailable("database_unavailable", "The database is away.")

    monkeypatch.setattr(monitoring.wired.log, "submit", away)
    with pytest.raises(grpc.aio.AioRpcError):
        await put(monitoring, 10)
    monkeypatch.setattr(monitoring.wired.log, "submit", submit)
    assert not await _cleared(monitoring, alert_id)
    await put(monitoring, 10)
    assert await _cleared(monitoring, alert_id)
    alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=alert_id))
    assert alert.count == 1


async def test_an_alert_of_a_process_that_was_killed_before_its_checkpoint_clears(
    postgres_url: str, launch: Launch
) -> None:
    first = await launch(postgres_url)
    await put(first, 10, **LIMITS)
    await first.wired.metrics.checkpoint()
    (alert_id,) = (await put(first, 150)).alert_ids
    first.wired.metrics._series.clear()  # what a kill leaves: the checkpoint from before the alert
    await first.stop()
    second = await launch(postgres_url)
    await put(second, 10)
    assert await _cleared(second, alert_id)


async def test_an_anomaly_that_did_not_reach_the_log_is_told_once_with_the_next_point(
    monitoring: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(100):
        await put(monitoring, 10.0 + (number % 5) * 0.1)

    async def away(*_: Any) -> Any:
        raise Unavailable("database_unavailable", "The database is away.")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(monitoring.wired.log, "submit", away)
        for _ in range(2):
            with pytest.raises(grpc.aio.AioRpcError):
                await put(monitoring, 500.0)
    (alert_id,) = (await put(monitoring, 500.0)).alert_ids
    alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=alert_id))
    assert (alert.rule_id, alert.count, alert.data.fields["value"].number_value) == ("anomaly", 1, 500.0)
    assert not (await put(monitoring, 10.0)).alert_ids


async def test_an_anomaly_that_is_owed_outlives_a_restart(postgres_url: str, launch: Launch) -> None:
    first = await launch(postgres_url)
    for number in range(100):
        await put(first, 10.0 + (number % 5) * 0.1)

    async def away(*_: Any) -> Any:
        raise Unavailable("database_unavailable", "The database is away.")

    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(first.wired.log, "submit", away)
        with pytest.raises(grpc.aio.AioRpcError):
            await put(first, 500.0)
    await first.stop()
    second = await launch(postgres_url)
    assert len((await put(second, 10.0)).alert_ids) == 1
