"""Which escalation policy an alert goes by."""

from datetime import UTC, datetime

import pytest

from monitoring_svc.domain import alert as life
from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.escalation import DEFAULT_CRITICAL, DEFAULT_SAFETY, Policy, Step
from monitoring_svc.domain.firing import Firing
from monitoring_svc.domain.routing import Arrangements, Channel, Contact, Route
from monitoring_svc.domain.severity import AlertType, Severity

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
WEEK = Policy("week", "A week", (Step(604_800),))
MINUTE = Policy("minute", "A minute", (Step(60),))
GRAVE = Policy("grave", "Critical alone", (Step(10),), Severity.CRITICAL)


def alert(severity: Severity, alert_type: AlertType = AlertType.SAFETY_CONCERN) -> Alert:
    return life.opened(Firing("f", "rule", alert_type, severity, "t", "m"), "a", NOW).alert


def arranged(*policies: Policy) -> Arrangements:
    """Return routes of equal matching, in the order of their names, one for each policy."""
    contact = Contact("c", "on call", Channel.WEBHOOK, "https://example.org")
    routes = [Route(str(place), str(place), ("c",), policy_id=one.policy_id) for place, one in enumerate(policies)]
    return Arrangements(0, {"c": contact}, routes, {one.policy_id: one for one in policies})


def test_a_policy_that_does_not_cover_the_severity_is_passed_over() -> None:
    assert arranged(GRAVE, MINUTE).policy(alert(Severity.HIGH), NOW) == MINUTE


@pytest.mark.parametrize(("severity", "policy"), [(Severity.HIGH, DEFAULT_SAFETY), (Severity.CRITICAL, GRAVE)])
def test_a_grave_concern_that_no_policy_covers_escalates_by_the_default(severity: Severity, policy: Policy) -> None:
    assert arranged(GRAVE).policy(alert(severity), NOW) == policy


def test_of_what_may_not_be_held_back_the_policy_that_is_due_soonest_counts() -> None:
    assert arranged(WEEK, MINUTE).policy(alert(Severity.CRITICAL), NOW) == MINUTE


def test_of_all_else_the_policy_of_the_first_route_counts() -> None:
    dull = alert(Severity.CRITICAL, AlertType.SYSTEM_PERFORMANCE)
    assert arranged(WEEK, MINUTE).policy(dull, NOW) == WEEK
    assert arranged().policy(dull, NOW) == DEFAULT_CRITICAL


def test_what_is_dull_and_no_policy_covers_does_not_escalate() -> None:
    assert arranged(GRAVE).policy(alert(Severity.LOW, AlertType.USER_ENGAGEMENT), NOW) is None
