"""From a signal to an alert, and what people do with it."""

import asyncio

import grpc
import pytest
from tta.analytics.v1 import alert_pb2, common_pb2, monitoring_pb2, rule_pb2

from monitoring_svc.adapters.store.reading import AlertReader
from tests.integration.monitoring.conftest import CRISIS, Running, eventually


async def test_a_crisis_signal_becomes_a_critical_alert_on_every_stream(monitoring: Running) -> None:
    answer = await monitoring.signal("player-1", "hello", CRISIS, engagement_score=0.9)
    (fired,) = answer.fired
    assert (fired.rule_id, fired.severity) == ("crisis_language", common_pb2.SEVERITY_CRITICAL)
    assert answer.crisis.rule_layer == monitoring_pb2.CRISIS_LAYER_DECIDED
    (event,) = await monitoring.events(1)
    assert event.alert.alert_id == fired.alert_id
    assert event.alert.alert_type == common_pb2.ALERT_TYPE_SAFETY_CONCERN
    assert "player-1" not in str(event)
    assert CRISIS not in str(event)


async def test_the_four_rules_that_come_with_the_service_fire_at_their_limits(monitoring: Running) -> None:
    quiet = await monitoring.signal(
        "p", engagement_score=0.3, session_duration_minutes=120, sentiment_score=0.2, interaction_count=1
    )
    assert not quiet.fired
    loud = await monitoring.signal("p", engagement_score=0.29, session_duration_minutes=121, sentiment_score=0.19)
    assert {one.rule_id for one in loud.fired} == {"low_engagement", "long_session", "low_sentiment"}


async def test_what_a_signal_lacks_never_fires(monitoring: Running) -> None:
    assert not (await monitoring.signal("p")).fired


async def test_three_thousand_identical_signals_are_one_alert_of_count_three_thousand(on_postgres: Running) -> None:
    signal = monitoring_pb2.Signal(user_id="p", recent_messages=[CRISIS])
    request = monitoring_pb2.ProcessSignalRequest(signal=signal)
    answers = []
    for _ in range(30):
        answers += await asyncio.gather(*(on_postgres.game.ProcessSignal(request, timeout=60) for _ in range(100)))
    assert len({answer.fired[0].alert_id for answer in answers}) == 1
    listed = await on_postgres.alerts.ListAlerts(alert_pb2.ListAlertsRequest())
    assert [alert.count for alert in listed.alerts] == [3000]


async def test_a_stream_resumes_after_its_cursor_and_misses_nothing(monitoring: Running) -> None:
    for number in range(5):
        await monitoring.signal(f"p{number}", engagement_score=0.1)
    first = await monitoring.events(2)
    rest = await monitoring.events(3, cursor=str(first[-1].position))
    assert [event.position for event in (*first, *rest)] == [1, 2, 3, 4, 5]


async def test_a_stream_from_now_on_begins_with_its_cursor_and_shows_only_what_follows(monitoring: Running) -> None:
    await monitoring.signal("before", engagement_score=0.1)
    call = monitoring.alerts.StreamAlerts(alert_pb2.StreamAlertsRequest())
    assert (await call.read()).cursor.startswith("1.")
    await monitoring.signal("after", engagement_score=0.1)
    assert (await call.read()).event.position == 2
    call.cancel()


async def test_filters_move_the_cursor_past_what_they_hide(monitoring: Running) -> None:
    call = monitoring.alerts.StreamAlerts(
        alert_pb2.StreamAlertsRequest(cursor="0", min_severity=common_pb2.SEVERITY_CRITICAL)
    )
    await call.read()
    await monitoring.signal("p", engagement_score=0.1)
    hidden = await call.read()
    assert not hidden.HasField("event")
    assert hidden.cursor.startswith("1.")
    call.cancel()


async def test_a_cursor_that_is_not_of_this_log_is_out_of_range_with_the_oldest_valid_one(monitoring: Running) -> None:
    call = monitoring.alerts.StreamAlerts(alert_pb2.StreamAlertsRequest(cursor="77"))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call.read()
    assert refused.value.code() is grpc.StatusCode.OUT_OF_RANGE


