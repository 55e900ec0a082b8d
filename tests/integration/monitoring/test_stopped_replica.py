"""A replica that stops within a transaction of its pool gives back what it holds: the alerts of the others go on."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.refusal import Unavailable
from monitoring_svc.adapters.store import arrangements
from monitoring_svc.adapters.store.erasing import hold_log
from monitoring_svc.adapters.store.tables import alerts
from tests.integration.monitoring.conftest import CRISIS, Launch


async def hold_alerts(connection: AsyncConnection) -> None:
    """Take the rows of open alerts, as a rotation of keys does."""
    await connection.execute(sa.update(alerts).values(title=alerts.c.title))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("hold", [hold_log, arrangements.changed, hold_alerts], ids=["log", "arrangements", "alerts"])
async def test_a_signal_has_its_alert_after_another_replica_stopped(
    postgres_url: str, launch: Launch, hold: Callable[[AsyncConnection], Awaitable[None]]
) -> None:
    stopped, living = await launch(postgres_url), await launch(postgres_url)
    first = await living.signal("p", CRISIS)

    with pytest.raises(Unavailable):
        async with stopped.wired.database.begin() as connection:
            await hold(connection)
            async with asyncio.timeout(60):
                again = await living.signal("p", CRISIS)

    assert [one.alert_id for one in again.fired] == [one.alert_id for one in first.fired]
    async with stopped.wired.database.begin() as connection:
        await hold(connection)
