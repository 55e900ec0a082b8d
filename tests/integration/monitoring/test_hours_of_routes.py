"""Routes with hours, through the service: who is there is told, what may wait waits, a crisis does not."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from tta.analytics.v1 import alert_pb2, notification_pb2

from monitoring_svc.adapters.store import log_sql
from monitoring_svc.adapters.store.log_session import Opening
from monitoring_svc.adapters.store.tables import timers
from tests.integration.monitoring.conftest import CRISIS, Launch, Running, eventually
from tests.integration.monitoring.receivers import webhook
from tests.integration.monitoring.test_notifications import WEBHOOK, contact, route

KATHMANDU = "Asia/Kathmandu"
"""Five hours and three quarters ahead on every day: its clocks do not change while a test runs."""


def hours_from_now(first: int, last: int) -> notification_pb2.Hours:
    """Return hours by Kathmandu's clocks that begin and end so many minutes from now."""
    local = datetime.now(UTC).astimezone(ZoneInfo(KATHMANDU))
    minute = local.hour * 60 + local.minute
    return notification_pb2.Hours(
        time_zone=KATHMANDU, start_minute=(minute + first) % 1440, end_minute=(minute + last) % 1440 or 1440
    )


async def due(running: Running, alert_id: str) -> datetime:
    async with running.wired.database.read() as connection:
        statement = sa.select(timers.c.due_at).where(timers.c.alert_id == alert_id)
        found: datetime = (await connection.execute(statement)).scalar_one()
    return found


async def test_whoever_is_there_by_the_clocks_of_another_place_is_told(monitoring: Running) -> None:
    async with webhook() as there, webhook() as away:
        await route(monitoring, await contact(monitoring, WEBHOOK, there.url), hours=hours_from_now(-60, 60))
        await route(monitoring, await contact(monitoring, WEBHOOK, away.url), hours=hours_from_now(60, -60))
        dull = (await monitoring.signal("p", engagement_score=0.1)).fired[0]
        crisis = (await monitoring.signal("q", CRISIS)).fired[0]
        await eventually(lambda: len(there.posts) == 2)
        assert {post[1]["alert_id"] for post in there.posts} == {dull.alert_id, crisis.alert_id}
        assert not away.posts


async def test_outside_all_hours_a_crisis_is_told_at_once_and_what_may_wait_when_they_begin(
    monitoring: Running,
) -> None:
    async with webhook() as receiver:
        hook = await contact(monitoring, WEBHOOK, receiver.url)
        route_id = await route(monitoring, hook, hours=hours_from_now(120, 180))
        began = datetime.now(UTC)
        dull = (await monitoring.signal("p", engagement_score=0.1)).fired[0]
        assert dull.held_back_by == "silenced"
        crisis = (await monitoring.signal("q", CRISIS)).fired[0]
        await eventually(lambda: receiver.posts)
        assert [post[1]["alert_id"] for post in receiver.posts] == [crisis.alert_id]
        assert timedelta(minutes=118) < await due(monitoring, dull.alert_id) - began < timedelta(minutes=121)
        await monitoring.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=crisis.alert_id))
        definition = notification_pb2.RouteDefinition(
            name="all", contact_ids=[hook], enabled=True, hours=hours_from_now(-60, 60)
        )
        await monitoring.notifications.UpdateRoute(
            notification_pb2.UpdateRouteRequest(route_id=route_id, definition=definition)
        )
        await eventually(lambda: len(receiver.posts) == 2)
        assert (receiver.posts[1][1]["alert_id"], receiver.posts[1][1]["reason"]) == (dull.alert_id, "opened")


@pytest.mark.parametrize(("day", "nine"), [("2026-03-28", 8), ("2026-03-29", 7), ("2026-10-24", 7), ("2026-10-25", 8)])
async def test_nine_in_berlin_is_nine_also_on_the_days_on_which_the_clocks_change(
    day: str, nine: int, sqlite_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.fromisoformat(f"{day}T00:00+00:00") + timedelta(hours=nine, minutes=-1)
    opens: Callable[..., Awaitable[Opening]] = log_sql._SqlSession.open

    async def at_that_moment(*arguments: Any) -> Opening:
        return replace(await opens(*arguments), now=moment)

    monkeypatch.setattr(log_sql._SqlSession, "open", at_that_moment)
    async with webhook() as receiver:
        running: Running = await launch(sqlite_url)
        berlin = notification_pb2.Hours(time_zone="Europe/Berlin", start_minute=9 * 60, end_minute=17 * 60)
        await route(running, await contact(running, WEBHOOK, receiver.url), hours=berlin)
        early = (await running.signal("p", engagement_score=0.1)).fired[0]
        assert early.held_back_by == "silenced"
        assert await due(running, early.alert_id) == moment + timedelta(minutes=1)
        moment += timedelta(minutes=1)
        assert (await running.signal("q", engagement_score=0.1)).fired[0].held_back_by == ""
