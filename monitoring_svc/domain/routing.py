"""Who is told of an alert, by which channel, at which hour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.escalation import Policy, default_policy
from monitoring_svc.domain.hours import Hours
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

    def concerns(self, alert: Alert) -> bool:
        """Return whether the alert goes this way at some hour."""
        return (
            self.enabled
            and alert.severity >= self.min_severity
            and (not self.alert_types or alert.alert_type in self.alert_types)
            and all(matcher.matches(alert) for matcher in self.matchers)
        )

    def matches(self, alert: Alert, now: datetime) -> bool:
        """Return whether the alert goes this way now."""
        return self.concerns(alert) and (self.hours is None or self.hours.contain(now))


def waits_for_hours(alert: Alert) -> bool:
    """Return whether the alert waits where no route is within its hours: none that is critical or a grave concern."""
    return not alert.never_held_back and alert.severity < Severity.CRITICAL


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
        """Return until when nobody is told of the alert; None where somebody is told now, or nobody ever is.

        That is the end of the last silence that holds it back; without one the moment at which the hours of the first
        of its routes begin, where none of them is within its hours.
        """
        ends = [silence.ends_at for silence in self.silences if silence.holds_back(alert, now)]
        if ends:
            return max(ends)
        if not waits_for_hours(alert) or self.recipients(alert, now):
            return None
        later = (route.hours.begin(now) for route in self.routes if route.hours and self._tells(route, alert))
        return min((moment for moment in later if moment is not None), default=None)

    def recipients(self, alert: Alert, now: datetime) -> list[Recipient]:
        """Return who is told of the alert by its routes, each contact once, with the shortest wait."""
        found: dict[str, Recipient] = {}
        for route in self._taken(alert, now):
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
        """Return the policy of the first route of the alert that names one for its severity, else the default of that.

        Of what may not be held back the one that is due soonest, whichever route names it.
        """
        named = (self.policies.get(route.policy_id) for route in self._taken(alert, now))
        policies = [policy for policy in named if policy is not None and alert.severity >= policy.min_severity]
        if alert.never_held_back:
            policies.sort(key=lambda policy: policy.due(0, now))
        return policies[0] if policies else default_policy(alert)

    def _taken(self, alert: Alert, now: datetime) -> list[Route]:
        """Return the routes that the alert goes now.

        What may not wait for hours goes its other ways too, where nobody would be told within their hours.
        """
        taken = [route for route in self.routes if route.matches(alert, now)]
        if waits_for_hours(alert) or any(self._tells(route, alert) for route in taken):
            return taken
        return [route for route in self.routes if route.concerns(alert)]

    def _tells(self, route: Route, alert: Alert) -> bool:
        return route.concerns(alert) and bool(self.named(route.contact_ids))
