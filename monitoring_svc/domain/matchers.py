"""Matchers of silences and routes: conditions on attributes of an alert, with no language of their own."""

from dataclasses import dataclass
from datetime import datetime

from monitoring_svc.domain.alert import Alert


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on one attribute."""

    attribute: str
    """`alert_type`, `severity`, `rule_id`, `subject_pseudonym`, `metric_name` or `label.NAME`."""
    values: tuple[str, ...]
    """Any of these, exactly."""
    negate: bool = False

    def matches(self, alert: Alert) -> bool:
        """Return whether the alert's attribute is one of the values, or none of them where negated."""
        return (attribute(alert, self.attribute) in self.values) != self.negate


def attribute(alert: Alert, name: str) -> str:
    """Return an attribute as text; empty where the alert has none of that name."""
    match name:
        case "alert_type":
            return alert.alert_type.value
        case "severity":
            return alert.severity.label
        case "rule_id":
            return alert.rule_id
        case "subject_pseudonym":
            return alert.subject.hex() if alert.subject else ""
        case "metric_name":
            return alert.labels.get("metric_name", "")
        case _:
            return alert.labels.get(name.removeprefix("label."), "")


@dataclass(frozen=True, slots=True)
class Silence:
    """What holds back notifications for a time."""

    silence_id: str
    matchers: tuple[Matcher, ...]
    """All must match; none of them matches nothing."""
    starts_at: datetime
    ends_at: datetime
    comment: str = ""
    created_by: str = ""
    created_at: datetime | None = None

    def holds_back(self, alert: Alert, now: datetime) -> bool:
        """Return whether it holds the alert back now. Never a safety concern of severity high or critical."""
        return (
            not alert.never_held_back
            and self.starts_at <= now < self.ends_at
            and bool(self.matchers)
            and all(matcher.matches(alert) for matcher in self.matchers)
        )
