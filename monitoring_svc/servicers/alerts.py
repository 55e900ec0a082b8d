"""AlertService."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import grpc
from tta.analytics.v1 import alert_pb2, alert_pb2_grpc, common_pb2

from mesh.identity import current_caller, token_time_left
from mesh.paging import decode_token, encode_token, filter_hash, page_size
from mesh.protos import timestamp, to_datetime
from monitoring_svc.domain.alert import AlertEvent
from monitoring_svc.domain.commands import Acknowledge, Resolve
from monitoring_svc.domain.cursor import Cursor
from monitoring_svc.domain.matchers import Matcher, Silence
from monitoring_svc.ports import AlertFilter, AlertLog, Alerts, AlertStream
from monitoring_svc.servicers import wire
from monitoring_svc.servicers.once import Keyed
from monitoring_svc.servicers.shared_responses import SharedResponses
from monitoring_svc.servicers.storable import storable
from monitoring_svc.usecases.arrange_silences import Silences
from monitoring_svc.usecases.reveal import Reveal
from monitoring_svc.usecases.stream_tickets import StreamTickets

Context = grpc.aio.ServicerContext[Any, Any]
HEARTBEAT_SECONDS = 15
MARGIN_SECONDS = 1.0
"""How long before the caller's token a stream ends."""


class AlertServicer(alert_pb2_grpc.AlertServiceServicer):
    """Streams, lists and works alerts, and silences them."""

    def __init__(
        self,
        alerts: Alerts,
        log: AlertLog,
        stream: AlertStream,
        silences: Silences,
        reveal: Reveal,
        tickets: StreamTickets,
        clock: Callable[[], datetime],
        keyed: Keyed,
        responses: SharedResponses,
    ) -> None:
        """Answer from these."""
        self._keyed = keyed
        self._alerts = alerts
        self._log = log
        self._stream = stream
        self._silences = silences
        self._reveal = reveal
        self._tickets = tickets
        self._clock = clock
        self._responses = responses

    async def StreamAlerts(  # noqa: N802, D102
        self, request: alert_pb2.StreamAlertsRequest, context: Context
    ) -> AsyncIterator[Any]:
        cursor = await self._stream.from_cursor(request.cursor)
        wanted = _wanted(request)
        heartbeat = request.heartbeat_seconds or HEARTBEAT_SECONDS
        # The first message says where the stream starts, so that a subscriber knows it is subscribed.
        yield alert_pb2.StreamAlertsResponse(cursor=str(cursor))
        async for events in self._stream.after(cursor.position, heartbeat, seconds_left(self._clock())):
            for event in events:
                if shown := wanted(event):
                    yield self._responses.of(event)
            cursor = Cursor.after(events[-1]) if events else cursor
            if not events or not shown:
                yield alert_pb2.StreamAlertsResponse(cursor=str(cursor))
        yield alert_pb2.StreamAlertsResponse(cursor=str(cursor), ending=True)

    async def ListAlerts(  # noqa: N802, D102
        self, request: alert_pb2.ListAlertsRequest, context: Context
    ) -> alert_pb2.ListAlertsResponse:
        which = AlertFilter(
            wire.states_of(request.states),
            wire.types_of(request.alert_types),
            wire.severity_of(request.min_severity),
            wire.subject_of(request.subject_pseudonym),
            to_datetime(request.triggered_after) if request.HasField("triggered_after") else None,
            to_datetime(request.triggered_before) if request.HasField("triggered_before") else None,
        )
        question = filter_hash("ListAlerts", which=_question(request))
        size, token = page_size(request.page_size), decode_token(request.page_token, question)
        after = None if token is None else (datetime.fromisoformat(token["at"]), str(token["id"]))
        alerts, head = await self._alerts.page(which, size, after)
        answer = alert_pb2.ListAlertsResponse(alerts=map(wire.alert_proto, alerts), cursor=str(head))
        if len(alerts) == size:
            last = {"at": alerts[-1].triggered_at.isoformat(), "id": alerts[-1].alert_id}
            answer.next_page_token = encode_token(last, question)
        return answer

    async def GetAlert(self, request: alert_pb2.GetAlertRequest, context: Context) -> alert_pb2.Alert:  # noqa: N802, D102
        return wire.alert_proto(await self._alerts.get(request.alert_id))

    async def ListAlertEvents(  # noqa: N802, D102
        self, request: alert_pb2.ListAlertEventsRequest, context: Context
    ) -> alert_pb2.ListAlertEventsResponse:
        question = filter_hash("ListAlertEvents", alert_id=request.alert_id)
        size, token = page_size(request.page_size), decode_token(request.page_token, question)
        await self._alerts.get(request.alert_id)
        events = await self._alerts.events_of(request.alert_id, size, int(token["position"]) if token else 0)
        answer = alert_pb2.ListAlertEventsResponse(events=map(wire.event_proto, events))
        if len(events) == size:
            answer.next_page_token = encode_token({"position": events[-1].position}, question)
        return answer

    async def AcknowledgeAlert(  # noqa: N802, D102
        self, request: alert_pb2.AcknowledgeAlertRequest, context: Context
    ) -> alert_pb2.Alert:
        alert_id, note = storable("alert_id", request.alert_id), storable("note", request.note)
        command = Acknowledge(alert_id, current_caller().name, note)
        return wire.alert_proto(await self._log.submit(command, self._keyed("AcknowledgeAlert", request)))

    async def ResolveAlert(self, request: alert_pb2.ResolveAlertRequest, context: Context) -> alert_pb2.Alert:  # noqa: N802, D102
        alert_id, note = storable("alert_id", request.alert_id), storable("note", request.note)
        command = Resolve(alert_id, current_caller().name, note)
        return wire.alert_proto(await self._log.submit(command, self._keyed("ResolveAlert", request)))

    async def RevealAlertSubject(  # noqa: N802, D102
        self, request: alert_pb2.RevealAlertSubjectRequest, context: Context
    ) -> alert_pb2.RevealAlertSubjectResponse:
        caller = current_caller()
        user_id, position = await self._reveal.reveal(
            request.alert_id,
            request.purpose,
            caller.name,
            mfa_verified=caller.mfa_verified,
            request=self._keyed("RevealAlertSubject", request),
        )
        return alert_pb2.RevealAlertSubjectResponse(user_id=user_id, audit_position=position)

    async def CreateSilence(self, request: alert_pb2.CreateSilenceRequest, context: Context) -> alert_pb2.Silence:  # noqa: N802, D102
        silence = await self._silences.create(
            matchers_of(request.matchers),
            to_datetime(request.starts_at) if request.HasField("starts_at") else None,
            to_datetime(request.ends_at),
            request.comment,
            current_caller().name,
            wire.id_of_request("CreateSilence", request.request_id),
        )
        return self._silence(silence)

    async def ListSilences(  # noqa: N802, D102
        self, request: alert_pb2.ListSilencesRequest, context: Context
    ) -> alert_pb2.ListSilencesResponse:
        question = filter_hash("ListSilences", active_only=request.active_only)
        size, token = page_size(request.page_size), decode_token(request.page_token, question)
        after = None if token is None else (datetime.fromisoformat(token["at"]), str(token["id"]))
        silences = await self._silences.page(size, after, active_only=request.active_only)
        answer = alert_pb2.ListSilencesResponse(silences=map(self._silence, silences))
        if len(silences) == size and silences[-1].created_at is not None:
            last = {"at": silences[-1].created_at.isoformat(), "id": silences[-1].silence_id}
            answer.next_page_token = encode_token(last, question)
        return answer

    async def DeleteSilence(  # noqa: N802, D102
        self, request: alert_pb2.DeleteSilenceRequest, context: Context
    ) -> alert_pb2.DeleteSilenceResponse:
        await self._silences.end(request.silence_id)
        return alert_pb2.DeleteSilenceResponse()

    async def CreateStreamTicket(  # noqa: N802, D102
        self, request: alert_pb2.CreateStreamTicketRequest, context: Context
    ) -> alert_pb2.CreateStreamTicketResponse:
        caller = current_caller()
        ticket, expires_at = await self._tickets.create(
            caller.name, caller.role, sorted(caller.permissions), caller.expires_at
        )
        return alert_pb2.CreateStreamTicketResponse(ticket=ticket, expires_at=timestamp(expires_at))

    async def RedeemStreamTicket(  # noqa: N802, D102
        self, request: alert_pb2.RedeemStreamTicketRequest, context: Context
    ) -> alert_pb2.RedeemStreamTicketResponse:
        holder = await self._tickets.redeem(request.ticket)
        answer = alert_pb2.RedeemStreamTicketResponse(
            name=holder.name, role=holder.role, permissions=holder.permissions
        )
        if holder.expires_at is not None:
            answer.expires_at.FromDatetime(holder.expires_at)
        return answer

    def _silence(self, silence: Silence) -> alert_pb2.Silence:
        now = self._clock()
        return alert_pb2.Silence(
            silence_id=silence.silence_id,
            matchers=matcher_protos(silence.matchers),
            starts_at=timestamp(silence.starts_at),
            ends_at=timestamp(silence.ends_at),
            comment=silence.comment,
            created_by=silence.created_by,
            created_at=timestamp(silence.created_at or silence.starts_at),
            active=silence.starts_at <= now < silence.ends_at,
        )


