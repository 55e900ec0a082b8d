"""PostgreSQL finds alerts, events and what is due by an index, once there is enough of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from mesh.database import Database
from mesh.migrations import upgrade
from monitoring_svc.adapters.store.due import DueRows
from monitoring_svc.adapters.store.outbox import Outbox
from monitoring_svc.adapters.store.reading import AlertReader
from monitoring_svc.adapters.store.subject import SubjectStore
from monitoring_svc.domain.delivery import Lane
from monitoring_svc.domain.routing import Channel
from tests.query_plans import fill, plans

EVENTS = 50_000


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    await upgrade(postgres_url, "monitoring_svc")
    database = Database(postgres_url)
    await fill(
        database,
        "INSERT INTO analytics.alert_events (position, alert_id, kind, occurred_at, actor, note, subject, snapshot) "
        f"SELECT n, 'a' || n / 5, 'fired', now() - n * interval '1 second', 'rule', '', int4send(n / 50), '{{}}' "
        f"FROM generate_series(1, {EVENTS}) n",
        "INSERT INTO analytics.escalation_timers (alert_id, step, due_at) "
        f"SELECT 'a' || n, 0, now() + n * interval '1 second' FROM generate_series(1, {EVENTS}) n",
        "INSERT INTO analytics.notification_deliveries (delivery_id, channel, urgent, content, state, attempts, fence, "
        "due_at, last_error, created_at) SELECT 'd' || n, 'email', true, '{}', "
        "CASE WHEN n % 100 = 0 THEN 'pending' ELSE 'delivered' END, 1, 1, now(), '', now() "
        f"FROM generate_series(1, {EVENTS}) n",
    )
    yield database
    await database.close()


async def test_a_subscriber_that_catches_up_reads_from_its_cursor(database: Database) -> None:
    assert "alert_events_pkey" in await plans(database, AlertReader(database).events(EVENTS, 50))


async def test_the_history_of_one_alert_is_found_by_its_index(database: Database) -> None:
    plan = await plans(database, AlertReader(database).events_of("a77", 50, EVENTS))
    assert "Seq Scan" not in plan
    assert "alert_events" in plan


async def test_the_events_of_a_player_who_is_erased_are_found_by_their_index(database: Database) -> None:
    plan = await plans(database, SubjectStore(database).strip([(77).to_bytes(4)]))
    assert "alert_events_subject" in plan
    assert "Seq Scan on alert_events" not in plan


async def test_timers_that_are_due_are_found_by_their_time(database: Database) -> None:
    assert "escalation_timers_due" in await plans(database, DueRows(database).escalations(50))


async def test_messages_that_are_due_are_found_among_those_that_wait(database: Database) -> None:
    outbox = Outbox(database)
    plan = await plans(
        database,
        outbox.claim({Lane(Channel.EMAIL, again=False): 8, Lane(Channel.SLACK, again=True): 8}, timedelta(seconds=30)),
    )
    assert plan.count("notification_deliveries_due") == 2
    assert "Seq Scan on notification_deliveries" not in plan
