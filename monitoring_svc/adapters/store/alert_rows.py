"""Alerts and events as rows and back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitoring_svc.domain.alert import Alert, AlertEvent, AlertState, EventKind
from monitoring_svc.domain.book import Fired
from monitoring_svc.domain.severity import AlertType, Severity

COLUMNS = (
    *("alert_id", "alert_type", "severity", "state", "title", "message", "rule_id", "fingerprint", "intervention"),
    *("subject", "count", "labels", "data", "user_cohort", "triggered_at", "last_fired_at", "last_event_at"),
    *("acknowledged_at", "acknowledged_by", "resolved_at", "resolved_by", "escalation_step", "silenced"),
    *("cooldown_seconds", "auto_resolve_seconds", "cleared_at"),
)
"""The columns that are fields of `Alert`."""

UNSEALED: Mapping[str, Any] = {"sealed_subject": None, "key_versions": 0}
"""What a row holds in the place of a seal where nobody's id is known."""

_MOMENTS = ("triggered_at", "last_fired_at", "last_event_at", "acknowledged_at", "resolved_at", "cleared_at")


def to_row(alert: Alert) -> dict[str, Any]:
    """Return the row of an alert, without its seal."""
    row = {name: getattr(alert, name) for name in COLUMNS}
    row["alert_type"], row["severity"], row["state"] = alert.alert_type.value, int(alert.severity), alert.state.value
    row["labels"], row["data"] = dict(alert.labels), dict(alert.data)
    row["is_resolved"] = alert.state is AlertState.RESOLVED
    row["quiet_until"] = None
    if alert.resolved_at is not None and alert.cooldown_seconds:
        row["quiet_until"] = alert.resolved_at + timedelta(seconds=alert.cooldown_seconds)
    return row


def from_row(row: Mapping[str, Any] | sa.RowMapping) -> Alert:
    """Return the alert of a row."""
    values = {name: row[name] for name in COLUMNS}
    values["alert_type"], values["severity"] = AlertType(row["alert_type"]), Severity(row["severity"])
    values["state"] = AlertState(row["state"])
    return Alert(**values)


def to_snapshot(alert: Alert) -> dict[str, Any]:
    """Return an alert as JSON, for its event."""
    snapshot = {name: getattr(alert, name) for name in COLUMNS}
    for name in _MOMENTS:
        snapshot[name] = None if snapshot[name] is None else snapshot[name].isoformat()
    snapshot["severity"], snapshot["labels"] = int(alert.severity), dict(alert.labels)
    snapshot["data"] = dict(alert.data)
    del snapshot["subject"]
    return snapshot


def from_event_row(row: sa.RowMapping) -> AlertEvent:
    """Return the event of a row."""
    values = dict(row["snapshot"])
    for name in _MOMENTS:
        values[name] = None if values[name] is None else datetime.fromisoformat(values[name])
    values["alert_type"], values["severity"] = AlertType(values["alert_type"]), Severity(values["severity"])
    values["state"], values["subject"] = AlertState(values["state"]), row["subject"]
    return AlertEvent(
        row["position"], Alert(**values), EventKind(row["kind"]), row["occurred_at"], row["actor"], row["note"]
    )


def to_event_row(event: AlertEvent) -> dict[str, Any]:
    """Return the row of an event."""
    return {
        "position": event.position,
        "alert_id": event.alert.alert_id,
        "kind": event.kind.value,
        "occurred_at": event.occurred_at,
        "actor": event.actor,
        "note": event.note,
        "subject": event.alert.subject,
        "snapshot": to_snapshot(event.alert),
    }


def fired_to_bytes(fired: Sequence[Fired]) -> bytes:
    """Return what became of a request's firings, to answer a retry with."""
    return json.dumps([astuple(one) for one in fired]).encode()


def fired_from_bytes(stored: bytes) -> tuple[Fired, ...]:
    """Return what became of a request's firings."""
    fired = (Fired(*row) for row in json.loads(stored))
    return tuple(replace(one, severity=Severity(one.severity), alert_type=AlertType(one.alert_type)) for one in fired)
