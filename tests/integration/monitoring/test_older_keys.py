"""What was stored under older keys is found under the new ones."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from tta.analytics.v1 import alert_pb2, common_pb2, monitoring_pb2, notification_pb2, rule_pb2

from mesh.pseudonyms import Sealer
from mesh.settings import SettingError
from monitoring_svc.adapters.store.tables import alert_events, alerts, deliveries, routes, signal_windows, silences
from tests.integration.monitoring.conftest import CRISIS, Launch, Running, eventually
from tests.integration.monitoring.rotating import (
    BOTH,
    KNOWN,
    LOW,
    ONE,
    SECRET,
    TWO,
    all_are_under_the_new_keys,
    both,
    crisis,
    opened,
    rotation,
    under,
)


async def test_silences_and_routes_mean_the_player_that_they_named(monitoring_under_one: Running) -> None:
    running = monitoring_under_one
    database = running.wired.database
    await running.signal("ann", **LOW)
    (alert,) = (await running.alerts.ListAlerts(alert_pb2.ListAlertsRequest())).alerts
    ann = alert_pb2.Matcher(attribute="subject_pseudonym", values=[alert.subject_pseudonym])
    silence = alert_pb2.CreateSilenceRequest(matchers=[ann], comment="at her wish")
    silence.ends_at.FromDatetime(datetime.now(UTC) + timedelta(hours=1))
    await running.alerts.CreateSilence(silence)
    contact = await running.notifications.CreateContact(
        notification_pb2.CreateContactRequest(
            definition=notification_pb2.ContactDefinition(
                name="hers", channel=notification_pb2.CHANNEL_EMAIL, address="a@example.org", secret=SECRET
            )
        )
    )
    definition = notification_pb2.RouteDefinition(name="hers", contact_ids=[contact.contact_id], matchers=[ann])
    await running.notifications.CreateRoute(notification_pb2.CreateRouteRequest(definition=definition))
    await eventually(rotation(database))
    now = both().pseudonyms.pseudonym("ann").hex()
    async with database.read() as connection:
        (silent,) = (await connection.execute(sa.select(silences.c.matchers))).scalars()
        (routed,) = (await connection.execute(sa.select(routes.c.definition))).scalars()
    for matchers in (silent, routed["matchers"]):
        assert [one["values"] for one in matchers] == [[alert.subject_pseudonym, now]]


@pytest.fixture
async def monitoring_under_one(database_url: str, launch: Launch) -> Running:
    running: Running = await launch(database_url, **under(KNOWN))
    return running


async def test_a_document_that_waits_is_sealed_anew(monitoring_under_one: Running) -> None:
    running, keys = monitoring_under_one, both()
    database = running.wired.database
    file = notification_pb2.Attachment(filename="r.pdf", content_type="application/pdf", content=b"%PDF" * 1000)
    await running.notifications.SendDocument(
        notification_pb2.SendDocumentRequest(
            request_id="1", email_addresses=["a@example.org"], title="Report", text="Here.", attachments=[file]
        )
    )
    await eventually(rotation(database))
    async with database.read() as connection:
        (parcel,) = (await connection.execute(sa.select(deliveries))).all()
    assert [Sealer.version(one) for one in (parcel.sealed_address, parcel.attachments)] == [2, 2]
    assert keys.sealer.open(parcel.sealed_address, parcel.delivery_id) == "a@example.org"


async def test_a_request_answered_under_a_key_that_is_gone_is_made_again(database_url: str, launch: Launch) -> None:
    ask, tickets = alert_pb2.CreateStreamTicketRequest(request_id="1"), []
    for keys in (ONE, BOTH, TWO, TWO):
        running = await launch(database_url, **under(keys))
        tickets.append((await running.alerts.CreateStreamTicket(ask)).ticket)
        await running.stop()
    assert tickets[0] == tickets[1] != tickets[2] == tickets[3]


async def test_rolling_statistics_go_on_under_the_new_pseudonym(database_url: str, launch: Launch) -> None:
    rule = rule_pb2.RuleDefinition(
        rule_id="often",
        title="Often",
        condition="count.engagement_score >= 3.0",
        severity=common_pb2.SEVERITY_MEDIUM,
        alert_type=common_pb2.ALERT_TYPE_USER_ENGAGEMENT,
        enabled=True,
    )
    running = await launch(database_url, **under(ONE))
    await running.rules.CreateRule(rule_pb2.CreateRuleRequest(definition=rule))
    for _ in range(2):
        await running.signal("ann", engagement_score=0.9)
    await running.stop()
    running = await launch(database_url, **under(BOTH))
    (fired,) = (await running.signal("ann", engagement_score=0.9)).fired
    assert fired.rule_id == "often"
    await running.stop()
    async with opened(database_url) as database, database.read() as connection:
        assert set((await connection.execute(sa.select(signal_windows.c.key_version))).scalars()) == {1, 2}
    running = await launch(database_url, **under(TWO))

    async def only_new() -> bool:
        async with running.wired.database.read() as connection:
            return set((await connection.execute(sa.select(signal_windows.c.key_version))).scalars()) == {2}

    await eventually(only_new, 60)


async def test_rows_of_the_version_before_that_name_no_key_are_found_out(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url, **under(ONE))
    await crisis(running, "ann")
    async with running.wired.database.begin() as connection:
        await connection.execute(sa.update(alerts).values(key_versions=0))
    await running.stop()
    with pytest.raises(SettingError, match="TTA_SEAL_KEY"):
        await launch(postgres_url, **under(TWO))
    async with opened(postgres_url) as database:
        assert await rotation(database)()
        await all_are_under_the_new_keys(database)


async def test_events_that_outlived_their_alert_forget_their_player(database_url: str, launch: Launch) -> None:
    running = await launch(database_url, **under(KNOWN))
    gone, kept = await crisis(running, "ann"), await crisis(running, "ben")
    database = running.wired.database
    async with database.begin() as connection:
        await connection.execute(sa.delete(alerts).where(alerts.c.alert_id == gone))
    await eventually(rotation(database))
    async with database.read() as connection:
        rows = (await connection.execute(sa.select(alert_events).order_by(alert_events.c.position))).all()
    assert [(row.alert_id, row.subject is None) for row in rows] == [(gone, True), (kept, False)]
    assert rows[0].snapshot["data"] == {}


async def test_a_signal_that_is_sent_again_after_the_switch_is_told_what_became_of_the_first(
    database_url: str, launch: Launch
) -> None:
    signal = monitoring_pb2.Signal(user_id="ann", recent_messages=[CRISIS])
    request, told = monitoring_pb2.ProcessSignalRequest(signal=signal, request_id="1"), []
    for keys in (ONE, KNOWN, BOTH):
        running = await launch(database_url, **under(keys))
        told.append((await running.game.ProcessSignal(request)).fired)
        await running.stop()
    assert told[0]
    assert told[0] == told[1] == told[2]
