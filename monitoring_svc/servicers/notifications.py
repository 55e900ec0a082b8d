"""NotificationService."""

from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import Any, TypeVar

import grpc
from tta.analytics.v1 import common_pb2, notification_pb2, notification_pb2_grpc

from mesh.identity import current_caller
from mesh.paging import decode_token, encode_token, filter_hash, page_size
from mesh.protos import timestamp
from monitoring_svc.domain.delivery import Delivery, DeliveryState
from monitoring_svc.domain.escalation import Policy, Step
from monitoring_svc.domain.hours import Hours
from monitoring_svc.domain.routing import Channel, Contact, Route
from monitoring_svc.ports import File, Kept
from monitoring_svc.servicers import wire
from monitoring_svc.servicers.alerts import matcher_protos, matchers_of
from monitoring_svc.usecases.arrange_notifications import Arrange, Documents

Context = grpc.aio.ServicerContext[Any, Any]
V = TypeVar("V", bound=Contact | Route | Policy)

_CHANNELS = {one: notification_pb2.Channel.Value(f"CHANNEL_{one.name}") for one in Channel}
_CHANNELS_BACK = {int(number): one for one, number in _CHANNELS.items()}
_STATES = {one: notification_pb2.DeliveryState.Value(f"DELIVERY_STATE_{one.name}") for one in DeliveryState}
_STATES_BACK = {int(number): one for one, number in _STATES.items()}


