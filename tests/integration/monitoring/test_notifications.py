"""Messages leave: at least once, under their key, whatever the channel does."""

import hmac
import ssl
from pathlib import Path

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import alert_pb2, common_pb2, notification_pb2

from mesh.telemetry import REGISTRY
from monitoring_svc.adapters.care_figures import CareFigures
from monitoring_svc.adapters.store.tables import timers
from tests.integration.mesh.certificates import Authority
from tests.integration.monitoring.conftest import CRISIS, Launch, Running, eventually
from tests.integration.monitoring.receivers import MailServer, mail_server, reserved_port, webhook

WEBHOOK = notification_pb2.CHANNEL_WEBHOOK
EMAIL = notification_pb2.CHANNEL_EMAIL


async def contact(running: Running, channel: int, address: str, **fields: object) -> str:
    definition = notification_pb2.ContactDefinition(
        name="on call", channel=channel, address=address, enabled=True, **fields
    )
    request = notification_pb2.CreateContactRequest(definition=definition)
    return (await running.notifications.CreateContact(request)).contact_id


async def route(running: Running, *contacts: str, **fields: object) -> str:
    definition = notification_pb2.RouteDefinition(name="all", contact_ids=contacts, enabled=True, **fields)
    request = notification_pb2.CreateRouteRequest(definition=definition)
    return (await running.notifications.CreateRoute(request)).route_id


async def deliveries(running: Running, *states: int) -> list[notification_pb2.Delivery]:
    request = notification_pb2.ListDeliveriesRequest(states=states, page_size=1000)
    return list((await running.notifications.ListDeliveries(request)).deliveries)


async def test_a_webhook_is_signed_and_carries_its_key_and_nothing_personal(monitoring: Running) -> None:
    async with webhook() as receiver:
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url, secret="shared secret"))
        await monitoring.signal("player-1", CRISIS)
        await eventually(lambda: receiver.posts)
        headers, content, body = receiver.posts[0]
        timestamp, _, digest = headers["x-tta-signature"].removeprefix("t=").partition(",v1=")
        expected = hmac.new(b"shared secret", f"{timestamp}.".encode() + body, "sha256").hexdigest()
        assert digest == expected
        assert headers["idempotency-key"] == content["delivery_id"]
        assert not {"subject_pseudonym", "data"} & set(content)


async def test_only_a_cleared_channel_carries_the_pseudonym(monitoring: Running) -> None:
    async with webhook() as receiver:
        cleared = await contact(monitoring, WEBHOOK, receiver.url, cleared_for_personal_data=True)
        await route(monitoring, cleared)
        await monitoring.signal("player-1", CRISIS)
        await eventually(lambda: receiver.posts)
        assert len(receiver.posts[0][1]["subject_pseudonym"]) == 64


async def test_three_thousand_repeats_are_one_message(on_postgres: Running) -> None:
    async with webhook() as receiver:
        await route(on_postgres, await contact(on_postgres, WEBHOOK, receiver.url))
        for _ in range(300):
            await on_postgres.signal("p", engagement_score=0.1)
        await eventually(lambda: receiver.posts)
        assert len(await deliveries(on_postgres)) == len(receiver.posts) == 1


async def test_a_webhook_that_fails_is_tried_again_under_the_same_key(monitoring: Running) -> None:
    async with webhook() as receiver:
        receiver.answers = [500, 429]
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url))
        await monitoring.signal("p", CRISIS)
        await eventually(lambda: receiver.posts)
        (sent,) = await eventually(lambda: deliveries(monitoring, notification_pb2.DELIVERY_STATE_DELIVERED))
        assert sent.attempts == 3
        assert receiver.posts[0][0]["idempotency-key"] == sent.delivery_id


async def test_what_is_refused_for_good_is_dead_and_can_be_sent_again(monitoring: Running) -> None:
    async with webhook() as receiver:
        receiver.answers = [400]
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url))
        await monitoring.signal("p", CRISIS)
        (dead,) = await eventually(lambda: deliveries(monitoring, notification_pb2.DELIVERY_STATE_DEAD))
        assert dead.last_error == "answered 400"
        await monitoring.notifications.RetryDelivery(
            notification_pb2.RetryDeliveryRequest(delivery_id=dead.delivery_id)
        )
        await eventually(lambda: receiver.posts)
        assert receiver.posts[0][0]["idempotency-key"] == dead.delivery_id


