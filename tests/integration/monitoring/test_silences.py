"""What a silence puts off goes on when it ends, and a crisis is never put off."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from tta.analytics.v1 import alert_pb2, common_pb2, rule_pb2

from monitoring_svc.adapters.store.tables import timers
from tests.integration.monitoring.conftest import CRISIS, Running, eventually
from tests.integration.monitoring.receivers import webhook
from tests.integration.monitoring.test_notifications import WEBHOOK, contact, route
from tests.integration.monitoring.test_system_alerts import group

HARM = "I keep cutting myself"


async def silence_everything(running: Running) -> alert_pb2.Silence:
    matcher = alert_pb2.Matcher(attribute="severity", values=["nothing"], negate=True)
    request = alert_pb2.CreateSilenceRequest(matchers=[matcher], comment="maintenance")
    request.ends_at.GetCurrentTime()
    request.ends_at.seconds += 3600
    return await running.alerts.CreateSilence(request)


async def cool_the_crisis_rule_down(running: Running) -> None:
    rules = (await running.rules.ListRules(rule_pb2.ListRulesRequest())).rules
    (rule,) = [one for one in rules if one.definition.rule_id == "crisis_language"]
    rule.definition.cooldown_seconds = 3600
    request = rule_pb2.UpdateRuleRequest(rule_id="crisis_language", definition=rule.definition)
    assert (await running.rules.UpdateRule(request)).definition.cooldown_seconds == 3600
    (fired,) = (await running.signal("p", CRISIS)).fired
    await running.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=fired.alert_id))


async def acknowledge_another_alert(running: Running) -> None:
    (fired,) = (await running.signal("p", engagement_score=0.1)).fired
    await running.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=fired.alert_id))


@pytest.mark.parametrize("before", [silence_everything, cool_the_crisis_rule_down, acknowledge_another_alert])
async def test_neither_a_crisis_nor_a_graver_one_after_it_is_held_back(
    monitoring: Running, before: Callable[[Running], Awaitable[object]]
) -> None:
    async with webhook() as receiver:
        await before(monitoring)
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url))

        def told() -> set[tuple[str, str]]:
            return {(post[1]["severity"], post[1]["reason"]) for post in receiver.posts}

        (first,) = (await monitoring.signal("p", HARM)).fired
        await eventually(lambda: told() == {("high", "opened")})
        (second,) = (await monitoring.signal("p", CRISIS)).fired
        assert (second.alert_id, second.severity) == (first.alert_id, common_pb2.SEVERITY_CRITICAL)
        await eventually(lambda: told() == {("high", "opened"), ("critical", "severity_raised")})
        await monitoring.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=first.alert_id))
        (third,) = (await monitoring.signal("p", CRISIS)).fired
        assert third.alert_id not in ("", first.alert_id)
        await eventually(lambda: ("critical", "opened") in told())
        assert {one.held_back_by for one in (first, second, third)} == {""}


async def test_an_escalation_that_a_silence_put_off_goes_on_when_the_silence_is_ended_early(
    monitoring: Running,
) -> None:
    (alert_id,) = (await monitoring.game.ReceiveSystemAlerts(group("firing"))).alert_ids

    async def kinds() -> list[int]:
        request = alert_pb2.ListAlertEventsRequest(alert_id=alert_id)
        return [event.kind for event in (await monitoring.alerts.ListAlertEvents(request)).events]

    async def escalated() -> bool:
        return alert_pb2.ALERT_EVENT_KIND_ESCALATED in await kinds()

    silence = await silence_everything(monitoring)
    async with monitoring.wired.database.begin() as connection:
        await connection.execute(sa.update(timers).values(due_at=datetime.now(UTC)))

    async def put_off() -> bool:
        async with monitoring.wired.database.read() as connection:
            due = (await connection.execute(sa.select(timers.c.due_at))).scalar_one()
        return due == silence.ends_at.ToDatetime(UTC)

    await eventually(put_off)
    assert not await escalated()
    await monitoring.alerts.DeleteSilence(alert_pb2.DeleteSilenceRequest(silence_id=silence.silence_id))
    await eventually(escalated)
