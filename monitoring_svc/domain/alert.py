"""The life of an alert: it fires, is acknowledged, is resolved. Every change is a pure function of the alert before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mesh.refusal import FailedPrecondition
from monitoring_svc.domain.firing import Firing
from monitoring_svc.domain.severity import AlertType, Severity, never_held_back
from monitoring_svc.domain.signal import Value

REPEAT_EVENT_EVERY = timedelta(minutes=1)
"""At most one count event in so long."""

REOPEN_AFTER = timedelta(minutes=10)
"""A crisis signal so long after the acknowledgement pages again."""


class AlertState(StrEnum):
    """Where an alert is in its life."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class EventKind(StrEnum):
    """What happened to an alert."""

    OPENED = "opened"
    REPEATED = "repeated"
    SEVERITY_RAISED = "severity_raised"
    REOPENED = "reopened"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    REVEALED = "revealed"


PAGING = frozenset({EventKind.OPENED, EventKind.SEVERITY_RAISED, EventKind.REOPENED})
"""Events that notify and start escalation anew."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A durable record that someone must look."""

    alert_id: str
    alert_type: AlertType
    severity: Severity
    state: AlertState
    title: str
    message: str
    rule_id: str
    fingerprint: str
    triggered_at: datetime
    last_fired_at: datetime
    last_event_at: datetime
    """When the last event was written, for the pace of count events."""
    intervention: str = ""
    subject: bytes | None = None
    """The player's pseudonym; None for alerts about the system."""
    count: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Value] = field(default_factory=dict)
    user_cohort: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    resolved_at: datetime | None = None
    resolved_by: str = ""
    escalation_step: int = -1
    """Which step of its policy was notified last; -1 before the first."""
    silenced: bool = False
    cooldown_seconds: int = 0
    auto_resolve_seconds: int = 0
    cleared_at: datetime | None = None
    """Since when its condition does not hold; None while it does or nobody knows."""

    @property
    def never_held_back(self) -> bool:
        """Whether no silence, cooldown, grouping, storm or automatic resolution may touch it."""
        return never_held_back(self.alert_type, self.severity)


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """A change of an alert, at its place in the log."""

    position: int
    alert: Alert
    """As it was after the change."""
    kind: EventKind
    occurred_at: datetime
    actor: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a step made of an alert, and the event that tells of it; None where there is nothing to tell."""

    alert: Alert
    kind: EventKind | None


def opened(firing: Firing, alert_id: str, now: datetime) -> Change:
    """Open a new alert."""
    alert = Alert(
        alert_id=alert_id,
        alert_type=firing.alert_type,
        severity=firing.severity,
        state=AlertState.FIRING,
        title=firing.title,
        message=firing.message,
        rule_id=firing.rule_id,
        fingerprint=firing.fingerprint,
        triggered_at=now,
        last_fired_at=now,
        last_event_at=now,
        intervention=firing.intervention,
        subject=firing.subject,
        labels=firing.labels,
        data=firing.data,
        cooldown_seconds=firing.cooldown_seconds,
        auto_resolve_seconds=firing.auto_resolve_seconds,
    )
    return Change(alert, EventKind.OPENED)


def repeated(alert: Alert, firing: Firing, now: datetime) -> Change:
    """Fold a firing into an alert that is not resolved.

    A rise in severity, or a safety concern more than ten minutes after the acknowledgement, clears the
    acknowledgement and pages again. Otherwise only the count goes up, with at most one event a minute. A rule that was
    changed may find a safety concern now where its open alert is none: that is a rise too.
    """
    concern = never_held_back(firing.alert_type, firing.severity) and not alert.never_held_back
    raised = firing.severity > alert.severity or concern
    counted = replace(
        alert,
        count=alert.count + 1,
        last_fired_at=now,
        data=firing.data if firing.severity >= alert.severity else alert.data,
        cleared_at=None,
    )
    if raised:
        graver = replace(
            counted,
            alert_type=firing.alert_type if concern else alert.alert_type,
            severity=max(firing.severity, alert.severity),
            title=firing.title,
            message=firing.message,
            intervention=firing.intervention,
            auto_resolve_seconds=firing.auto_resolve_seconds,
        )
        return Change(_paging_again(graver, now), EventKind.SEVERITY_RAISED)
    if (
        alert.acknowledged_at is not None
        and firing.alert_type is AlertType.SAFETY_CONCERN
        and now - alert.acknowledged_at > REOPEN_AFTER
    ):
        return Change(_paging_again(counted, now), EventKind.REOPENED)
    if now - alert.last_event_at >= REPEAT_EVENT_EVERY:
        return Change(replace(counted, last_event_at=now), EventKind.REPEATED)
    return Change(counted, None)


def _paging_again(alert: Alert, now: datetime) -> Alert:
    return replace(
        alert,
        state=AlertState.FIRING,
        acknowledged_at=None,
        acknowledged_by="",
        escalation_step=-1,
        last_event_at=now,
    )


def acknowledged(alert: Alert, actor: str, now: datetime) -> Change:
    """Say that someone looks. Raises FailedPrecondition once resolved; an acknowledged alert stays as it is."""
    if alert.state is AlertState.RESOLVED:
        raise FailedPrecondition("alert_resolved", "The alert is resolved already; there is nothing to acknowledge.")
    if alert.state is AlertState.ACKNOWLEDGED:
        return Change(alert, None)
    looked_at = replace(
        alert, state=AlertState.ACKNOWLEDGED, acknowledged_at=now, acknowledged_by=actor, last_event_at=now
    )
    return Change(looked_at, EventKind.ACKNOWLEDGED)


def resolved(alert: Alert, actor: str, now: datetime) -> Change:
    """Say that nobody need look any more. A resolved alert stays as it is."""
    if alert.state is AlertState.RESOLVED:
        return Change(alert, None)
    over = replace(alert, state=AlertState.RESOLVED, resolved_at=now, resolved_by=actor, last_event_at=now)
    return Change(over, EventKind.RESOLVED)


def escalated(alert: Alert, step: int, now: datetime) -> Change:
    """Move an alert that nobody acknowledged to a step of its policy; any other stays as it is."""
    if alert.state is not AlertState.FIRING:
        return Change(alert, None)
    return Change(replace(alert, escalation_step=step, last_event_at=now), EventKind.ESCALATED)


def cleared(alert: Alert, now: datetime) -> Change:
    """Note that the condition does not hold any more. Nothing that may not resolve by itself takes notice."""
    if alert.auto_resolve_seconds == 0 or alert.never_held_back or alert.cleared_at is not None:
        return Change(alert, None)
    return Change(replace(alert, cleared_at=now), None)


def clear_long_enough(alert: Alert, now: datetime) -> bool:
    """Return whether the alert may resolve by itself now."""
    return (
        alert.state is not AlertState.RESOLVED
        and alert.cleared_at is not None
        and not alert.never_held_back
        and alert.auto_resolve_seconds > 0
        and now - alert.cleared_at >= timedelta(seconds=alert.auto_resolve_seconds)
    )