async def test_what_was_given_up_goes_with_its_contact_and_is_counted_no_more(monitoring: Running) -> None:
    figures = CareFigures(monitoring.wired.database)
    async with webhook() as receiver:
        receiver.answers = [400]
        contact_id = await contact(monitoring, WEBHOOK, receiver.url)
        await route(monitoring, contact_id)
        await monitoring.signal("p", CRISIS)
        await eventually(lambda: deliveries(monitoring, notification_pb2.DELIVERY_STATE_DEAD))
        await figures()
        assert given_up() == 1
        for each in (await monitoring.notifications.ListRoutes(notification_pb2.ListRoutesRequest())).routes:
            await monitoring.notifications.DeleteRoute(notification_pb2.DeleteRouteRequest(route_id=each.route_id))
        await monitoring.notifications.DeleteContact(notification_pb2.DeleteContactRequest(contact_id=contact_id))
    assert await deliveries(monitoring, notification_pb2.DELIVERY_STATE_DROPPED)
    await figures()
    assert given_up() == 0


def given_up() -> float | None:
    return REGISTRY.get_sample_value("tta_analytics_outbox_dead", {"channel": "webhook"})


async def test_redirects_are_not_followed(monitoring: Running) -> None:
    async with webhook() as receiver:
        receiver.answers = [302]
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url))
        await monitoring.signal("p", CRISIS)
        (dead,) = await eventually(lambda: deliveries(monitoring, notification_pb2.DELIVERY_STATE_DEAD))
        assert dead.last_error == "answered 302"


