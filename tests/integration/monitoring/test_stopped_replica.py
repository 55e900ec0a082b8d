"""A replica that stops within a transaction of its pool gives back what it holds: the alerts of the others go on."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from tta.analytics.v1 import notification_pb2

from mesh.database import create_engine
from mesh.refusal import Unavailable
from monitoring_svc.adapters.store import arrangements, log_postgres
from monitoring_svc.adapters.store.erasing import hold_log
from monitoring_svc.adapters.store.tables import alerts, deliveries, timers
from tests.integration.monitoring.conftest import CRISIS, Launch, Running, eventually
from tests.integration.monitoring.receivers import webhook
from tests.integration.monitoring.test_notifications import WEBHOOK, contact, route
from tests.integration.monitoring.test_notifications import deliveries as listed


@pytest.fixture
def lasting_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause within a transaction ends as it does in service; only answers may take long."""
    monkeypatch.setattr(log_postgres, "ANSWER_SECONDS", 60.0)


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


async def test_an_escalation_is_sent_while_a_stopped_replica_holds_the_first_message(
    postgres_url: str, launch: Launch
) -> None:
    """It stopped while a statement of its claim was made ready: it is not idle, and goes on holding the row."""
    living: Running = await launch(postgres_url)
    async with webhook() as receiver:
        await route(living, await contact(living, WEBHOOK, receiver.url))
        receiver.answers = [503]
        alert_id = (await living.signal("p", CRISIS)).fired[0].alert_id

        async def failed() -> bool:
            return any(one.last_error for one in await listed(living, notification_pb2.DELIVERY_STATE_PENDING))

        await eventually(failed)
        stopped = create_engine(postgres_url)
        async with stopped.begin() as connection:
            first = sa.update(deliveries).where(deliveries.c.alert_id == alert_id)
            await connection.execute(first.values(attempts=deliveries.c.attempts))
            async with living.wired.database.begin() as other:
                await other.execute(sa.update(timers).values(due_at=await living.wired.database.now(other)))
            await living.wired.clockwork.escalate()
            await eventually(lambda: [post for post in receiver.posts if post[1]["reason"] == "escalated"])
        await stopped.dispose()


@pytest.mark.parametrize("name", ["pool", "log"])
async def test_no_transaction_lasts_longer_than_its_bound(postgres_url: str, launch: Launch, name: str) -> None:
    running = await launch(postgres_url)
    await running.signal("p", CRISIS)
    statement = "SHOW transaction_timeout"
    if name == "pool":
        async with running.wired.database.read() as connection:
            assert (await connection.execute(sa.text(statement))).scalar_one() == "1min"
    else:
        assert await running.wired.log._sessions._connection.fetchval(statement) == "1min"
