"""Slack, PagerDuty and text messages, each against a real HTTP server."""

import pytest
from tta.analytics.v1 import notification_pb2

from tests.integration.monitoring.conftest import CRISIS, Running, eventually
from tests.integration.monitoring.receivers import webhook
from tests.integration.monitoring.test_notifications import contact, deliveries, route


async def test_slack_hears_the_title_and_the_key_of_the_delivery(on_postgres: Running) -> None:
    async with webhook() as receiver:
        receiver.answers = [500]
        await route(on_postgres, await contact(on_postgres, notification_pb2.CHANNEL_SLACK, receiver.url))
        await on_postgres.signal("player-1", CRISIS)
        await eventually(lambda: receiver.posts)
        headers, content, _ = receiver.posts[0]
        (sent,) = await eventually(lambda: deliveries(on_postgres, notification_pb2.DELIVERY_STATE_DELIVERED))
        assert content["text"].startswith("*[CRITICAL] Crisis language")
        assert content["metadata"]["event_payload"]["delivery_id"] == sent.delivery_id
        assert headers["idempotency-key"] == sent.delivery_id
        assert "player-1" not in str(content)


async def test_pagerduty_is_triggered_under_one_dedup_key(on_postgres: Running) -> None:
    async with webhook() as receiver:
        receiver.answers = [503, 429]
        pager = await contact(on_postgres, notification_pb2.CHANNEL_PAGERDUTY, receiver.url, secret="routing key")
        await route(on_postgres, pager)
        await on_postgres.signal("player-1", CRISIS)
        await eventually(lambda: receiver.posts)
        _, event, _ = receiver.posts[0]
        (sent,) = await eventually(lambda: deliveries(on_postgres, notification_pb2.DELIVERY_STATE_DELIVERED))
        assert (event["routing_key"], event["event_action"]) == ("routing key", "trigger")
        assert event["dedup_key"] == sent.delivery_id
        assert event["payload"]["severity"] == "critical"
        assert sent.attempts == 3


@pytest.mark.filterwarnings(
    "ignore:'imghdr' is deprecated:DeprecationWarning"
)  # Apprise, when it first loads its plugins
async def test_a_text_goes_through_the_providers_address(on_postgres: Running) -> None:
    async with webhook() as receiver:
        provider = f"json://127.0.0.1:{receiver.port}/send/{{address}}"
        phone = await contact(on_postgres, notification_pb2.CHANNEL_SMS, "+4915112345678", secret=provider)
        await route(on_postgres, phone)
        await on_postgres.signal("player-1", CRISIS)
        await eventually(lambda: receiver.posts)
        _, content, _ = receiver.posts[0]
        assert content["message"].startswith("[CRITICAL] Crisis language")
        assert len(content["message"]) <= 300
        assert "player-1" not in str(content)
