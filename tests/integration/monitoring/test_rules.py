"""Rules that people make."""

import asyncio
from collections.abc import Sequence
from time import thread_time

import grpc
import pytest
from tta.analytics.v1 import alert_pb2, common_pb2, monitoring_pb2, rule_pb2

from monitoring_svc.ports import StoredRule
from tests.integration.monitoring.conftest import CRISIS, Launch, Running, eventually


def definition(condition: str, rule_id: str = "sad", **fields: object) -> rule_pb2.RuleDefinition:
    chosen = {"alert_type": common_pb2.ALERT_TYPE_USER_ENGAGEMENT} | fields
    return rule_pb2.RuleDefinition(
        rule_id=rule_id,
        title="Sad for long",
        condition=condition,
        severity=common_pb2.SEVERITY_MEDIUM,
        enabled=True,
        **chosen,
    )


async def create(running: Running, condition: str, **fields: object) -> rule_pb2.Rule:
    return await running.rules.CreateRule(rule_pb2.CreateRuleRequest(definition=definition(condition, **fields)))


async def test_a_rule_over_the_players_own_rolling_statistics_fires(monitoring: Running) -> None:
    await create(monitoring, "count.sentiment_score >= 3.0 && mean.sentiment_score < 0.0")
    for _ in range(2):
        answer = await monitoring.signal("p", sentiment_score=-0.5)
        assert "sad" not in {one.rule_id for one in answer.fired}
    answer = await monitoring.signal("p", sentiment_score=-0.5)
    assert "sad" in {one.rule_id for one in answer.fired}
    stranger = await monitoring.signal("q", sentiment_score=-0.5)
    assert "sad" not in {one.rule_id for one in stranger.fired}


async def test_a_duration_must_pass_before_the_rule_fires(monitoring: Running) -> None:
    await create(monitoring, "measures.load > 1.0", for_seconds=60)
    signal = monitoring_pb2.Signal(user_id="p", measures={"load": 2.0})
    signal.observed_at.FromSeconds(1_700_000_000)
    first = await monitoring.game.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal))
    assert [one.held_back_by for one in first.fired] == ["pending"]
    signal.observed_at.FromSeconds(1_700_000_061)
    later = await monitoring.game.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal))
    assert [one.held_back_by for one in later.fired] == [""]


async def held_back(running: Running, minute: float, **fields: object) -> list[str]:
    """Return what held back the firings of a signal of that minute."""
    signal = monitoring_pb2.Signal(user_id="p", **fields)
    signal.observed_at.FromSeconds(1_700_000_000 + int(minute * 60))
    answer = await running.game.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal))
    return [one.held_back_by for one in answer.fired]


async def test_a_duration_begins_anew_after_a_signal_in_which_the_condition_does_not_hold(
    monitoring: Running,
) -> None:
    await create(monitoring, "measures.load > 1.0", for_seconds=600)
    assert await held_back(monitoring, 0, measures={"load": 2.0}) == ["pending"]
    assert await held_back(monitoring, 5, measures={"load": 1.0}) == []
    assert await held_back(monitoring, 11, measures={"load": 2.0}) == ["pending"]
    assert await held_back(monitoring, 16, sentiment_score=0.5) == []
    assert await held_back(monitoring, 21, measures={"load": 2.0}) == [""]


async def test_a_duration_begins_anew_after_a_day_without_a_signal_and_after_its_field_was_missing_for_long(
    monitoring: Running,
) -> None:
    await create(monitoring, "measures.load > 1.0", for_seconds=600)
    assert await held_back(monitoring, 0, measures={"load": 2.0}) == ["pending"]
    assert await held_back(monitoring, 1440, measures={"load": 2.0}) == ["pending"]
    for minute in range(1445, 1500, 5):
        assert await held_back(monitoring, minute, sentiment_score=0.5) == []
    assert await held_back(monitoring, 1500, measures={"load": 2.0}) == ["pending"]


async def test_a_duration_begins_anew_when_the_condition_is_edited(monitoring: Running) -> None:
    await create(monitoring, "measures.load > 1.0", for_seconds=600)
    assert await held_back(monitoring, 0, measures={"load": 3.0}) == ["pending"]
    changed = rule_pb2.UpdateRuleRequest(
        rule_id="sad", definition=definition("measures.load > 2.0", for_seconds=600), version=1
    )
    await monitoring.rules.UpdateRule(changed)
    assert await held_back(monitoring, 11, measures={"load": 3.0}) == ["pending"]
    assert await held_back(monitoring, 21, measures={"load": 3.0}) == [""]


async def test_a_duration_goes_on_over_a_restart(database_url: str, launch: Launch) -> None:
    first = await launch(database_url)
    await create(first, "measures.load > 1.0", for_seconds=600)
    assert await held_back(first, 0, measures={"load": 2.0}) == ["pending"]
    await first.stop()
    second = await launch(database_url)
    assert await held_back(second, 10, measures={"load": 2.0}) == [""]


async def test_crisis_language_waits_for_no_duration(monitoring: Running) -> None:
    listed = await monitoring.rules.ListRules(rule_pb2.ListRulesRequest())
    crisis = next(one for one in listed.rules if one.definition.rule_id == "crisis_language")
    crisis.definition.for_seconds = 60
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await monitoring.rules.UpdateRule(
            rule_pb2.UpdateRuleRequest(rule_id="crisis_language", definition=crisis.definition)
        )
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION


