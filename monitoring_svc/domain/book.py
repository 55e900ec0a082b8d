"""The alerts that one transaction looks at, and what it makes of them. Pure: the adapter loads, then writes.

The adapter holds the log's lock from before the book is opened until its rows are committed, so that positions
follow commit order without gaps.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitoring_svc.domain import alert as life
from monitoring_svc.domain.alert import PAGING, Alert, AlertEvent, AlertState, Change, EventKind
from monitoring_svc.domain.delivery import Delivery, alert_content
from monitoring_svc.domain.firing import Firing
from monitoring_svc.domain.routing import Arrangements, Recipient
from monitoring_svc.domain.severity import AlertType, Severity, never_held_back

SYSTEM = "monitoring"
"""The actor of what the service does by itself."""

SILENCE_ENDED = "the silence ended"
"""The note of an alert that pages because nothing holds it back any more."""

STORM_WINDOW = timedelta(minutes=1)
STORM_LIMIT = 30
"""So many messages to one contact within a minute; what comes above waits a minute and shares one message."""
STORM_GROUP = ":storm"
"""How the group of such a message ends: it tells of any players."""


@dataclass(frozen=True, slots=True)
class Fired:
    """What became of one firing."""

    rule_id: str
    alert_id: str
    """Empty where there is no alert of it."""
    severity: Severity
    alert_type: AlertType
    intervention: str
    repeated: bool = False
    held_back_by: str = ""
    """`silenced` (the alert is there, nobody is told), `cooldown`, `pending`; empty for nothing."""
    fingerprint: str = ""
    """Of the firing."""


def became(firing: Firing, alert_id: str, *, repeated: bool = False, held_back_by: str = "") -> Fired:
    """Return what became of a firing."""
    return Fired(
        firing.rule_id,
        alert_id,
        firing.severity,
        firing.alert_type,
        firing.intervention,
        repeated,
        held_back_by,
        firing.fingerprint,
    )


@dataclass(slots=True)
class Book:
    """Alerts by fingerprint and id, and the events, messages and timers that this transaction adds."""

    now: datetime
    """By the database's clock."""
    head: int
    """The last position of the log."""
    arrangements: Arrangements
    new_id: Callable[[], str]
    current: dict[str, Alert] = field(default_factory=dict)
    """Fingerprint -> the alert that is not resolved, or the last one that still keeps its rule quiet."""
    by_id: dict[str, Alert] = field(default_factory=dict)
    recent: dict[str, int] = field(default_factory=dict)
    """Contact -> messages within the storm window so far."""
    sealed_ids: dict[str, str] = field(default_factory=dict)
    """Alert -> the player's id, for those that opened; the adapter seals it."""
    created: dict[str, None] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)
    events: list[AlertEvent] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    timers: dict[str, tuple[int, datetime] | None] = field(default_factory=dict)
    """Alert -> (step, due) to keep, None to remove."""
    running: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    """Alert -> (step, due) as they are in the database, for alerts loaded by id."""

    def load(self, alerts: Iterable[Alert]) -> None:
        """Take in alerts as they are in the database."""
        for alert in alerts:
            self.by_id[alert.alert_id] = alert
            known = self.current.get(alert.fingerprint)
            if known is None or known.state is AlertState.RESOLVED:
                self.current[alert.fingerprint] = alert

    def fire(self, firing: Firing) -> Fired:
        """Fold a firing into the alert of its fingerprint, or open one."""
        alert = self._alert_of(firing)
        if alert is not None and alert.state is not AlertState.RESOLVED:
            self._apply(life.repeated(alert, firing, self.now), SYSTEM)
            return became(firing, alert.alert_id, repeated=True)
        if alert is not None and self._quiet(alert, firing):
            return became(firing, "", held_back_by="cooldown")
        change = life.opened(firing, self.new_id(), self.now)
        self.created[change.alert.alert_id] = None
        if firing.user_id is not None:
            self.sealed_ids[change.alert.alert_id] = firing.user_id
        self._apply(change, SYSTEM)
        silenced = self.by_id[change.alert.alert_id].silenced
        return became(firing, change.alert.alert_id, held_back_by="silenced" if silenced else "")

    def _alert_of(self, firing: Firing) -> Alert | None:
        """Return the alert of an incident, whichever key its fingerprint is under: rather one that is not resolved."""
        alert = self.current.get(firing.fingerprint)
        for name in firing.elsewhere:
            other = self.current.get(name)
            if other is not None and (alert is None or alert.state is AlertState.RESOLVED):
                alert = other
        return alert

    def acknowledge(self, alert: Alert, actor: str, note: str) -> Alert:
        """Say that someone looks: stops escalation."""
        return self._apply(life.acknowledged(alert, actor, self.now), actor, note)

    def resolve(self, alert: Alert, actor: str, note: str) -> Alert:
        """Say that nobody need look any more."""
        return self._apply(life.resolved(alert, actor, self.now), actor, note)

    def clear(self, fingerprint: str) -> None:
        """Note that the condition of that fingerprint does not hold any more."""
        alert = self.current.get(fingerprint)
        if alert is not None and alert.state is not AlertState.RESOLVED:
            self._apply(life.cleared(alert, self.now), SYSTEM)

    def escalate(self, alert: Alert) -> bool:
        """Tell the people of the next step, if its timer is due and nobody looks; return whether it was due.

        A silence puts it off until the silence ends; an alert that opened in one pages then.
        """
        # Its timer as this book leaves it, where it does: the same alert may be asked about twice in one transaction.
        timer = self.timers.get(alert.alert_id, self.running.get(alert.alert_id))
        if timer is None or timer[1] > self.now:
            return False
        step = timer[0]
        if alert.state is AlertState.FIRING:
            until = self.arrangements.silenced_until(alert, self.now)
            if until is not None:
                self.timers[alert.alert_id] = (step, until)
                return True
            if alert.silenced:
                self._told_at_last(alert)
                return True
        change = life.escalated(alert, step, self.now)
        if change.kind is None:
            self.timers[alert.alert_id] = None
            return True
        self._apply(change, SYSTEM)
        policy = self.arrangements.policy(change.alert, self.now)
        contacts = self.arrangements.named(policy.contacts(step)) if policy else []
        recipients = [Recipient(contact) for contact in contacts]
        self._notify(change.alert, "escalated", recipients or self.arrangements.recipients(change.alert, self.now))
        self.timers[alert.alert_id] = (step + 1, policy.due(step + 1, self.now)) if policy else None
        return True

    def _told_at_last(self, alert: Alert) -> None:
        """Page for an alert that opened in a silence, which is over."""
        heard = replace(alert, silenced=False, last_event_at=self.now)
        self._apply(Change(heard, EventKind.ESCALATED), SYSTEM, SILENCE_ENDED)
        self._page(heard, EventKind.OPENED)

    def note(self, alert: Alert, kind: EventKind, actor: str, note: str) -> None:
        """Add an event that changes nothing, such as a reveal."""
        self._apply(Change(alert, kind), actor, note)

    def _quiet(self, resolved: Alert, firing: Firing) -> bool:
        """Whether the rule keeps quiet after the last alert was resolved. Never for what nothing may hold back."""
        return (
            not never_held_back(firing.alert_type, firing.severity)
            and resolved.resolved_at is not None
            and self.now < resolved.resolved_at + timedelta(seconds=firing.cooldown_seconds)
        )

    def _apply(self, change: Change, actor: str, note: str = "") -> Alert:
        alert = change.alert
        if change.kind in PAGING:
            alert = self._page(alert, change.kind)
        elif alert.state is not AlertState.FIRING and change.kind is not None:
            self.timers[alert.alert_id] = None
        if alert is not self.by_id.get(alert.alert_id):
            self.changed[alert.alert_id] = None
        self.by_id[alert.alert_id] = self.current[alert.fingerprint] = alert
        if change.kind is not None:
            self.head += 1
            self.events.append(AlertEvent(self.head, alert, change.kind, self.now, actor, note))
        return alert

    def _page(self, alert: Alert, kind: EventKind) -> Alert:
        until = self.arrangements.silenced_until(alert, self.now)
        if (until is not None) != alert.silenced:
            alert = replace(alert, silenced=until is not None)
        if until is not None:
            self.timers[alert.alert_id] = (0, until)
            return alert
        self._notify(alert, kind.value, self.arrangements.recipients(alert, self.now))
        policy = self.arrangements.policy(alert, self.now)
        self.timers[alert.alert_id] = (0, policy.due(0, self.now)) if policy else None
        return alert

    def _notify(self, alert: Alert, reason: str, recipients: Iterable[Recipient]) -> None:
        for recipient in recipients:
            contact = recipient.contact
            wait, group = recipient.group_seconds, None
            if wait and alert.subject is not None:
                group = f"{contact.contact_id}:{alert.subject.hex()}"
            sent = self.recent[contact.contact_id] = self.recent.get(contact.contact_id, 0) + 1
            if sent > STORM_LIMIT and not alert.never_held_back:
                wait, group = int(STORM_WINDOW.total_seconds()), f"{contact.contact_id}{STORM_GROUP}"
            self.deliveries.append(
                Delivery(
                    delivery_id=self.new_id(),
                    channel=contact.channel,
                    created_at=self.now,
                    due_at=self.now + timedelta(seconds=wait),
                    alert_id=alert.alert_id,
                    contact_id=contact.contact_id,
                    group_key=group,
                    urgent=alert.never_held_back,
                    content=alert_content(alert, reason, contact),
                )
            )
