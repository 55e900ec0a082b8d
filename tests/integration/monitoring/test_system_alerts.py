"""What Alertmanager posts becomes alerts, and what operators see of our care becomes gauges."""

from prometheus_client import generate_latest
from tta.analytics.v1 import alert_pb2, common_pb2, monitoring_pb2

from mesh.telemetry import REGISTRY
from monitoring_svc.adapters.care_figures import CareFigures
from tests.integration.monitoring.conftest import CRISIS, Running, eventually


def group(status: str, **labels: str) -> monitoring_pb2.ReceiveSystemAlertsRequest:
    labels = {"alertname": "ServiceDown", "severity": "critical", "job": "reporting"} | labels
    annotations = {"summary": "reporting is down", "runbook_url": "docs/operations.md#servicedown"}
    alert = monitoring_pb2.SystemAlert(status=status, labels=labels, annotations=annotations, fingerprint="0f")
    return monitoring_pb2.ReceiveSystemAlertsRequest(alerts=[alert])


async def test_an_alert_of_the_system_folds_and_resolves_when_alertmanager_says_so(monitoring: Running) -> None:
    first = await monitoring.game.ReceiveSystemAlerts(group("firing"))
    again = await monitoring.game.ReceiveSystemAlerts(group("firing"))
    assert list(first.alert_ids) == list(again.alert_ids)
    alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=first.alert_ids[0]))
    assert (alert.alert_type, alert.severity) == (
        common_pb2.ALERT_TYPE_SYSTEM_PERFORMANCE,
        common_pb2.SEVERITY_CRITICAL,
    )
    assert (alert.title, alert.count) == ("reporting is down", 2)
    other = await monitoring.game.ReceiveSystemAlerts(group("firing", job="gateway"))
    assert other.alert_ids != first.alert_ids
    assert not (await monitoring.game.ReceiveSystemAlerts(group("resolved"))).alert_ids

    async def resolved() -> bool:
        found = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=first.alert_ids[0]))
        return bool(found.state == alert_pb2.ALERT_STATE_RESOLVED)

    assert await eventually(resolved)


def shown() -> dict[str, float]:
    lines = [line for line in generate_latest(REGISTRY).decode().splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


async def test_gauges_tell_alerts_by_state_and_how_long_they_wait_for_a_person(monitoring: Running) -> None:
    answer = await monitoring.signal("player-1", CRISIS)
    figures = CareFigures(monitoring.wired.database)
    open_now = 'tta_analytics_alerts_open{alert_type="safety_concern",severity="critical",state="firing"}'
    waits = 'tta_analytics_alert_oldest_unacknowledged_seconds{severity="critical"}'
    before = shown()['tta_analytics_alert_acknowledge_seconds_count{severity="critical"}']
    await figures()
    assert shown()[open_now] == 1
    assert 0 <= shown()[waits] < 60
    await monitoring.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=answer.fired[0].alert_id))
    await figures()
    assert shown()[open_now] == 0
    assert shown()[waits] == 0
    assert shown()['tta_analytics_alert_acknowledge_seconds_count{severity="critical"}'] == before + 1
    assert "player-1" not in generate_latest(REGISTRY).decode()


async def test_an_alert_about_waiting_alerts_is_none_of_those_that_wait_for_a_person(monitoring: Running) -> None:
    """It would be told of itself for as long as nobody acknowledges it."""
    await monitoring.game.ReceiveSystemAlerts(group("firing", alertname="CriticalAlertUnseen"))
    await CareFigures(monitoring.wired.database)()
    assert shown()['tta_analytics_alert_oldest_unacknowledged_seconds{severity="critical"}'] == 0
    open_now = 'tta_analytics_alerts_open{alert_type="system_performance",severity="critical",state="firing"}'
    assert shown()[open_now] == 1
