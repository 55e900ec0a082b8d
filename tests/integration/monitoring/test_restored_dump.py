"""Monitoring's database from a dump: alerts are back, and pages of the past go out again or not, as the guide says."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from textwrap import dedent

import asyncpg
import pytest
from tta.analytics.v1 import alert_pb2, notification_pb2

from tests.integration.monitoring.conftest import CRISIS, Launch, Running, eventually
from tests.integration.monitoring.receivers import webhook
from tests.servers import PostgresServer, alone, postgres_binaries

GUIDE = Path(__file__).parents[3] / "docs/operations.md"
RESTORED = "monitoring_restored"
PENDING, DELIVERED = notification_pb2.DELIVERY_STATE_PENDING, notification_pb2.DELIVERY_STATE_DELIVERED


def drops_old_pages() -> str:
    """Return the statements that the guide gives for a dump that is older than an hour."""
    (found,) = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    return dedent(str(found))


@pytest.fixture
async def restored(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """Give the address of an empty database to restore into."""
    server = await asyncpg.connect(postgres_server.url())
    await server.execute(f"CREATE DATABASE {RESTORED} TEMPLATE template0")
    yield postgres_server.url(RESTORED)
    await alone(server, f"DROP DATABASE {RESTORED} WITH (FORCE)")
    await server.close()


async def run(program: str, *arguments: str) -> None:
    command = [str(postgres_binaries() / program), *arguments]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


async def in_state(running: Running, state: int) -> list[notification_pb2.Delivery]:
    request = notification_pb2.ListDeliveriesRequest(states=[state], page_size=1000)
    return list((await running.notifications.ListDeliveries(request)).deliveries)


@pytest.mark.parametrize("old", [False, True], ids=["a dump of this hour", "an older dump, by the guide"])
async def test_what_waited_when_the_dump_was_made_goes_out_again_but_where_the_guide_is_followed(
    postgres_url: str, restored: str, launch: Launch, tmp_path: Path, old: bool
) -> None:
    dump = str(tmp_path / "monitoring.dump")
    async with webhook() as receiver:
        receiver.answers = [500] * 1000
        running = await launch(postgres_url)
        contact = notification_pb2.ContactDefinition(
            name="on call", channel=notification_pb2.CHANNEL_WEBHOOK, address=receiver.url, enabled=True
        )
        made = await running.notifications.CreateContact(notification_pb2.CreateContactRequest(definition=contact))
        route = notification_pb2.RouteDefinition(name="all", contact_ids=[made.contact_id], enabled=True)
        await running.notifications.CreateRoute(notification_pb2.CreateRouteRequest(definition=route))
        (fired,) = (await running.signal("ann", CRISIS)).fired
        await run("pg_dump", "--format=custom", "--no-owner", "--file", dump, postgres_url)
        receiver.answers.clear()
        await eventually(lambda: receiver.posts)
        await running.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=fired.alert_id))
        await running.stop()
        sent = len(receiver.posts)
        await run("pg_restore", "--no-owner", "--exit-on-error", "--dbname", restored, dump)
        if old:
            connection = await asyncpg.connect(restored)
            await connection.execute(drops_old_pages())
            await connection.close()
        running = await launch(restored)
        alert = await running.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=fired.alert_id))
        assert alert.state == alert_pb2.ALERT_STATE_FIRING, "who resolved it since is not in the dump"
        if old:
            assert not await in_state(running, PENDING)
            (fresh,) = (await running.signal("ben", CRISIS)).fired
            await eventually(lambda: len(receiver.posts) > sent)
            delivered = await eventually(lambda: in_state(running, DELIVERED))
            assert {each.alert_id for each in delivered} == {fresh.alert_id}
        else:
            await eventually(lambda: len(receiver.posts) > sent)
