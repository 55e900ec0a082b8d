"""Every write of monitoring, found in the descriptors, counts once under its request id."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import alert_pb2, common_pb2, monitoring_pb2, notification_pb2, rule_pb2

from tests.integration.monitoring.conftest import CRISIS, Running, eventually
from tests.integration.monitoring.receivers import Webhook, webhook

SERVICES = (
    alert_pb2.DESCRIPTOR.services_by_name["AlertService"],
    monitoring_pb2.DESCRIPTOR.services_by_name["MonitoringService"],
    rule_pb2.DESCRIPTOR.services_by_name["RuleService"],
    notification_pb2.DESCRIPTOR.services_by_name["NotificationService"],
)
USED_UP_BY_ITSELF = "RedeemStreamTicket"
"""A ticket opens one stream: a repeat must not open a second."""

WRITES = {
    method.name: method
    for service in SERVICES
    for method in service.methods
    if method.GetOptions().idempotency_level != MethodOptions.NO_SIDE_EFFECTS and method.name != USED_UP_BY_ITSELF
}
Prepared = tuple[Any, Any]
"""A request, and another of the same call; neither with its request id."""
CONTACT = notification_pb2.ContactDefinition(
    name="on call", channel=notification_pb2.CHANNEL_EMAIL, address="a@example.org", enabled=True
)


def signal(user_id: str) -> monitoring_pb2.Signal:
    return monitoring_pb2.Signal(user_id=user_id, recent_messages=[CRISIS])


def point(value: float) -> monitoring_pb2.MetricPoint:
    return monitoring_pb2.MetricPoint(metric_name="queue_length", value=value)


def rule(title: str) -> rule_pb2.RuleDefinition:
    return rule_pb2.RuleDefinition(
        rule_id="tired",
        title=title,
        condition="engagement_score < 0.1",
        severity=common_pb2.SEVERITY_MEDIUM,
        alert_type=common_pb2.ALERT_TYPE_USER_ENGAGEMENT,
        enabled=True,
    )


def in_hours(hours: int) -> Timestamp:
    moment = Timestamp()
    moment.FromDatetime(datetime.now(UTC) + timedelta(hours=hours))
    return moment


async def an_alert(running: Running, user_id: str = "p-1") -> str:
    return (await running.signal(user_id, CRISIS)).fired[0].alert_id


async def a_contact(running: Running, **fields: Any) -> str:
    definition = notification_pb2.ContactDefinition()
    definition.CopyFrom(CONTACT)
    for name, value in fields.items():
        setattr(definition, name, value)
    made = await running.notifications.CreateContact(notification_pb2.CreateContactRequest(definition=definition))
    return made.contact_id


async def a_route(running: Running) -> notification_pb2.Route:
    definition = notification_pb2.RouteDefinition(name="all", contact_ids=[await a_contact(running)], enabled=True)
    return await running.notifications.CreateRoute(notification_pb2.CreateRouteRequest(definition=definition))


async def a_policy(running: Running) -> notification_pb2.EscalationPolicy:
    step = notification_pb2.EscalationStep(after_seconds=30, contact_ids=[await a_contact(running)])
    definition = notification_pb2.EscalationPolicyDefinition(name="night", steps=[step])
    return await running.notifications.CreateEscalationPolicy(
        notification_pb2.CreateEscalationPolicyRequest(definition=definition)
    )


async def a_dead_delivery(running: Running, receiver: Webhook) -> str:
    """Return a delivery that its receiver refuses for good."""
    contact = await a_contact(running, channel=notification_pb2.CHANNEL_WEBHOOK, address=receiver.url, secret="s" * 32)
    receiver.answers = [410]
    asked = notification_pb2.SendDocumentRequest(request_id="a letter", contact_ids=[contact], title="A letter")
    (key,) = (await running.notifications.SendDocument(asked)).delivery_ids
    dead = notification_pb2.ListDeliveriesRequest(states=[notification_pb2.DELIVERY_STATE_DEAD])

    async def given_up() -> bool:
        return len((await running.notifications.ListDeliveries(dead)).deliveries) == 1

    await eventually(given_up)
    return key


def changed(definition: Any, name: str) -> Any:
    other = type(definition)()
    other.CopyFrom(definition)
    other.name = name
    return other


async def prepared(call: str, running: Running, receiver: Webhook) -> Prepared:
    """Return two requests of a call whose first one can be met."""
    made = WRITES[call].input_type._concrete_class
    match call:
        case "AcknowledgeAlert" | "ResolveAlert":
            alert = await an_alert(running)
            return made(alert_id=alert), made(alert_id=alert, note="seen")
        case "RevealAlertSubject":
            alert = await an_alert(running)
            return made(alert_id=alert, purpose="to call the player"), made(
                alert_id=alert, purpose="for another reason"
            )
        case "CreateSilence":
            matcher = alert_pb2.Matcher(attribute="rule_id", values=["low_engagement"])
            first = made(matchers=[matcher], ends_at=in_hours(1), comment="works")
            return first, made(matchers=[matcher], ends_at=in_hours(2), comment="works")
        case "DeleteSilence":
            matcher = alert_pb2.Matcher(attribute="rule_id", values=["low_engagement"])
            asked = alert_pb2.CreateSilenceRequest(matchers=[matcher], ends_at=in_hours(1), comment="works")
            return made(silence_id=(await running.alerts.CreateSilence(asked)).silence_id), made(silence_id="another")
        case "CreateStreamTicket":
            return made(), None
        case "ProcessSignal":
            return made(signal=signal("p-1")), made(signal=signal("p-2"))
        case "IngestSignals":
            return made(signals=[signal("p-1")]), made(signals=[signal("p-2")])
        case "ProcessMetric":
            return made(metric=point(1)), made(metric=point(2))
        case "IngestMetrics":
            return made(metrics=[point(1)]), made(metrics=[point(2)])
        case "ReceiveSystemAlerts":
            one, two = (monitoring_pb2.SystemAlert(status="firing", labels={"alertname": name}) for name in "ab")
            return made(alerts=[one]), made(alerts=[two])
        case "CreateRule":
            return made(definition=rule("Tired")), made(definition=rule("Very tired"))
        case "UpdateRule" | "DeleteRule":
            await running.rules.CreateRule(rule_pb2.CreateRuleRequest(definition=rule("Tired")))
            if call == "DeleteRule":
                return made(rule_id="tired"), made(rule_id="another")
            first = made(rule_id="tired", definition=rule("More"), version=1)
            return first, made(rule_id="tired", definition=rule("Less"), version=1)
        case "CreateContact":
            return made(definition=CONTACT), made(definition=changed(CONTACT, "another"))
        case "UpdateContact" | "DeleteContact" | "TestChannel":
            web = {"channel": notification_pb2.CHANNEL_WEBHOOK, "address": receiver.url, "secret": "s" * 32}
            contact, other = await a_contact(running, **web), await a_contact(running, **web)
            if call == "UpdateContact":
                return made(contact_id=contact, definition=CONTACT), made(contact_id=other, definition=CONTACT)
            return made(contact_id=contact), made(contact_id=other)
        case "CreateRoute" | "UpdateRoute" | "DeleteRoute":
            route = await a_route(running)
            if call == "DeleteRoute":
                return made(route_id=route.route_id), made(route_id="another")
            named = {} if call == "CreateRoute" else {"route_id": route.route_id}
            other = changed(route.definition, "another")
            return made(definition=route.definition, **named), made(definition=other, **named)
        case "CreateEscalationPolicy" | "UpdateEscalationPolicy" | "DeleteEscalationPolicy":
            policy = await a_policy(running)
            if call == "DeleteEscalationPolicy":
                return made(policy_id=policy.policy_id), made(policy_id="another")
            named = {} if call == "CreateEscalationPolicy" else {"policy_id": policy.policy_id}
            other = changed(policy.definition, "another")
            return made(definition=policy.definition, **named), made(definition=other, **named)
        case "RetryDelivery":
            return made(delivery_id=await a_dead_delivery(running, receiver)), made(delivery_id="another")
        case "SendDocument":
            contact = await a_contact(running)
            return made(contact_ids=[contact], title="Report"), None
    raise AssertionError(f"{call} writes: say here how it is asked")


async def ask(call: str, running: Running, request: Any) -> Any:
    """Make a call as somebody who may."""
    stubs: dict[str, Any] = {
        "AlertService": running.alerts,
        "MonitoringService": running.game,
        "RuleService": running.rules,
        "NotificationService": running.notifications,
    }
    method = getattr(stubs[WRITES[call].containing_service.name], call)
    if WRITES[call].client_streaming:
        return await method(once(request))
    return await method(request)


async def once(request: Any) -> AsyncIterator[Any]:
    yield request


async def traces(running: Running) -> tuple[int, ...]:
    """Return the size of everything that a write may add to."""
    named = running.notifications
    head = (await running.alerts.ListAlerts(alert_pb2.ListAlertsRequest())).cursor
    return (
        int(head.partition(".")[0]),
        len((await running.alerts.ListSilences(alert_pb2.ListSilencesRequest())).silences),
        len((await running.rules.ListRules(rule_pb2.ListRulesRequest(page_size=100))).rules),
        len((await named.ListContacts(notification_pb2.ListContactsRequest())).contacts),
        len((await named.ListRoutes(notification_pb2.ListRoutesRequest())).routes),
        len((await named.ListEscalationPolicies(notification_pb2.ListEscalationPoliciesRequest())).policies),
        len((await named.ListDeliveries(notification_pb2.ListDeliveriesRequest())).deliveries),
    )


@pytest.mark.parametrize("call", sorted(WRITES))
def test_every_write_takes_a_request_id(call: str) -> None:
    assert "request_id" in WRITES[call].input_type.fields_by_name


@pytest.mark.parametrize("call", sorted(WRITES))
async def test_a_repeat_is_answered_as_the_first_time_and_adds_nothing(call: str, on_postgres: Running) -> None:
    async with webhook() as receiver:
        request, other = await prepared(call, on_postgres, receiver)
        request.request_id = "r-1"
        first = await ask(call, on_postgres, request)
        if call in ("RetryDelivery", "TestChannel"):
            await eventually(lambda: len(receiver.posts) == 1)
        before, posts = await traces(on_postgres), len(receiver.posts)

        again = await ask(call, on_postgres, request)

        assert again == first
        assert (await traces(on_postgres), len(receiver.posts)) == (before, posts)
        if other is not None:
            other.request_id = "r-1"
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await ask(call, on_postgres, other)
            assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS


async def test_a_repeated_acknowledgement_does_not_undo_a_later_rise(monitoring: Running) -> None:
    alert_id = await an_alert(monitoring)
    request = alert_pb2.ResolveAlertRequest(alert_id=alert_id, request_id="r-1")
    await monitoring.alerts.ResolveAlert(request)
    opened = await an_alert(monitoring)
    assert opened != alert_id

    repeated = await monitoring.alerts.ResolveAlert(request)

    assert repeated.alert_id == alert_id
    now = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=opened))
    assert now.state == alert_pb2.ALERT_STATE_FIRING


async def test_a_refused_request_may_come_again_put_right(monitoring: Running) -> None:
    wrong = notification_pb2.DeleteRouteRequest(route_id="nowhere", request_id="r-1")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await monitoring.notifications.DeleteRoute(wrong)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND

    right = (await a_route(monitoring)).route_id
    await monitoring.notifications.DeleteRoute(notification_pb2.DeleteRouteRequest(route_id=right, request_id="r-1"))


async def test_no_request_id_is_stored_as_it_was_sent(on_postgres: Running) -> None:
    asked = monitoring_pb2.ProcessSignalRequest(signal=signal("p-1"), request_id="session of p-1")
    await on_postgres.game.ProcessSignal(asked)
    contact = notification_pb2.CreateContactRequest(definition=CONTACT, request_id="contact of p-1")
    await on_postgres.notifications.CreateContact(contact)

    async with on_postgres.wired.database.read() as connection:
        rows = (await connection.exec_driver_sql("SELECT request_id FROM analytics.monitoring_requests")).scalars()
        kept = list(rows)
    assert len(kept) == 2
    assert not any("p-1" in one for one in kept)