async def test_a_cooldown_keeps_a_resolved_rule_quiet(monitoring: Running) -> None:
    await create(monitoring, "measures.load > 1.0", cooldown_seconds=600)
    first = (await monitoring.signal("p", measures={"load": 2.0})).fired[0]
    await monitoring.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=first.alert_id))
    again = (await monitoring.signal("p", measures={"load": 2.0})).fired[0]
    assert (again.alert_id, again.held_back_by) == ("", "cooldown")


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        ("sentiment_score <", "18"),
        ("user_id == 'x'", "1"),
        ("true || size(measures) > 1", "9"),
        ("[1].all(x, x > 0)", "1"),
    ],
)
async def test_a_bad_expression_is_refused_with_its_position(monitoring: Running, condition: str, column: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await create(monitoring, condition)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert f"column {column}:" in refused.value.details()


async def test_trying_a_rule_stores_nothing(monitoring: Running) -> None:
    signal = monitoring_pb2.Signal(user_id="p", recent_messages=[CRISIS])
    request = rule_pb2.TestRuleRequest(
        definition=definition("crisis_severity == 'imminent' && measures.load > 1.0"), signal=signal
    )
    trial = await monitoring.rules.TestRule(request)
    assert (trial.holds, trial.missing_fields) == (False, ["measures.load"])
    assert not (await monitoring.alerts.ListAlerts(alert_pb2.ListAlertsRequest())).alerts


async def test_crisis_language_cannot_be_switched_off(monitoring: Running) -> None:
    listed = await monitoring.rules.ListRules(rule_pb2.ListRulesRequest())
    crisis = next(one for one in listed.rules if one.definition.rule_id == "crisis_language")
    crisis.definition.enabled = False
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await monitoring.rules.UpdateRule(
            rule_pb2.UpdateRuleRequest(rule_id="crisis_language", definition=crisis.definition)
        )
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION


async def test_a_changed_rule_is_known_at_once_and_an_old_version_is_refused(monitoring: Running) -> None:
    await create(monitoring, "measures.load > 1.0")
    changed = rule_pb2.UpdateRuleRequest(rule_id="sad", definition=definition("measures.load > 5.0"), version=1)
    await monitoring.rules.UpdateRule(changed)
    assert not (await monitoring.signal("p", measures={"load": 2.0})).fired
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await monitoring.rules.UpdateRule(changed)
    assert refused.value.code() is grpc.StatusCode.ABORTED


async def test_a_late_look_at_the_rules_undoes_no_change(monitoring: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    book = monitoring.wired.rule_book
    read, looked = book.rules.all, asyncio.Event()

    async def late() -> tuple[int, Sequence[StoredRule]]:
        found = await read()
        if not looked.is_set():
            looked.set()
            await asyncio.sleep(1)
        return found

    monkeypatch.setattr(book.rules, "all", late)
    looking = asyncio.create_task(book.refresh())
    await looked.wait()
    await create(monitoring, "measures.load > 1.0")
    await looking
    assert "sad" in book.known


async def test_a_rule_over_its_time_budget_is_disabled_with_an_alert(monitoring: Running) -> None:
    await create(monitoring, "measures.load > 1.0")
    active = next(one for one in monitoring.wired.rule_book.active if one.rule.rule_id == "sad")
    active.clock, active.looks, active.seconds = thread_time, 199, 10.0
    await monitoring.signal("p", measures={"load": 2.0})

    async def told() -> bool:
        listed = await monitoring.alerts.ListAlerts(alert_pb2.ListAlertsRequest())
        return any(alert.rule_id == "rule_over_budget" for alert in listed.alerts)

    async def switched_off() -> bool:
        rules = (await monitoring.rules.ListRules(rule_pb2.ListRulesRequest())).rules
        return any(one.disabled_reason == "over_budget" for one in rules if one.definition.rule_id == "sad")

    await eventually(told)
    await eventually(switched_off)


async def test_a_rule_that_is_changed_to_one_about_safety_makes_a_safety_concern_of_its_open_alert(
    monitoring: Running,
) -> None:
    made = await create(monitoring, "measures.load > 1.0")
    (fired,) = (await monitoring.signal("p", measures={"load": 2.0})).fired
    made.definition.alert_type = common_pb2.ALERT_TYPE_SAFETY_CONCERN
    made.definition.severity = common_pb2.SEVERITY_HIGH
    await monitoring.rules.UpdateRule(rule_pb2.UpdateRuleRequest(rule_id="sad", definition=made.definition))
    (again,) = (await monitoring.signal("p", measures={"load": 2.0})).fired
    assert again.alert_id == fired.alert_id
    alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=fired.alert_id))
    assert (alert.alert_type, alert.severity) == (common_pb2.ALERT_TYPE_SAFETY_CONCERN, common_pb2.SEVERITY_HIGH)
    (_, event) = await monitoring.events(2)
    assert event.kind == alert_pb2.ALERT_EVENT_KIND_SEVERITY_RAISED