def _wanted(request: alert_pb2.StreamAlertsRequest) -> Callable[[AlertEvent], bool]:
    types, kinds = wire.types_of(request.alert_types), wire.kinds_of(request.kinds)
    least, subject = wire.severity_of(request.min_severity), wire.subject_of(request.subject_pseudonym)
    if not types and not kinds and subject is None and request.min_severity <= common_pb2.SEVERITY_LOW:
        return lambda event: True
    return lambda event: (
        event.alert.severity >= least
        and (not types or event.alert.alert_type in types)
        and (not kinds or event.kind in kinds)
        and (subject is None or event.alert.subject == subject)
    )


def seconds_left(now: datetime) -> float | None:
    """Return how long the caller's stream may last, to end shortly before the token does; None for no end."""
    left = token_time_left(now)
    return None if left is None else left - MARGIN_SECONDS


def matchers_of(protos: Any) -> tuple[Matcher, ...]:
    """Return matchers as the domain has them."""
    return tuple(Matcher(one.attribute, tuple(one.values), one.negate) for one in protos)


def matcher_protos(matchers: tuple[Matcher, ...]) -> list[alert_pb2.Matcher]:
    """Return matchers as the wire has them."""
    return [alert_pb2.Matcher(attribute=one.attribute, values=one.values, negate=one.negate) for one in matchers]


def _question(request: alert_pb2.ListAlertsRequest) -> str:
    question = alert_pb2.ListAlertsRequest()
    question.CopyFrom(request)
    question.ClearField("page_size")
    question.ClearField("page_token")
    return question.SerializeToString(deterministic=True).hex()
