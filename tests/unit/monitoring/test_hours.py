"""Who is told at which hour, by the clocks of the place, also on the days on which they change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from monitoring_svc.domain.alert import EventKind
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.escalation import Policy, Step
from monitoring_svc.domain.firing import Firing, fingerprint
from monitoring_svc.domain.hours import Hours
from monitoring_svc.domain.matchers import Matcher, Silence
from monitoring_svc.domain.routing import Arrangements, Channel, Contact, Route
from monitoring_svc.domain.severity import AlertType, Severity

BERLIN = "Europe/Berlin"
EVERY_DAY: frozenset[int] = frozenset()
BY_DAY = Hours(BERLIN, EVERY_DAY, 9 * 60, 17 * 60)
NIGHT = datetime(2026, 11, 2, 2, tzinfo=UTC)  # a Monday, 03:00 in Berlin
MORNING = datetime(2026, 11, 2, 8, tzinfo=UTC)
DULL = Firing(
    fingerprint("r", b"p", {}), "r", AlertType.THERAPEUTIC_INTERVENTION, Severity.HIGH, "t", "m", subject=b"p"
)
GRAVE = replace(DULL, alert_type=AlertType.SAFETY_CONCERN)
CRITICAL = replace(DULL, alert_type=AlertType.SYSTEM_PERFORMANCE, severity=Severity.CRITICAL, subject=None)


def utc(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}+00:00")


def test_hours_that_cross_midnight_belong_to_the_day_on_which_they_start() -> None:
    night = Hours(BERLIN, frozenset({1}), 22 * 60, 6 * 60)
    assert night.contain(datetime(2026, 11, 2, 22, tzinfo=UTC))
    assert night.contain(datetime(2026, 11, 3, 4, tzinfo=UTC))
    assert not night.contain(datetime(2026, 11, 3, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("zone", "clock", "inside"),
    [
        (BERLIN, "07:59", False),
        (BERLIN, "08:00", True),
        ("Asia/Kolkata", "03:30", True),
        ("Asia/Kolkata", "03:29", False),
        ("America/New_York", "14:00", True),
        ("Pacific/Auckland", "20:00", True),
    ],
)
def test_nine_is_nine_by_the_clocks_of_the_place(zone: str, clock: str, inside: bool) -> None:
    assert Hours(zone, EVERY_DAY, 9 * 60, 17 * 60).contain(utc("2026-11-02", clock)) is inside


@pytest.mark.parametrize(("day", "clock"), [("2026-03-28", "08:00"), ("2026-03-29", "07:00"), ("2026-10-25", "08:00")])
def test_hours_follow_the_clocks_when_they_change(day: str, clock: str) -> None:
    nine = utc(day, clock)
    assert BY_DAY.contain(nine)
    assert not BY_DAY.contain(nine - timedelta(minutes=1))
    assert BY_DAY.begin(nine - timedelta(hours=3)) == nine


def test_a_night_shift_is_an_hour_shorter_in_spring_and_an_hour_longer_in_autumn() -> None:
    night = Hours(BERLIN, EVERY_DAY, 22 * 60, 6 * 60)

    def minutes(evening: datetime) -> int:
        return sum(night.contain(evening + timedelta(minutes=number)) for number in range(-300, 900))

    assert minutes(utc("2026-03-28", "21:00")) == 7 * 60
    assert minutes(utc("2026-10-24", "20:00")) == 9 * 60


def test_hours_that_begin_in_the_hour_that_is_left_out_begin_with_the_next() -> None:
    early = Hours(BERLIN, EVERY_DAY, 2 * 60 + 30, 4 * 60)
    assert early.begin(utc("2026-03-28", "22:00")) == utc("2026-03-29", "01:00")
    assert early.contain(utc("2026-03-29", "01:00"))
    assert not early.contain(utc("2026-03-29", "00:59"))


def test_hours_that_lie_in_the_hour_that_is_left_out_begin_a_day_later() -> None:
    left_out = Hours(BERLIN, EVERY_DAY, 2 * 60 + 10, 2 * 60 + 40)
    assert left_out.begin(utc("2026-03-28", "22:00")) == utc("2026-03-30", "00:10")


def test_hours_in_the_hour_that_comes_twice_begin_twice() -> None:
    twice = Hours(BERLIN, EVERY_DAY, 2 * 60 + 10, 2 * 60 + 40)
    first = twice.begin(utc("2026-10-24", "22:00"))
    assert first == utc("2026-10-25", "00:10")
    assert twice.begin(first + timedelta(minutes=1)) == utc("2026-10-25", "01:10")


@pytest.mark.parametrize("zone", [BERLIN, "Australia/Lord_Howe", "America/New_York", "America/Havana"])
@pytest.mark.parametrize("weekdays", [EVERY_DAY, frozenset({7, 1})])
@pytest.mark.parametrize(("start", "end"), [(0, 540), (70, 90), (150, 170), (1320, 360)])
@pytest.mark.parametrize("first", ["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-24", "2026-10-31"])
def test_hours_begin_at_the_first_minute_that_lies_within(
    zone: str, weekdays: frozenset[int], start: int, end: int, first: str
) -> None:
    hours = Hours(zone, weekdays, start, end)
    moments = [utc(first, "00:00") + timedelta(minutes=number) for number in range(3 * 1440)]
    within = [hours.contain(moment) for moment in moments]
    outside = [place for place in range(len(moments)) if not within[place]]
    beginning = [moments[place + 1] for place in outside if place + 1 < len(moments) and within[place + 1]]
    assert beginning
    for place in outside[::17]:
        ahead = [moment for moment in beginning if moment > moments[place]]
        if ahead:
            assert hours.begin(moments[place]) == ahead[0]
    assert [hours.begin(moment) for moment in beginning] == beginning


def book(now: datetime, *routes: Route, silences: tuple[Silence, ...] = ()) -> Book:
    contacts = {name: Contact(name, name, Channel.WEBHOOK, "https://example.org") for name in ("day", "night", "chief")}
    chain = {"chain": Policy("chain", "chain", (Step(60, ("chief",)),))}
    ids = count()
    arrangements = Arrangements(contacts=contacts, routes=routes, policies=chain, silences=silences)
    return Book(now, 0, arrangements, lambda: str(next(ids)))


def told(one: Book) -> list[str | None]:
    return [delivery.contact_id for delivery in one.deliveries]


DAY_ROUTE = Route("d", "by day", ("day",), hours=BY_DAY)
NIGHT_ROUTE = Route("n", "by night", ("night",), hours=Hours(BERLIN, EVERY_DAY, 17 * 60, 9 * 60))


@pytest.mark.parametrize(("now", "contact"), [(NIGHT, "night"), (MORNING, "day")])
@pytest.mark.parametrize("firing", [DULL, GRAVE, CRITICAL])
def test_whoever_is_there_at_that_hour_is_told(firing: Firing, now: datetime, contact: str) -> None:
    one = book(now, DAY_ROUTE, NIGHT_ROUTE)
    one.fire(firing)
    assert told(one) == [contact]


@pytest.mark.parametrize("firing", [GRAVE, CRITICAL])
def test_what_may_not_wait_is_told_at_once_where_nobody_is_there_at_that_hour(firing: Firing) -> None:
    one = book(NIGHT, replace(DAY_ROUTE, policy_id="chain"))
    fired = one.fire(firing)
    assert fired.held_back_by == ""
    assert told(one) == ["day"]
    later = book(NIGHT + timedelta(seconds=60), *one.arrangements.routes)
    later.load(one.by_id.values())
    later.running = {alert_id: timer for alert_id, timer in one.timers.items() if timer}
    assert later.escalate(one.by_id[fired.alert_id])
    assert told(later) == ["chief"]


def test_a_route_whose_contacts_are_switched_off_is_nobody() -> None:
    one = book(NIGHT, DAY_ROUTE, replace(NIGHT_ROUTE, contact_ids=("gone",)))
    one.fire(GRAVE)
    assert told(one) == ["day"]


def test_what_may_wait_is_told_when_the_hours_begin() -> None:
    one = book(NIGHT, DAY_ROUTE)
    alert_id = one.fire(DULL).alert_id
    assert not told(one)
    assert one.timers[alert_id] == (0, MORNING)
    later = book(MORNING, DAY_ROUTE)
    later.load(one.by_id.values())
    later.running = {alert_id: (0, MORNING)}
    assert later.escalate(one.by_id[alert_id])
    assert told(later) == ["day"]
    assert [event.kind for event in later.events] == [EventKind.ESCALATED]
    assert not later.by_id[alert_id].silenced


def test_what_a_silence_held_back_until_the_night_waits_for_the_morning() -> None:
    silence = Silence("s", (Matcher("rule_id", ("r",)),), NIGHT, NIGHT + timedelta(hours=1))
    one = book(NIGHT, DAY_ROUTE, silences=(silence,))
    alert_id = one.fire(DULL).alert_id
    assert one.timers[alert_id] == (0, silence.ends_at)
    later = book(silence.ends_at, DAY_ROUTE, silences=(silence,))
    later.load(one.by_id.values())
    later.running = {alert_id: (0, silence.ends_at)}
    assert later.escalate(one.by_id[alert_id])
    assert not told(later)
    assert later.timers[alert_id] == (0, MORNING)


def test_an_escalation_after_hours_goes_on_in_the_morning() -> None:
    evening = utc("2026-11-02", "15:59:30")
    one = book(evening, replace(DAY_ROUTE, policy_id="chain"))
    alert_id = one.fire(DULL).alert_id
    due = evening + timedelta(seconds=60)
    assert one.timers[alert_id] == (0, due)
    later = book(due, *one.arrangements.routes)
    later.load(one.by_id.values())
    later.running = {alert_id: (0, due)}
    assert later.escalate(one.by_id[alert_id])
    assert not told(later)
    assert later.timers[alert_id] == (0, MORNING + timedelta(days=1))


def test_what_no_route_is_about_waits_for_nothing() -> None:
    one = book(NIGHT, replace(DAY_ROUTE, min_severity=Severity.CRITICAL))
    alert_id = one.fire(DULL).alert_id
    assert one.timers[alert_id] is None
    assert not one.by_id[alert_id].silenced