class NotificationServicer(notification_pb2_grpc.NotificationServiceServicer):
    """Keeps contacts, routes and escalation policies; shows, repeats and tries deliveries."""

    def __init__(
        self,
        contacts: Arrange[Contact],
        routes: Arrange[Route],
        policies: Arrange[Policy],
        documents: Documents,
        new_id: Callable[[], str],
    ) -> None:
        """Answer from these."""
        self._contacts = contacts
        self._routes = routes
        self._policies = policies
        self._documents = documents
        self._new_id = new_id

    async def CreateContact(  # noqa: N802, D102
        self, request: notification_pb2.CreateContactRequest, context: Context
    ) -> notification_pb2.Contact:
        contact = self._contact(self._id("CreateContact", request.request_id), request.definition)
        return _contact_proto(await self._contacts.create(contact))

    async def GetContact(  # noqa: N802, D102
        self, request: notification_pb2.GetContactRequest, context: Context
    ) -> notification_pb2.Contact:
        return _contact_proto(await self._contacts.get(request.contact_id))

    async def ListContacts(  # noqa: N802, D102
        self, request: notification_pb2.ListContactsRequest, context: Context
    ) -> notification_pb2.ListContactsResponse:
        kept, token = await _page(self._contacts, "ListContacts", request, "contact_id")
        return notification_pb2.ListContactsResponse(contacts=map(_contact_proto, kept), next_page_token=token)

    async def UpdateContact(  # noqa: N802, D102
        self, request: notification_pb2.UpdateContactRequest, context: Context
    ) -> notification_pb2.Contact:
        return _contact_proto(await self._contacts.replace(self._contact(request.contact_id, request.definition)))

    async def DeleteContact(  # noqa: N802, D102
        self, request: notification_pb2.DeleteContactRequest, context: Context
    ) -> notification_pb2.DeleteContactResponse:
        await self._contacts.delete(request.contact_id)
        return notification_pb2.DeleteContactResponse()

    async def TestChannel(  # noqa: N802, D102
        self, request: notification_pb2.TestChannelRequest, context: Context
    ) -> notification_pb2.TestChannelResponse:
        contact = (await self._contacts.get(request.contact_id)).value
        began = perf_counter()
        key = await self._documents.test(contact)
        return notification_pb2.TestChannelResponse(elapsed_seconds=perf_counter() - began, delivery_key=key)

    async def CreateRoute(  # noqa: N802, D102
        self, request: notification_pb2.CreateRouteRequest, context: Context
    ) -> notification_pb2.Route:
        return _route_proto(
            await self._routes.create(_route(self._id("CreateRoute", request.request_id), request.definition))
        )

    async def GetRoute(self, request: notification_pb2.GetRouteRequest, context: Context) -> notification_pb2.Route:  # noqa: N802, D102
        return _route_proto(await self._routes.get(request.route_id))

    async def ListRoutes(  # noqa: N802, D102
        self, request: notification_pb2.ListRoutesRequest, context: Context
    ) -> notification_pb2.ListRoutesResponse:
        kept, token = await _page(self._routes, "ListRoutes", request, "route_id")
        return notification_pb2.ListRoutesResponse(routes=map(_route_proto, kept), next_page_token=token)

    async def UpdateRoute(  # noqa: N802, D102
        self, request: notification_pb2.UpdateRouteRequest, context: Context
    ) -> notification_pb2.Route:
        return _route_proto(await self._routes.replace(_route(request.route_id, request.definition)))

    async def DeleteRoute(  # noqa: N802, D102
        self, request: notification_pb2.DeleteRouteRequest, context: Context
    ) -> notification_pb2.DeleteRouteResponse:
        await self._routes.delete(request.route_id)
        return notification_pb2.DeleteRouteResponse()

    async def CreateEscalationPolicy(  # noqa: N802, D102
        self, request: notification_pb2.CreateEscalationPolicyRequest, context: Context
    ) -> notification_pb2.EscalationPolicy:
        return _policy_proto(
            await self._policies.create(
                _policy(self._id("CreateEscalationPolicy", request.request_id), request.definition)
            )
        )

    async def GetEscalationPolicy(  # noqa: N802, D102
        self, request: notification_pb2.GetEscalationPolicyRequest, context: Context
    ) -> notification_pb2.EscalationPolicy:
        return _policy_proto(await self._policies.get(request.policy_id))

    async def ListEscalationPolicies(  # noqa: N802, D102
        self, request: notification_pb2.ListEscalationPoliciesRequest, context: Context
    ) -> notification_pb2.ListEscalationPoliciesResponse:
        kept, token = await _page(self._policies, "ListEscalationPolicies", request, "policy_id")
        return notification_pb2.ListEscalationPoliciesResponse(policies=map(_policy_proto, kept), next_page_token=token)

    async def UpdateEscalationPolicy(  # noqa: N802, D102
        self, request: notification_pb2.UpdateEscalationPolicyRequest, context: Context
    ) -> notification_pb2.EscalationPolicy:
        return _policy_proto(await self._policies.replace(_policy(request.policy_id, request.definition)))

    async def DeleteEscalationPolicy(  # noqa: N802, D102
        self, request: notification_pb2.DeleteEscalationPolicyRequest, context: Context
    ) -> notification_pb2.DeleteEscalationPolicyResponse:
        await self._policies.delete(request.policy_id)
        return notification_pb2.DeleteEscalationPolicyResponse()

    async def ListDeliveries(  # noqa: N802, D102
        self, request: notification_pb2.ListDeliveriesRequest, context: Context
    ) -> notification_pb2.ListDeliveriesResponse:
        question = filter_hash("ListDeliveries", states=list(request.states), alert_id=request.alert_id)
        size, token = page_size(request.page_size), decode_token(request.page_token, question)
        after = None if token is None else (datetime.fromisoformat(token["at"]), str(token["id"]))
        states = frozenset(_STATES_BACK[number] for number in request.states if number)
        found = await self._documents.page(size, after, states, request.alert_id)
        answer = notification_pb2.ListDeliveriesResponse(deliveries=map(_delivery_proto, found))
        if len(found) == size:
            last = {"at": found[-1].created_at.isoformat(), "id": found[-1].delivery_id}
            answer.next_page_token = encode_token(last, question)
        return answer

    async def RetryDelivery(  # noqa: N802, D102
        self, request: notification_pb2.RetryDeliveryRequest, context: Context
    ) -> notification_pb2.Delivery:
        return _delivery_proto(await self._documents.retry(request.delivery_id))

    async def SendDocument(  # noqa: N802, D102
        self, request: notification_pb2.SendDocumentRequest, context: Context
    ) -> notification_pb2.SendDocumentResponse:
        files = tuple(File(one.filename, one.content_type, one.content) for one in request.attachments)
        ids = await self._documents.send(
            (current_caller().name, request.request_id),
            tuple(request.contact_ids),
            tuple(request.email_addresses),
            request.title,
            request.text,
            files,
        )
        return notification_pb2.SendDocumentResponse(delivery_ids=ids)

    def _id(self, call: str, request_id: str) -> str:
        return wire.id_of_request(call, request_id) or self._new_id()

    def _contact(self, contact_id: str, proto: notification_pb2.ContactDefinition) -> Contact:
        return Contact(
            contact_id,
            proto.name,
            _CHANNELS_BACK[proto.channel],
            proto.address,
            proto.cleared_for_personal_data,
            proto.enabled,
            self._documents.seal(proto.secret, contact_id),
        )


