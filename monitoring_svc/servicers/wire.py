"""Alerts, rules and judgements as protos, and signals from them."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from google.protobuf.struct_pb2 import Struct
from tta.analytics.v1 import alert_pb2, common_pb2, monitoring_pb2

from mesh.identity import current_caller
from mesh.protos import enum_name, timestamp, to_datetime
from mesh.pseudonyms import canonical_user_id
from mesh.refusal import InvalidArgument, Violation
from monitoring_svc.domain.alert import Alert, AlertEvent, AlertState, EventKind
from monitoring_svc.domain.crisis.decision import Category
from monitoring_svc.domain.crisis_assessment import CrisisAssessment, CrisisLayer
from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.domain.signal import Signal
from monitoring_svc.usecases.judge_signals import Incoming, Judgement

AHEAD = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

TYPES = {one: common_pb2.AlertType.Value(f"ALERT_TYPE_{one.name}") for one in AlertType}
STATES = {one: alert_pb2.AlertState.Value(f"ALERT_STATE_{one.name}") for one in AlertState}
KINDS = {one: alert_pb2.AlertEventKind.Value(f"ALERT_EVENT_KIND_{one.name}") for one in EventKind}
_CATEGORIES = {
    one: monitoring_pb2.CrisisCategory.Value(f"CRISIS_CATEGORY_{one.name.removesuffix('_EMERGENCY')}")
    for one in Category
}
_LAYERS = {one: monitoring_pb2.CrisisLayer.Value(f"CRISIS_LAYER_{one.name}") for one in CrisisLayer}
_TYPES_BACK = {int(number): one for one, number in TYPES.items()}
_STATES_BACK = {int(number): one for one, number in STATES.items()}
_KINDS_BACK = {int(number): one for one, number in KINDS.items()}


def severity_number(severity: Severity) -> common_pb2.Severity.ValueType:
    """Return the severity as the wire has it."""
    return common_pb2.Severity.ValueType(int(severity))


def severity_of(number: int) -> Severity:
    """Return the severity of a filter; unspecified is the least."""
    return Severity(number or 1)


def types_of(numbers: Iterable[int]) -> frozenset[AlertType]:
    """Return alert types; unspecified ones are left out."""
    return frozenset(_TYPES_BACK[number] for number in numbers if number)


def states_of(numbers: Iterable[int]) -> frozenset[AlertState]:
    """Return alert states; unspecified ones are left out."""
    return frozenset(_STATES_BACK[number] for number in numbers if number)


def kinds_of(numbers: Iterable[int]) -> frozenset[EventKind]:
    """Return kinds of events; unspecified ones are left out."""
    return frozenset(_KINDS_BACK[number] for number in numbers if number)


def subject_of(text: str, field: str = "subject_pseudonym") -> bytes | None:
    """Return a pseudonym from its hexadecimal form, None for an empty one; raises InvalidArgument."""
    if not text:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        violation = Violation(field, "string.hex", "is not hexadecimal")
        raise InvalidArgument("pseudonym_invalid", f"{field} is not hexadecimal.", violations=[violation]) from error


def alert_proto(alert: Alert) -> alert_pb2.Alert:
    """Return an alert as the wire has it: the player as pseudonym."""
    proto = alert_pb2.Alert(
        alert_id=alert.alert_id,
        alert_type=common_pb2.AlertType.ValueType(TYPES[alert.alert_type]),
        severity=severity_number(alert.severity),
        state=alert_pb2.AlertState.ValueType(STATES[alert.state]),
        title=alert.title,
        message=alert.message,
        subject_pseudonym=alert.subject.hex() if alert.subject else "",
        rule_id=alert.rule_id,
        intervention=alert.intervention,
        fingerprint=alert.fingerprint,
        count=alert.count,
        data=data_struct(alert),
        user_cohort=alert.user_cohort,
        triggered_at=timestamp(alert.triggered_at),
        last_fired_at=timestamp(alert.last_fired_at),
        acknowledged_by=alert.acknowledged_by,
        resolved_by=alert.resolved_by,
        escalation_step=max(alert.escalation_step, 0),
        silenced=alert.silenced,
    )
    if alert.acknowledged_at is not None:
        proto.acknowledged_at.FromDatetime(alert.acknowledged_at)
    if alert.resolved_at is not None:
        proto.resolved_at.FromDatetime(alert.resolved_at)
    return proto


def data_struct(alert: Alert) -> Struct:
    """Return the numbers and labels of an alert as the wire has them."""
    struct = Struct()
    fields = struct.fields
    for name, value in (*alert.data.items(), *alert.labels.items()):
        if isinstance(value, bool):
            fields[name].bool_value = value
        elif isinstance(value, str):
            fields[name].string_value = value
        else:
            fields[name].number_value = value
    return struct


def event_proto(event: AlertEvent) -> alert_pb2.AlertEvent:
    """Return an event as the wire has it."""
    return alert_pb2.AlertEvent(
        position=event.position,
        alert_id=event.alert.alert_id,
        kind=alert_pb2.AlertEventKind.ValueType(KINDS[event.kind]),
        occurred_at=timestamp(event.occurred_at),
        actor=event.actor,
        note=event.note,
        alert=alert_proto(event.alert),
    )


def incoming(proto: monitoring_pb2.Signal, now: datetime) -> Incoming:
    """Return a signal as the domain has it; raises InvalidArgument for an id that cannot be."""
    requires = proto.requires_therapeutic_intervention
    signal = Signal(
        _observed_at(proto, now),
        proto.engagement_score if proto.HasField("engagement_score") else None,
        proto.session_duration_minutes if proto.HasField("session_duration_minutes") else None,
        proto.sentiment_score if proto.HasField("sentiment_score") else None,
        float(proto.interaction_count) if proto.HasField("interaction_count") else None,
        enum_name(monitoring_pb2.EmotionalState, proto.emotional_state) or None,
        requires if proto.HasField("requires_therapeutic_intervention") else None,
        dict(proto.measures),
    )
    return Incoming(canonical_user_id(proto.user_id), signal, tuple(proto.recent_messages))


def _observed_at(proto: monitoring_pb2.Signal, now: datetime) -> datetime:
    """Return when it was so, as far as that can be: no clock of a sender keeps a player from being heard."""
    if not proto.HasField("observed_at"):
        return now
    try:
        observed_at = to_datetime(proto.observed_at)
    except InvalidArgument:
        return now
    return observed_at if EARLIEST <= observed_at <= now else now


def judgement_proto(judgement: Judgement) -> monitoring_pb2.ProcessSignalResponse:
    """Return what followed from a signal as the wire has it."""
    answer = monitoring_pb2.ProcessSignalResponse()
    for one in judgement.fired:
        answer.fired.add(
            rule_id=one.rule_id,
            alert_id=one.alert_id,
            severity=severity_number(one.severity),
            alert_type=common_pb2.AlertType.ValueType(TYPES[one.alert_type]),
            intervention=one.intervention,
            repeated=one.repeated,
            held_back_by=one.held_back_by,
        )
    if judgement.crisis is not None:
        answer.crisis.CopyFrom(_crisis_proto(judgement.crisis))
    return answer


def _crisis_proto(crisis: CrisisAssessment) -> monitoring_pb2.CrisisAssessment:
    proto = monitoring_pb2.CrisisAssessment(
        rule_layer=monitoring_pb2.CrisisLayer.ValueType(_LAYERS[crisis.rule_layer]),
        semantic_layer=monitoring_pb2.CrisisLayer.ValueType(_LAYERS[crisis.semantic_layer]),
    )
    decision = crisis.decision
    if decision is not None:
        proto.category = monitoring_pb2.CrisisCategory.ValueType(_CATEGORIES[decision.category])
        proto.severity = monitoring_pb2.CrisisSeverity.ValueType(int(decision.severity))
        proto.score = decision.score
        for span in decision.spans:
            proto.spans.add(message_index=span.message, start=span.start, end=span.end, reason=span.rule)
    return proto


def id_of_request(call: str, request_id: str) -> str:
    """Return the id that a caller's request makes, the same for each repeat; empty without a request id."""
    if not request_id:
        return ""
    named = f"{current_caller().name}\0{call}\0{request_id}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]