@pytest.mark.parametrize("address", ["http://example.org/x", "ftp://example.org", "https://"])
async def test_an_address_that_is_neither_https_nor_loopback_is_refused(monitoring: Running, address: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await contact(monitoring, WEBHOOK, address)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_mail_arrives_once_the_server_stops_answering_451_while_webhooks_go_on(
    postgres_url: str, launch: Launch
) -> None:
    server = MailServer(busy=2)
    async with mail_server(server), webhook() as receiver:
        running = await launch(postgres_url, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none")
        mail = await contact(running, EMAIL, "oncall@example.org")
        await route(running, mail, await contact(running, WEBHOOK, receiver.url))
        await running.signal("p", CRISIS)
        await eventually(lambda: receiver.posts)
        await eventually(lambda: server.mails)
        (recipients, message), *more = server.mails
        assert (recipients, more, server.attempts) == (["oncall@example.org"], [], 3)
        assert message["Subject"].startswith("[CRITICAL] Crisis language")

        async def sent() -> list[notification_pb2.Delivery]:
            arrived = await deliveries(running, notification_pb2.DELIVERY_STATE_DELIVERED)
            return [one for one in arrived if one.channel == EMAIL]

        (mailed,) = await eventually(sent)
        assert mailed.delivery_id in message["Message-ID"]


async def test_mail_arrives_after_a_server_that_hangs_up_mid_way(postgres_url: str, launch: Launch) -> None:
    server = MailServer(hang_up=1)
    async with mail_server(server):
        running = await launch(postgres_url, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none")
        await route(running, await contact(running, EMAIL, "oncall@example.org"))
        await running.signal("p", CRISIS)
        await eventually(lambda: server.mails)
        assert len(server.mails) == 1


@pytest.mark.parametrize("answer", ["535 5.7.8 wrong password", "554 no service"])
async def test_mail_arrives_after_a_server_that_refused_us_is_mended(
    answer: str, postgres_url: str, launch: Launch
) -> None:
    server = MailServer(refusals=[answer])
    async with mail_server(server):
        running = await launch(postgres_url, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none")
        await route(running, await contact(running, EMAIL, "oncall@example.org"))
        await running.signal("p", CRISIS)
        await eventually(lambda: server.mails)
    assert not server.refusals
    assert not await deliveries(running, notification_pb2.DELIVERY_STATE_DEAD)


async def test_mail_arrives_when_a_server_that_was_down_is_back(postgres_url: str, launch: Launch) -> None:
    server, reserved = MailServer(), reserved_port()
    port = reserved.getsockname()[1]
    running = await launch(postgres_url, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    await route(running, await contact(running, EMAIL, "oncall@example.org"))
    await running.signal("p", CRISIS)

    async def failed_once() -> bool:
        return any(one.last_error for one in await deliveries(running))

    await eventually(failed_once)
    async with mail_server(server, reserved):
        await eventually(lambda: server.mails)
    assert len(server.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_mail_goes_over_tls_to_a_server_that_its_authority_vouches_for(
    security: str, postgres_url: str, launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    server = MailServer()
    async with mail_server(server, **{security: _certified(authority)}):
        running = await launch(postgres_url, smtp_host="localhost", smtp_port=server.port, smtp_security=security)
        await route(running, await contact(running, EMAIL, "oncall@example.org"))
        await running.signal("p", CRISIS)
        await eventually(lambda: server.mails)
    assert len(server.mails) == 1


async def test_no_mail_goes_to_a_server_that_nobody_vouches_for(
    postgres_url: str, launch: Launch, tmp_path: Path
) -> None:
    server = MailServer()
    async with mail_server(server, starttls=_certified(Authority(tmp_path))):
        running = await launch(postgres_url, smtp_host="localhost", smtp_port=server.port)
        await route(running, await contact(running, EMAIL, "oncall@example.org"))
        await running.signal("p", CRISIS)

        async def failed_once() -> bool:
            return any(one.last_error for one in await deliveries(running))

        await eventually(failed_once)
    assert server.attempts == 0


def _certified(authority: Authority) -> ssl.SSLContext:
    chain, secret = authority.issue("mail", "mail")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, secret)
    return context


async def test_a_silence_holds_back_messages_but_never_a_crisis(monitoring: Running) -> None:
    async with webhook() as receiver:
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url))
        matcher = alert_pb2.Matcher(attribute="severity", values=["nothing"], negate=True)
        request = alert_pb2.CreateSilenceRequest(matchers=[matcher], comment="maintenance")
        request.ends_at.GetCurrentTime()
        request.ends_at.seconds += 3600
        await monitoring.alerts.CreateSilence(request)
        held = await monitoring.signal("p", engagement_score=0.1)
        assert held.fired[0].held_back_by == "silenced"
        crisis = await monitoring.signal("p", CRISIS)
        assert crisis.fired[0].held_back_by == ""
        await eventually(lambda: receiver.posts)
        assert {post[1]["alert_type"] for post in receiver.posts} == {"safety_concern"}


async def test_what_opened_in_a_silence_is_told_when_the_silence_ends(monitoring: Running) -> None:
    async with webhook() as receiver:
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url))
        matcher = alert_pb2.Matcher(attribute="rule_id", values=["low_engagement"])
        request = alert_pb2.CreateSilenceRequest(matchers=[matcher], comment="maintenance")
        request.ends_at.GetCurrentTime()
        request.ends_at.seconds += 3600
        silence = await monitoring.alerts.CreateSilence(request)
        (held,) = (await monitoring.signal("p", engagement_score=0.1)).fired
        (looked_at,) = (await monitoring.signal("q", engagement_score=0.1)).fired
        await monitoring.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=looked_at.alert_id))
        await monitoring.wired.clockwork.escalate()
        assert not receiver.posts
        await monitoring.alerts.DeleteSilence(alert_pb2.DeleteSilenceRequest(silence_id=silence.silence_id))
        await eventually(lambda: receiver.posts)
        await monitoring.wired.clockwork.escalate()
        told = [(post[1]["alert_id"], post[1]["reason"]) for post in receiver.posts]
        assert told == [(held.alert_id, "opened")]
        alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=held.alert_id))
        assert not alert.silenced