async def _page(arrange: Arrange[V], call: str, request: Any, key: str) -> tuple[list[Kept[V]], str]:
    question = filter_hash(call)
    size, token = page_size(request.page_size), decode_token(request.page_token, question)
    after = None if token is None else (str(token["name"]), str(token["id"]))
    kept = list(await arrange.page(size, after))
    if len(kept) < size:
        return kept, ""
    return kept, encode_token({"name": kept[-1].value.name, "id": getattr(kept[-1].value, key)}, question)


def _contact_proto(kept: Kept[Contact]) -> notification_pb2.Contact:
    contact = kept.value
    return notification_pb2.Contact(
        contact_id=contact.contact_id,
        definition=notification_pb2.ContactDefinition(
            name=contact.name,
            channel=notification_pb2.Channel.ValueType(_CHANNELS[contact.channel]),
            address=contact.address,
            cleared_for_personal_data=contact.cleared_for_personal_data,
            enabled=contact.enabled,
        ),
        has_secret=contact.secret is not None,
        updated_at=timestamp(kept.updated_at),
    )


def _route(route_id: str, proto: notification_pb2.RouteDefinition) -> Route:
    hours = None
    if proto.HasField("hours"):
        hours = Hours(
            proto.hours.time_zone,
            frozenset(proto.hours.weekdays),
            proto.hours.start_minute,
            proto.hours.end_minute,
        )
    return Route(
        route_id,
        proto.name,
        tuple(proto.contact_ids),
        wire.types_of(proto.alert_types),
        wire.severity_of(proto.min_severity),
        matchers_of(proto.matchers),
        hours,
        proto.policy_id,
        proto.enabled,
        proto.group_seconds,
    )


def _route_proto(kept: Kept[Route]) -> notification_pb2.Route:
    route = kept.value
    definition = notification_pb2.RouteDefinition(
        name=route.name,
        alert_types=[common_pb2.AlertType.ValueType(wire.TYPES[one]) for one in sorted(route.alert_types)],
        min_severity=wire.severity_number(route.min_severity),
        matchers=matcher_protos(route.matchers),
        contact_ids=route.contact_ids,
        policy_id=route.policy_id,
        enabled=route.enabled,
        group_seconds=route.group_seconds,
    )
    if route.hours is not None:
        definition.hours.time_zone = route.hours.time_zone
        definition.hours.weekdays.extend(sorted(route.hours.weekdays))
        definition.hours.start_minute = route.hours.start_minute
        definition.hours.end_minute = route.hours.end_minute
    return notification_pb2.Route(route_id=route.route_id, definition=definition, updated_at=timestamp(kept.updated_at))


def _policy(policy_id: str, proto: notification_pb2.EscalationPolicyDefinition) -> Policy:
    steps = tuple(Step(one.after_seconds, tuple(one.contact_ids)) for one in proto.steps)
    return Policy(policy_id, proto.name, steps, wire.severity_of(proto.min_severity))


def _policy_proto(kept: Kept[Policy]) -> notification_pb2.EscalationPolicy:
    policy = kept.value
    steps = [
        notification_pb2.EscalationStep(after_seconds=one.after_seconds, contact_ids=one.contact_ids)
        for one in policy.steps
    ]
    return notification_pb2.EscalationPolicy(
        policy_id=policy.policy_id,
        definition=notification_pb2.EscalationPolicyDefinition(
            name=policy.name, steps=steps, min_severity=wire.severity_number(policy.min_severity)
        ),
        updated_at=timestamp(kept.updated_at),
    )


def _delivery_proto(delivery: Delivery) -> notification_pb2.Delivery:
    proto = notification_pb2.Delivery(
        delivery_id=delivery.delivery_id,
        alert_id=delivery.alert_id or "",
        contact_id=delivery.contact_id or "",
        channel=notification_pb2.Channel.ValueType(_CHANNELS[delivery.channel]),
        state=notification_pb2.DeliveryState.ValueType(_STATES[delivery.state]),
        attempts=delivery.attempts,
        last_error=delivery.last_error,
        created_at=timestamp(delivery.created_at),
    )
    if delivery.state is DeliveryState.PENDING:
        proto.next_attempt_at.FromDatetime(delivery.due_at)
    if delivery.delivered_at is not None:
        proto.delivered_at.FromDatetime(delivery.delivered_at)
    return proto