async def test_heartbeats_carry_the_cursor_while_nothing_happens(monitoring: Running) -> None:
    call = monitoring.alerts.StreamAlerts(alert_pb2.StreamAlertsRequest(heartbeat_seconds=1))
    await call.read()
    beat = await call.read()
    assert beat.cursor == "0"
    assert not beat.HasField("event")
    call.cancel()


async def test_draining_ends_streams_with_a_resume_cursor(monitoring: Running) -> None:
    call = monitoring.alerts.StreamAlerts(alert_pb2.StreamAlertsRequest(cursor="0"))
    await call.read()
    await monitoring.wired.service.drain()
    last = await call.read()
    assert (last.ending, last.cursor) == (True, "0")
    assert await call.read() is grpc.aio.EOF


async def test_acknowledging_and_resolving_are_kept_with_who_did_it(monitoring: Running) -> None:
    fired = (await monitoring.signal("p", CRISIS)).fired[0]
    await monitoring.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=fired.alert_id, note="mine"))
    resolved = await monitoring.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=fired.alert_id))
    assert (resolved.state, resolved.resolved_by) == (alert_pb2.ALERT_STATE_RESOLVED, "ada")
    history = await monitoring.alerts.ListAlertEvents(alert_pb2.ListAlertEventsRequest(alert_id=fired.alert_id))
    assert [(event.kind, event.actor, event.note) for event in history.events] == [
        (alert_pb2.ALERT_EVENT_KIND_OPENED, "monitoring", ""),
        (alert_pb2.ALERT_EVENT_KIND_ACKNOWLEDGED, "ada", "mine"),
        (alert_pb2.ALERT_EVENT_KIND_RESOLVED, "ada", ""),
    ]


async def test_a_resolved_alert_that_fires_again_opens_anew(monitoring: Running) -> None:
    first = (await monitoring.signal("p", CRISIS)).fired[0].alert_id
    await monitoring.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=first))
    again = (await monitoring.signal("p", CRISIS)).fired[0]
    assert again.alert_id != first
    assert not again.repeated


async def test_resolving_what_is_not_there_is_not_found(monitoring: Running) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await monitoring.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id="nobody"))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_retried_request_counts_once(monitoring: Running) -> None:
    request = monitoring_pb2.ProcessSignalRequest(
        request_id="r1", signal=monitoring_pb2.Signal(user_id="p", engagement_score=0.1)
    )
    first = await monitoring.game.ProcessSignal(request)
    again = await monitoring.game.ProcessSignal(request)
    assert first == again
    alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=first.fired[0].alert_id))
    assert alert.count == 1


async def test_a_request_id_of_another_request_is_refused(monitoring: Running) -> None:
    one = monitoring_pb2.Signal(user_id="p", engagement_score=0.1)
    other = monitoring_pb2.Signal(user_id="p", engagement_score=0.2)
    await monitoring.game.ProcessSignal(monitoring_pb2.ProcessSignalRequest(request_id="r", signal=one))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await monitoring.game.ProcessSignal(monitoring_pb2.ProcessSignalRequest(request_id="r", signal=other))
    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS


async def test_a_batch_of_signals_is_counted_whole(monitoring: Running) -> None:
    async def batches():
        for part in range(4):
            signals = [monitoring_pb2.Signal(user_id=f"p{part}-{n}", engagement_score=0.1) for n in range(25)]
            yield monitoring_pb2.IngestSignalsRequest(signals=signals)

    answer = await monitoring.game.IngestSignals(batches())
    assert (answer.accepted, answer.alerts_opened, answer.alerts_repeated) == (100, 100, 0)


