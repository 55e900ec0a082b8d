"""Escalation policies: whom to tell next when nobody acknowledges."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.severity import AlertType, Severity


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a policy."""

    after_seconds: int
    """How long after the step before; the first counts from the alert."""
    contact_ids: tuple[str, ...] = ()
    """Who is told; none for those of the matching routes."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The steps, in order. The last one repeats until somebody acknowledges."""

    policy_id: str
    name: str
    steps: tuple[Step, ...]
    min_severity: Severity = Severity.LOW

    def due(self, step: int, since: datetime) -> datetime:
        """Return when the step of that number (from 0; beyond the last the last repeats) is due."""
        return since + timedelta(seconds=self.steps[min(step, len(self.steps) - 1)].after_seconds)

    def contacts(self, step: int) -> tuple[str, ...]:
        """Return who is told at a step; beyond the last the last repeats."""
        return self.steps[min(step, len(self.steps) - 1)].contact_ids


DEFAULT_CRITICAL = Policy("default-critical", "Default for critical alerts", (Step(30),), Severity.CRITICAL)
DEFAULT_SAFETY = Policy("default-safety", "Default for safety concerns of severity high", (Step(300),), Severity.HIGH)


def default_policy(alert: Alert) -> Policy | None:
    """Return the policy where routes name none: 30 s if critical, 5 min for a safety concern of severity high."""
    if alert.severity is Severity.CRITICAL:
        return DEFAULT_CRITICAL
    if alert.alert_type is AlertType.SAFETY_CONCERN and alert.severity is Severity.HIGH:
        return DEFAULT_SAFETY
    return None
