"""A configuration that is sent again under its request id is made once."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import alert_pb2, notification_pb2

from tests.integration.monitoring.conftest import Running

CONTACT = notification_pb2.ContactDefinition(
    name="on call", channel=notification_pb2.CHANNEL_EMAIL, address="a@example.org", enabled=True, secret="s"
)


async def test_a_repeated_contact_route_and_policy_is_the_one_that_is_there(monitoring: Running) -> None:
    stub = monitoring.notifications
    for _ in range(2):
        contact = await stub.CreateContact(notification_pb2.CreateContactRequest(request_id="r-1", definition=CONTACT))
        route = notification_pb2.RouteDefinition(name="all", contact_ids=[contact.contact_id], enabled=True)
        await stub.CreateRoute(notification_pb2.CreateRouteRequest(request_id="r-1", definition=route))
        step = notification_pb2.EscalationStep(after_seconds=30, contact_ids=[contact.contact_id])
        policy = notification_pb2.EscalationPolicyDefinition(name="night", steps=[step])
        await stub.CreateEscalationPolicy(
            notification_pb2.CreateEscalationPolicyRequest(request_id="r-1", definition=policy)
        )

    assert len((await stub.ListContacts(notification_pb2.ListContactsRequest())).contacts) == 1
    assert len((await stub.ListRoutes(notification_pb2.ListRoutesRequest())).routes) == 1
    listed = await stub.ListEscalationPolicies(notification_pb2.ListEscalationPoliciesRequest())
    assert sum(one.definition.name == "night" for one in listed.policies) == 1


async def test_a_request_id_stands_for_one_request(monitoring: Running) -> None:
    stub = monitoring.notifications
    await stub.CreateContact(notification_pb2.CreateContactRequest(request_id="r-1", definition=CONTACT))
    other = notification_pb2.ContactDefinition()
    other.CopyFrom(CONTACT)
    other.address = "b@example.org"

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.CreateContact(notification_pb2.CreateContactRequest(request_id="r-1", definition=other))

    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS
    await stub.CreateContact(notification_pb2.CreateContactRequest(definition=other))
    await stub.CreateContact(notification_pb2.CreateContactRequest(definition=other))
    assert len((await stub.ListContacts(notification_pb2.ListContactsRequest())).contacts) == 3


async def test_a_repeated_silence_is_the_one_that_is_there(monitoring: Running) -> None:
    ends_at = Timestamp()
    ends_at.FromDatetime(datetime.now(UTC) + timedelta(hours=1))
    matcher = alert_pb2.Matcher(attribute="rule_id", values=["low_engagement"])
    request = alert_pb2.CreateSilenceRequest(request_id="r-1", matchers=[matcher], ends_at=ends_at, comment="works")

    first, second = await monitoring.alerts.CreateSilence(request), await monitoring.alerts.CreateSilence(request)

    assert first.silence_id == second.silence_id
    assert len((await monitoring.alerts.ListSilences(alert_pb2.ListSilencesRequest())).silences) == 1
