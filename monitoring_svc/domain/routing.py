"""Who is told of an alert, by which channel, at which hour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.escalation import Policy, default_policy
from monitoring_svc.domain.matchers import Matcher, Silence
from monitoring_svc.domain.severity import AlertType, Severity


class Channel(StrEnum):
    """By which way a message leaves."""

    EMAIL = "email"
    SMS = "sms"
    SLACK = "slack"
    PAGERDUTY = "pagerduty"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Contact:
    """A channel with an address."""

    contact_id: str
    name: str
    channel: Channel
    address: str
    cleared_for_personal_data: bool = False
    enabled: bool = True
    secret: bytes | None = field(default=None, repr=False)
    """Sealed; opened by the channel adapter only."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a week in a time zone."""

    time_zone: str
    weekdays: frozenset[int]
    """1 Monday to 7 Sunday; none for all."""
    start_minute: int
    end_minute: int
    """Less than the start for hours that cross midnight; those belong to the day on which they start."""

    def contain(self, moment: datetime) -> bool:
        """Return whether the moment lies within."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        minute, weekday = local.hour * 60 + local.minute, local.isoweekday()
        if self.start_minute < self.end_minute:
            inside = self.start_minute <= minute < self.end_minute
        else:
            inside = minute >= self.start_minute or minute < self.end_minute
            if minute < self.end_minute:
                weekday = 7 if weekday == 1 else weekday - 1
        return inside and (not self.weekdays or weekday in self.weekdays)


@dataclass(frozen=True, slots=True)
class Route:
    """Which alerts go to whom. Every route that matches sends."""

    route_id: str
    name: str
    contact_ids: tuple[str, ...]
    alert_types: frozenset[AlertType] = frozenset()
    min_severity: Severity = Severity.LOW
    matchers: tuple[Matcher, ...] = ()
    hours: Hours | None = None
    policy_id: str = ""
    enabled: bool = True
    group_seconds: int = 0
    """Alerts of one player within so long share a message, unless nothing may hold them back."""

    def matches(self, alert: Alert, now: datetime) -> bool:
        """Return whether the alert goes this way now."""
        return (
            self.enabled
            and alert.severity >= self.min_severity
            and (not self.alert_types or alert.alert_type in self.alert_types)
            and all(matcher.matches(alert) for matcher in self.matchers)
            and (self.hours is None or self.hours.contain(now))
        )


@dataclass(frozen=True, slots=True)
class Recipient:
    """A contact that is told, and how long the message may wait for others to share it."""

    contact: Contact
    group_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Arrangements:
    """Everything that people arranged about notifications, as of one version."""

    version: int = 0
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    routes: Sequence[Route] = ()
    policies: Mapping[str, Policy] = field(default_factory=dict)
    silences: Sequence[Silence] = ()

    def silenced_until(self, alert: Alert, now: datetime) -> datetime | None:
        """Return when the last of the silences ends that hold the alert back now; None where none does."""
        ends = (silence.ends_at for silence in self.silences if silence.holds_back(alert, now))
        return max(ends, default=None)

    def recipients(self, alert: Alert, now: datetime) -> list[Recipient]:
        """Return who is told of the alert by its routes, each contact once, with the shortest wait."""
        found: dict[str, Recipient] = {}
        for route in self.routes:
            if not route.matches(alert, now):
                continue
            wait = 0 if alert.never_held_back else route.group_seconds
            for contact in self.named(route.contact_ids):
                known = found.get(contact.contact_id)
                if known is None or wait < known.group_seconds:
                    found[contact.contact_id] = Recipient(contact, wait)
        return list(found.values())

    def named(self, contact_ids: Iterable[str]) -> list[Contact]:
        """Return the enabled contacts of these ids."""
        known = (self.contacts.get(contact_id) for contact_id in contact_ids)
        return [contact for contact in known if contact is not None and contact.enabled]

    def policy(self, alert: Alert, now: datetime) -> Policy | None:
        """Return the policy of the first matching route that names one, else the default of the severity."""
        for route in self.routes:
            if route.policy_id and route.matches(alert, now):
                policy = self.policies.get(route.policy_id)
                if policy is not None:
                    return policy if alert.severity >= policy.min_severity else None
        return default_policy(alert)
