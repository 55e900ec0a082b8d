"""A signal that is sent again is told what became of it the first time, whatever changed meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tta.analytics.v1 import alert_pb2, monitoring_pb2, rule_pb2

from monitoring_svc.bootstrap import Parts
from monitoring_svc.domain.crisis.decision import Category, CrisisDecision, Layer, Severity
from monitoring_svc.domain.crisis_assessment import CrisisLayer
from monitoring_svc.domain.signal import Signal
from monitoring_svc.ports import RequestKey
from monitoring_svc.usecases.judge_signals import Incoming
from tests.integration.monitoring.conftest import Launch, Running


class Changing:
    """Whoever is named has said no."""

    def __init__(self) -> None:
        self.no: set[str] = set()

    async def refused(self, user_ids: Iterable[str]) -> set[str]:
        return self.no & set(user_ids)


class LateAtFirst:
    """A semantic layer that is late for whichever words are in `late`, and else hears a danger in all."""

    def __init__(self, *late: str) -> None:
        self.late = set(late)

    async def decide(self, messages: Sequence[str], deadline: float) -> tuple[CrisisLayer, CrisisDecision | None]:
        if self.late & set(messages):
            return CrisisLayer.LATE, None
        return CrisisLayer.DECIDED, CrisisDecision(Category.SELF_HARM, Severity.HIGH, 0.9, Layer.SEMANTIC)


async def test_each_player_is_told_of_the_own_alert_where_fewer_said_no_the_second_time(
    database_url: str, launch: Launch
) -> None:
    consents = Changing()
    running = await launch(database_url, Parts(consents=consents))
    batch = [Incoming(user_id, Signal(datetime.now(UTC), engagement_score=0.1)) for user_id in ("a", "b", "b")]
    key = RequestKey("game", "IngestSignals", "r-1", b"content")
    consents.no = {"a"}
    first = await running.wired.judge.judge(batch, key)
    assert [len(one.fired) for one in first] == [0, 1, 1]
    consents.no = set()
    again = await running.wired.judge.judge(batch, key)
    assert [one.fired for one in again] == [one.fired for one in first]
    (alert,) = (await running.alerts.ListAlerts(alert_pb2.ListAlertsRequest())).alerts
    assert alert.count == 2


async def test_a_rule_that_still_fires_is_answered_with_its_alert_where_another_was_switched_off(
    monitoring: Running,
) -> None:
    proto = monitoring_pb2.Signal(user_id="p", engagement_score=0.1, sentiment_score=0.1)
    request = monitoring_pb2.ProcessSignalRequest(signal=proto, request_id="r-1")
    first = {one.rule_id: one.alert_id for one in (await monitoring.game.ProcessSignal(request)).fired}
    assert set(first) == {"low_engagement", "low_sentiment"}
    listed = await monitoring.rules.ListRules(rule_pb2.ListRulesRequest())
    off = next(one.definition for one in listed.rules if one.definition.rule_id == "low_engagement")
    off.enabled = False
    await monitoring.rules.UpdateRule(rule_pb2.UpdateRuleRequest(rule_id="low_engagement", definition=off))
    again = {one.rule_id: one.alert_id for one in (await monitoring.game.ProcessSignal(request)).fired}
    assert again == {"low_sentiment": first["low_sentiment"]}


async def test_a_crisis_that_only_the_second_try_hears_has_its_alert_where_the_first_ended_a_condition(
    database_url: str, launch: Launch
) -> None:
    semantic = LateAtFirst("unclear words")
    running = await launch(database_url, Parts(semantic=semantic))
    judge = running.wired.judge
    await judge.judge([Incoming("a", Signal(datetime.now(UTC), sentiment_score=0.1))])
    better = [Incoming("a", Signal(datetime.now(UTC), sentiment_score=0.9), ("unclear words",))]
    key = RequestKey("game", "ProcessSignal", "r-1", b"content")
    (first,) = await judge.judge(better, key)
    assert first.rule_layer_only
    assert not first.fired
    semantic.late = set()
    (again,) = await judge.judge(better, key)
    assert [(one.rule_id, one.repeated) for one in again.fired] == [("crisis_language", False)]
    (once_more,) = await judge.judge(better, key)
    assert once_more.fired == again.fired
    crises = await running.alerts.ListAlerts(alert_pb2.ListAlertsRequest(alert_types=["ALERT_TYPE_SAFETY_CONCERN"]))
    assert [(one.alert_id, one.count) for one in crises.alerts] == [(again.fired[0].alert_id, 1)]


async def test_each_crisis_of_a_batch_has_its_alert_where_the_first_try_heard_one_of_them(
    database_url: str, launch: Launch
) -> None:
    semantic = LateAtFirst("second words")
    running = await launch(database_url, Parts(semantic=semantic))
    judge = running.wired.judge
    batch = [
        Incoming("a", Signal(datetime.now(UTC)), ("first words",)),
        Incoming("b", Signal(datetime.now(UTC), engagement_score=0.1), ("second words",)),
    ]
    key = RequestKey("game", "IngestSignals", "r-1", b"content")
    first = await judge.judge(batch, key)
    assert [[one.rule_id for one in each.fired] for each in first] == [["crisis_language"], ["low_engagement"]]
    semantic.late = set()
    again = await judge.judge(batch, key)
    assert again[0].fired == first[0].fired
    assert {one.rule_id for one in again[1].fired} == {"crisis_language", "low_engagement"}
    assert (await judge.judge(batch, key)) == again


async def test_a_rule_about_safety_that_only_the_second_try_sees_has_its_alert_too(monitoring: Running) -> None:
    proto = monitoring_pb2.Signal(user_id="p", engagement_score=0.1, measures={"alarm": 1.0})
    request = monitoring_pb2.ProcessSignalRequest(signal=proto, request_id="r-1")
    first = await monitoring.game.ProcessSignal(request)
    assert [one.rule_id for one in first.fired] == ["low_engagement"]
    definition = rule_pb2.RuleDefinition(
        rule_id="alarm",
        title="Alarm",
        condition="measures.alarm > 0.0",
        severity="SEVERITY_CRITICAL",
        alert_type="ALERT_TYPE_SAFETY_CONCERN",
        enabled=True,
    )
    await monitoring.rules.CreateRule(rule_pb2.CreateRuleRequest(definition=definition))
    again = await monitoring.game.ProcessSignal(request)
    assert {one.rule_id for one in again.fired} == {"low_engagement", "alarm"}
    assert again == await monitoring.game.ProcessSignal(request)