async def test_an_acknowledged_alert_does_not_hold_back_a_graver_signal_of_the_same_player(
    monitoring: Running,
) -> None:
    async with webhook() as receiver:
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url))
        first = await monitoring.signal("p", "I keep cutting myself")
        alert_id = first.fired[0].alert_id
        assert first.fired[0].severity < common_pb2.SEVERITY_CRITICAL
        await monitoring.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=alert_id))
        await monitoring.signal("p", CRISIS)
        await eventually(lambda: "severity_raised" in {post[1]["reason"] for post in receiver.posts})
        alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=alert_id))
        assert (alert.state, alert.severity) == (alert_pb2.ALERT_STATE_FIRING, common_pb2.SEVERITY_CRITICAL)


async def test_nobody_acknowledging_escalates_and_the_last_step_repeats_until_somebody_does(
    monitoring: Running,
) -> None:
    async with webhook() as first, webhook() as second:
        chief = await contact(monitoring, WEBHOOK, second.url)
        steps = [notification_pb2.EscalationStep(after_seconds=1, contact_ids=[chief])]
        policy = await monitoring.notifications.CreateEscalationPolicy(
            notification_pb2.CreateEscalationPolicyRequest(
                definition=notification_pb2.EscalationPolicyDefinition(name="fast", steps=steps)
            )
        )
        await route(monitoring, await contact(monitoring, WEBHOOK, first.url), policy_id=policy.policy_id)
        fired = (await monitoring.signal("p", CRISIS)).fired[0]
        await eventually(lambda: len(second.posts) >= 2)
        assert {post[1]["reason"] for post in second.posts} == {"escalated"}
        await eventually(lambda: first.posts)
        await monitoring.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=fired.alert_id))
        before = len(await deliveries(monitoring))
        async with monitoring.wired.database.begin() as connection:
            await connection.execute(sa.update(timers).values(due_at=await monitoring.wired.database.now(connection)))
        await monitoring.wired.clockwork.escalate()
        assert {post[1]["reason"] for post in first.posts} == {"opened"}
        assert len(await deliveries(monitoring)) == before


async def test_alerts_of_one_player_share_a_message_where_the_route_says_so(monitoring: Running) -> None:
    async with webhook() as receiver:
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url), group_seconds=1)
        await monitoring.signal("p", engagement_score=0.1, session_duration_minutes=500)
        await eventually(lambda: receiver.posts)
        ((_, content, _),) = receiver.posts
        assert len(content["others"]) == 1


@pytest.mark.parametrize("auth", ["on", "off"])
async def test_a_document_is_queued_once_per_request_and_recipient(
    postgres_url: str, launch: Launch, auth: str
) -> None:
    server = MailServer()
    async with mail_server(server):
        mail = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        running = await launch(postgres_url, auth=auth, **mail)
        file = notification_pb2.Attachment(filename="r.pdf", content_type="application/pdf", content=b"%PDF")
        request = notification_pb2.SendDocumentRequest(
            request_id="run-1", email_addresses=["a@example.org", "b@example.org"], title="Weekly", text="See inside."
        )
        request.attachments.append(file)
        first = await running.notifications.SendDocument(request)
        again = await running.notifications.SendDocument(request)
        assert first == again
        await eventually(lambda: len(server.mails) == 2)
        parts = [part.get_content_type() for part in server.mails[0][1].walk()]
        assert "application/pdf" in parts


async def test_a_channel_can_be_tried(monitoring: Running) -> None:
    async with webhook() as receiver:
        contact_id = await contact(monitoring, WEBHOOK, receiver.url)
        tried = await monitoring.notifications.TestChannel(notification_pb2.TestChannelRequest(contact_id=contact_id))
        assert receiver.posts[0][0]["idempotency-key"] == tried.delivery_key


async def test_a_contact_that_a_route_names_cannot_be_deleted_and_secrets_are_never_read(
    monitoring: Running,
) -> None:
    contact_id = await contact(monitoring, WEBHOOK, "https://example.org/hook", secret="hidden")
    await route(monitoring, contact_id)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await monitoring.notifications.DeleteContact(notification_pb2.DeleteContactRequest(contact_id=contact_id))
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    kept = await monitoring.notifications.GetContact(notification_pb2.GetContactRequest(contact_id=contact_id))
    assert kept.has_secret
    assert "hidden" not in str(kept)
