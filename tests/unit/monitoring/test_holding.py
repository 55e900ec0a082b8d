"""How long a condition has held, as far as signals tell."""

from dataclasses import replace

import pytest

from monitoring_svc.domain.holding import PAUSE_SECONDS, Hold, after, read
from monitoring_svc.domain.rolling import Rolling, from_state, to_state
from monitoring_svc.domain.rule import Rule
from monitoring_svc.domain.severity import AlertType, Severity

MINUTE = 60.0
RULE = Rule("sad", "t", "d", "sentiment_score < 0.0", Severity.MEDIUM, AlertType.USER_ENGAGEMENT, for_seconds=600)


def step(before: Hold | None, minute: float, rule: Rule = RULE, *, holds: bool = True) -> Hold | None:
    return after(before, read(rule, b"p", minute * MINUTE, holds=holds))


def held(*minutes: float, rule: Rule = RULE) -> Hold:
    """Return what has held after signals of these minutes in which the condition held."""
    hold: Hold | None = None
    for minute in minutes:
        hold = step(hold, minute, rule)
    assert hold is not None
    return hold


@pytest.mark.parametrize(
    ("minutes", "fires"),
    [((0,), False), ((0, 9.9), False), ((0, 10), True), ((0, 5, 10), True), ((0, 25), True), ((0, 31), False)],
)
def test_it_has_held_from_the_first_signal_on_unless_a_session_lies_between(
    minutes: tuple[float, ...], fires: bool
) -> None:
    assert held(*minutes).lasts(RULE.for_seconds) is fires


def test_low_once_yesterday_and_low_once_today_is_low_once() -> None:
    assert not held(0, 24 * 60).lasts(RULE.for_seconds)


def test_a_duration_of_a_day_outlasts_pauses_of_a_night() -> None:
    long = replace(RULE, for_seconds=86400)
    assert PAUSE_SECONDS < 10 * 60 * MINUTE
    assert held(0, 600, 1440, rule=long).lasts(86400)


def test_a_signal_in_which_it_does_not_hold_ends_it() -> None:
    assert step(held(0, 5), 7, holds=False) is None
    assert step(None, 7, holds=False) is None


def test_signals_that_arrive_late_or_twice_take_nothing_away() -> None:
    assert held(0, 8, 3) == held(0, 8, 8) == held(0, 8)
    assert held(5, 3).since == 5 * MINUTE
    assert step(held(5, 8), 3, holds=False) == held(5, 8)


def test_another_condition_begins_anew_and_another_duration_does_not() -> None:
    other = replace(RULE, condition="sentiment_score < 0.5", version=2)
    assert step(held(0, 5), 10, other) == held(10, rule=other)
    shorter = replace(RULE, for_seconds=300, version=2)
    assert step(held(0, 5), 6, shorter) == held(0, 6)


def test_what_holds_is_kept_over_a_restart() -> None:
    window = Rolling(holds={"sad": held(0, 5)})
    assert from_state(to_state(window)) == window
