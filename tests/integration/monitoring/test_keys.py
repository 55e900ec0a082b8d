"""Keys rotate as the guide says: nobody is lost, no page waits, and a key that is still needed is not taken away."""

from datetime import timedelta
from importlib import import_module

import pytest
from tta.analytics.v1 import alert_pb2, notification_pb2

from mesh.settings import SettingError
from tests.integration.monitoring.conftest import Launch, eventually
from tests.integration.monitoring.receivers import webhook
from tests.integration.monitoring.rotating import (
    BOTH,
    KNOWN,
    LOW,
    ONE,
    TWO,
    all_are_under_the_new_keys,
    collected,
    crisis,
    forgotten,
    opened,
    paged_by,
    pages,
    revealed,
    rotated,
    rotation,
    signed,
    under,
)


async def test_the_guide_as_it_is_typed_loses_nobody(
    database_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A row that a signal holds while the keys rotate is left for the next look, which is ten minutes away in service.
    monkeypatch.setattr(import_module("monitoring_svc.bootstrap.background"), "KEYS_EVERY", timedelta(seconds=1))
    async with webhook() as receiver:
        running = await launch(database_url, **under(ONE))
        await paged_by(running, receiver)
        first = await crisis(running, "ann")
        await running.signal("ann", **LOW)
        await pages(receiver, first)
        await running.stop()
        for keys in (KNOWN, BOTH):
            running = await launch(database_url, **under(keys))
            assert await crisis(running, "ann") == first
            if keys == BOTH:
                await eventually(lambda: rotated(database_url), 60)
            await running.stop()

        running = await launch(database_url, **under(TWO))
        assert await crisis(running, "ann") == first
        assert await revealed(running, first) == "ann"
        second = await crisis(running, "ben")
        await pages(receiver, second)
        held = await collected(running, "ann")
        assert {record["alert_id"] for record in held["alerts"]} > {first}
        opened_ = [record for record in held["alert_events"] if record["kind"] == "opened"]
        assert len(opened_) == len(held["alerts"])
        await running.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=first))
        assert await forgotten(running, "ann")
        assert not await collected(running, "ann")
        listed = (await running.alerts.ListAlerts(alert_pb2.ListAlertsRequest())).alerts
        assert [one.alert_id for one in listed if one.subject_pseudonym] == [second]


@pytest.mark.parametrize(
    ("replaced", "replacing"), [(ONE, KNOWN), (KNOWN, BOTH), (BOTH, TWO)], ids=["known", "active", "alone"]
)
async def test_no_call_fails_while_replicas_are_replaced(
    postgres_url: str, launch: Launch, replaced: str, replacing: str
) -> None:
    async with webhook() as receiver:
        older = await launch(postgres_url, **under(replaced))
        await paged_by(older, receiver)
        kept = await crisis(older, "ann")
        newer = await launch(postgres_url, **under(replacing))
        await paged_by(newer, receiver)
        for one, other in ((older, newer), (newer, older)):
            for _ in range(3):
                assert await crisis(one, "ann") == kept
            fresh = await crisis(one, f"of {one.server.port}")
            await pages(receiver, fresh)
            assert await crisis(other, f"of {one.server.port}") == fresh
            assert await revealed(other, fresh) == f"of {one.server.port}"
            assert await revealed(one, kept) == "ann"
        for contact in (await older.notifications.ListContacts(notification_pb2.ListContactsRequest())).contacts:
            for one in (older, newer):
                await one.notifications.TestChannel(notification_pb2.TestChannelRequest(contact_id=contact.contact_id))
        assert all(signed(post) for post in receiver.posts)


@pytest.mark.parametrize(
    ("pseudonyms", "seals", "named"),
    [(BOTH, TWO, "TTA_SEAL_KEY"), (TWO, BOTH, "TTA_PSEUDONYM_KEY: lacks version 1"), (TWO, TWO, "TTA_")],
    ids=["pseudonyms", "seals", "either"],
)
async def test_a_key_that_is_taken_away_too_early_is_named(
    postgres_url: str, launch: Launch, pseudonyms: str, seals: str, named: str
) -> None:
    running = await launch(postgres_url, **under(ONE))
    await crisis(running, "ann")
    await running.stop()
    with pytest.raises(SettingError, match=named):
        await launch(postgres_url, pseudonym_key=pseudonyms, seal_key=seals)


async def test_the_secret_of_a_contact_keeps_its_key(postgres_url: str, launch: Launch) -> None:
    async with webhook() as receiver:
        running = await launch(postgres_url, **under(ONE))
        await paged_by(running, receiver)
        await running.stop()
        with pytest.raises(SettingError, match="TTA_SEAL_KEY"):
            await launch(postgres_url, **under(TWO))


async def test_a_replica_that_is_not_restarted_yet_moves_nothing_back(database_url: str, launch: Launch) -> None:
    running = await launch(database_url, **under(BOTH))
    alert = await crisis(running, "ann")
    await running.stop()
    running = await launch(database_url, **under(KNOWN))
    async with opened(database_url) as database:
        await eventually(rotation(database, active=1))
        await all_are_under_the_new_keys(database)
    assert await revealed(running, alert) == "ann"
