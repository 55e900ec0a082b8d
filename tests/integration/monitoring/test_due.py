"""What has been clear for long enough is found among any number of others."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from tta.analytics.v1 import alert_pb2

from monitoring_svc.adapters.store import alert_rows
from monitoring_svc.adapters.store.tables import alerts
from monitoring_svc.domain import alert as life
from monitoring_svc.domain.firing import Firing, fingerprint
from monitoring_svc.domain.severity import AlertType, Severity
from tests.integration.monitoring.conftest import Running, eventually


async def test_hundreds_of_alerts_that_take_an_hour_to_resolve_hold_up_none_that_takes_a_minute(
    monitoring: Running,
) -> None:
    database = monitoring.wired.database
    async with database.begin() as connection:
        now = await database.now(connection)
        rows = []
        for name, seconds in [*((f"slow-{number}", 3600) for number in range(300)), ("quick", 60)]:
            sign = fingerprint(name, None, {})
            firing = Firing(sign, name, AlertType.USER_ENGAGEMENT, Severity.LOW, "t", "m", auto_resolve_seconds=seconds)
            opened = life.opened(firing, name, now - timedelta(hours=1)).alert
            cleared = replace(opened, cleared_at=now - timedelta(minutes=2 if name == "quick" else 30))
            rows.append({**alert_rows.to_row(cleared), **alert_rows.UNSEALED})
        await connection.execute(sa.insert(alerts), rows)

    async def resolved() -> bool:
        alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id="quick"))
        return bool(alert.state == alert_pb2.ALERT_STATE_RESOLVED)

    await eventually(resolved)
    slow = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id="slow-0"))
    assert slow.state == alert_pb2.ALERT_STATE_FIRING
