"""The life of an alert, without any I/O."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from mesh.refusal import FailedPrecondition
from monitoring_svc.domain import alert as life
from monitoring_svc.domain.alert import AlertState, EventKind
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.firing import Firing, fingerprint
from monitoring_svc.domain.matchers import Matcher, Silence
from monitoring_svc.domain.routing import Arrangements, Channel, Contact, Route
from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.domain.thresholds import Status, thresholds

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
CRISIS = Firing(
    fingerprint("crisis", b"p", {}), "crisis", AlertType.SAFETY_CONCERN, Severity.HIGH, "t", "m", subject=b"p"
)
GRAVER = replace(CRISIS, severity=Severity.CRITICAL)
DULL = replace(CRISIS, alert_type=AlertType.USER_ENGAGEMENT, severity=Severity.LOW, cooldown_seconds=60)


def test_a_repeat_raises_the_count_and_tells_at_most_once_a_minute() -> None:
    alert = life.opened(DULL, "a", NOW).alert
    soon = life.repeated(alert, DULL, NOW + timedelta(seconds=59))
    assert (soon.alert.count, soon.kind) == (2, None)
    later = life.repeated(soon.alert, DULL, NOW + timedelta(seconds=60))
    assert (later.alert.count, later.kind) == (3, EventKind.REPEATED)


def test_a_rise_in_severity_clears_the_acknowledgement() -> None:
    looked_at = life.acknowledged(life.opened(CRISIS, "a", NOW).alert, "ada", NOW).alert
    change = life.repeated(looked_at, GRAVER, NOW)
    assert (change.kind, change.alert.state) == (EventKind.SEVERITY_RAISED, AlertState.FIRING)
    assert change.alert.acknowledged_at is None


@pytest.mark.parametrize(("minutes", "kind"), [(10, EventKind.REPEATED), (11, EventKind.REOPENED)])
def test_a_crisis_long_after_the_acknowledgement_pages_again(minutes: int, kind: EventKind) -> None:
    looked_at = life.acknowledged(life.opened(CRISIS, "a", NOW).alert, "ada", NOW).alert
    assert life.repeated(looked_at, CRISIS, NOW + timedelta(minutes=minutes)).kind is kind


def test_a_resolved_alert_cannot_be_acknowledged() -> None:
    over = life.resolved(life.opened(DULL, "a", NOW).alert, "ada", NOW).alert
    with pytest.raises(FailedPrecondition):
        life.acknowledged(over, "ada", NOW)


def test_no_grave_safety_concern_resolves_by_itself() -> None:
    alert = life.opened(replace(CRISIS, auto_resolve_seconds=1), "a", NOW).alert
    assert life.cleared(alert, NOW).alert.cleared_at is None


def book(*silences: Silence, now: datetime = NOW) -> Book:
    contact = Contact("c", "on call", Channel.WEBHOOK, "https://example.org")
    arrangements = Arrangements(contacts={"c": contact}, routes=[Route("r", "all", ("c",))], silences=silences)
    ids = count()
    return Book(now, 0, arrangements, lambda: str(next(ids)))


def test_a_silence_holds_back_the_message_but_not_the_alert_and_never_a_crisis() -> None:
    everything = Silence("s", (Matcher("severity", ("none",), negate=True),), NOW, NOW + timedelta(hours=1))
    quiet = book(everything)
    assert quiet.fire(DULL).held_back_by == "silenced"
    assert not quiet.deliveries
    assert quiet.fire(replace(CRISIS, fingerprint="other")).held_back_by == ""
    assert len(quiet.deliveries) == 1


@pytest.mark.parametrize("before", [Severity.LOW, Severity.CRITICAL])
def test_an_alert_of_a_rule_that_was_changed_to_one_about_safety_pages_through_a_silence(before: Severity) -> None:
    everything = Silence("s", (Matcher("severity", ("none",), negate=True),), NOW, NOW + timedelta(hours=1))
    quiet = book(everything)
    assert quiet.fire(replace(DULL, severity=before)).held_back_by == "silenced"
    assert not quiet.deliveries
    quiet.fire(CRISIS)
    (alert,) = quiet.by_id.values()
    assert (alert.alert_type, alert.severity) == (AlertType.SAFETY_CONCERN, max(before, Severity.HIGH))
    assert alert.never_held_back
    assert not alert.silenced
    (delivery,) = quiet.deliveries
    assert delivery.urgent


def test_an_alert_stays_a_safety_concern_whatever_its_rule_becomes() -> None:
    alert = life.opened(CRISIS, "a", NOW).alert
    raised = life.repeated(alert, replace(DULL, severity=Severity.CRITICAL), NOW).alert
    assert (raised.alert_type, raised.severity) == (AlertType.SAFETY_CONCERN, Severity.CRITICAL)


def test_a_cooldown_never_holds_back_a_crisis() -> None:
    first = book()
    alert = life.opened(DULL, "a", NOW).alert
    first.load([life.resolved(alert, "ada", NOW).alert])
    assert first.fire(DULL).held_back_by == "cooldown"
    assert first.fire(replace(GRAVER, fingerprint=DULL.fingerprint)).alert_id


def test_an_escalation_that_is_asked_for_twice_in_one_transaction_happens_once() -> None:
    one = book()
    alert_id = one.fire(CRISIS).alert_id
    one.timers.clear()
    one.running = {alert_id: (0, NOW)}
    assert one.escalate(one.by_id[alert_id])
    assert not one.escalate(one.by_id[alert_id])
    assert [event.kind for event in one.events] == [EventKind.OPENED, EventKind.ESCALATED]


def test_while_keys_rotate_a_repeat_folds_into_the_alert_under_the_other_key() -> None:
    one, moved = book(), replace(CRISIS, fingerprint="under the new key", elsewhere=(CRISIS.fingerprint,))
    opened = one.fire(CRISIS)
    assert one.fire(moved) == replace(opened, repeated=True, fingerprint=moved.fingerprint)
    resolved = book()
    resolved.load([life.resolved(life.opened(DULL, "a", NOW).alert, "ada", NOW).alert])
    assert resolved.fire(replace(DULL, fingerprint="new", elsewhere=(DULL.fingerprint,))).held_back_by == "cooldown"


def test_an_open_alert_under_the_other_key_counts_before_a_resolved_one_under_this() -> None:
    one, alert = book(), life.opened(CRISIS, "a", NOW).alert
    one.load([life.resolved(replace(alert, alert_id="b", fingerprint="new"), "ada", NOW).alert, alert])
    assert one.fire(replace(CRISIS, fingerprint="new", elsewhere=(CRISIS.fingerprint,))).alert_id == "a"


def test_three_thousand_repeats_are_one_alert_one_event_and_one_message() -> None:
    one = book()
    for _ in range(3000):
        one.fire(CRISIS)
    assert [alert.count for alert in one.by_id.values()] == [3000]
    assert (len(one.events), len(one.deliveries)) == (1, 1)


def test_a_storm_of_dull_alerts_shares_a_message_and_a_crisis_in_it_does_not() -> None:
    one = book()
    for number in range(100):
        one.fire(replace(DULL, fingerprint=str(number)))
    one.fire(replace(CRISIS, fingerprint="crisis"))
    assert sum(delivery.group_key is None for delivery in one.deliveries) == 31
    assert one.deliveries[-1].group_key is None


def test_trouble_ends_only_past_the_hysteresis_also_where_low_is_bad() -> None:
    limits = thresholds(20.0, 10.0)
    assert limits.below
    assert limits.status(10.4, Status.CRITICAL) is Status.CRITICAL
    assert limits.status(10.6, Status.CRITICAL) is Status.WARNING
    assert limits.status(21.1, Status.WARNING) is Status.NORMAL