async def test_only_a_stated_purpose_reveals_the_player_and_the_log_keeps_it(monitoring: Running) -> None:
    fired = (await monitoring.signal("player-7", CRISIS)).fired[0]
    with pytest.raises(grpc.aio.AioRpcError):
        await monitoring.alerts.RevealAlertSubject(
            alert_pb2.RevealAlertSubjectRequest(alert_id=fired.alert_id, purpose="x")
        )
    told = await monitoring.alerts.RevealAlertSubject(
        alert_pb2.RevealAlertSubjectRequest(alert_id=fired.alert_id, purpose="welfare check by telephone")
    )
    assert (told.user_id, told.audit_position) == ("player-7", 1)
    history = await monitoring.alerts.ListAlertEvents(alert_pb2.ListAlertEventsRequest(alert_id=fired.alert_id))
    assert history.events[-1].kind == alert_pb2.ALERT_EVENT_KIND_REVEALED


async def test_the_game_may_not_reveal(monitoring: Running) -> None:
    fired = (await monitoring.signal("player-7", CRISIS)).fired[0]
    stub = type(monitoring.alerts)(monitoring.channels[1])
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.RevealAlertSubject(
            alert_pb2.RevealAlertSubjectRequest(alert_id=fired.alert_id, purpose="curiosity about it")
        )
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_interventions_reach_the_game_as_pseudonyms(monitoring: Running) -> None:
    call = monitoring.game.StreamInterventions(monitoring_pb2.StreamInterventionsRequest(cursor="0"))
    await call.read()
    await monitoring.signal("player-9", session_duration_minutes=200)
    message = await call.read()
    assert message.intervention.intervention == "suggest_break"
    assert len(message.intervention.subject_pseudonym) == 64
    call.cancel()


async def test_pages_of_alerts_neither_repeat_nor_skip(monitoring: Running) -> None:
    for number in range(7):
        await monitoring.signal(f"p{number}", engagement_score=0.1)
    seen, token = [], ""
    while True:
        page = await monitoring.alerts.ListAlerts(alert_pb2.ListAlertsRequest(page_size=3, page_token=token))
        seen += [alert.alert_id for alert in page.alerts]
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == len(set(seen)) == 7


async def test_a_stream_ticket_opens_once(monitoring: Running) -> None:
    made = await monitoring.alerts.CreateStreamTicket(alert_pb2.CreateStreamTicketRequest())
    request = alert_pb2.RedeemStreamTicketRequest(ticket=made.ticket)
    holder = await monitoring.alerts.RedeemStreamTicket(request)
    assert holder.name == "ada"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await monitoring.alerts.RedeemStreamTicket(request)
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_a_condition_that_clears_is_noted_and_one_that_returns_forgets_it(monitoring: Running) -> None:
    fired = (await monitoring.signal("p", engagement_score=0.1)).fired[0]
    reader = AlertReader(monitoring.wired.database)

    async def cleared() -> bool:
        return (await reader.get(fired.alert_id)).cleared_at is not None

    await monitoring.events(1)  # a condition can clear once its alert was heard of
    await monitoring.signal("p", engagement_score=0.9)
    assert await cleared()
    await monitoring.signal("p", engagement_score=0.1)
    assert not await cleared()
    alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=fired.alert_id))
    assert alert.count == 2
    assert alert.state == alert_pb2.ALERT_STATE_FIRING
    await monitoring.signal("p", engagement_score=0.9)
    assert await cleared()


async def test_a_condition_that_stays_clear_resolves_by_itself(monitoring: Running) -> None:
    await monitoring.rules.CreateRule(quick_rule())
    fired = next(one for one in (await monitoring.signal("p", measures={"x": 2.0})).fired if one.rule_id == "quick")
    await monitoring.events(1)
    await monitoring.signal("p", measures={"x": 0.0})

    async def is_over() -> bool:
        await monitoring.wired.clockwork.resolve()
        alert = await monitoring.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=fired.alert_id))
        return alert.resolved_by == "auto"

    await eventually(is_over)


def quick_rule():

    return rule_pb2.CreateRuleRequest(
        definition=rule_pb2.RuleDefinition(
            rule_id="quick",
            title="Quick",
            condition="measures.x > 1.0",
            severity=common_pb2.SEVERITY_MEDIUM,
            alert_type=common_pb2.ALERT_TYPE_USER_ENGAGEMENT,
            enabled=True,
            auto_resolve_seconds=1,
        )
    )
