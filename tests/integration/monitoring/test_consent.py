"""Whoever said no to analytics is heard in crisis alone."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from tta.analytics.v1 import alert_pb2, common_pb2, ingestion_pb2, monitoring_pb2

from mesh import channels
from mesh.audit import AuditLog
from monitoring_svc.adapters import consents as asked_consents
from monitoring_svc.adapters.store.retention import Retention
from monitoring_svc.adapters.store.tables import audit_log, signal_windows
from monitoring_svc.bootstrap import Parts
from monitoring_svc.settings import MonitoringSettings
from tests.integration.monitoring.conftest import CRISIS, KEY, Launch, Running
from tests.integration.monitoring.test_rules import create


class Refusing:
    """Everybody whose id says so has said no."""

    async def refused(self, user_ids: Iterable[str]) -> set[str]:
        return {user_id for user_id in user_ids if user_id.startswith("no")}


async def test_whoever_said_no_raises_crisis_alerts_only(database_url: str, launch: Launch) -> None:
    running = await launch(database_url, Parts(consents=Refusing()))
    refused = await running.signal("no-1", CRISIS, engagement_score=0.1)
    assert {one.rule_id for one in refused.fired} == {"crisis_language"}
    agreed = await running.signal("yes-1", CRISIS, engagement_score=0.1)
    assert {one.rule_id for one in agreed.fired} == {"crisis_language", "low_engagement"}


async def test_where_consent_is_required_and_aggregation_is_away_only_crisis_is_heard(
    database_url: str, launch: Launch
) -> None:
    running = await launch(database_url, signal_consent="required", aggregation_target="127.0.0.1:1")
    answer = await running.signal("p", CRISIS, engagement_score=0.1)
    assert {one.rule_id for one in answer.fired} == {"crisis_language"}


async def test_a_rule_of_ones_own_about_safety_speaks_of_every_player_and_waits_for_nobodys_consent(
    database_url: str, launch: Launch
) -> None:
    consents = Hanging()
    running = await launch(database_url, Parts(consents=consents))
    await create(running, "measures.item_nine >= 1.0", alert_type=common_pb2.ALERT_TYPE_SAFETY_CONCERN)
    waiting = asyncio.create_task(running.signal("p", measures={"item_nine": 2.0}, engagement_score=0.1))
    (event,) = await running.events(1)
    assert event.alert.rule_id == "sad"
    assert not waiting.done()
    consents.says_no = True
    consents.answers.set()
    assert [one.rule_id for one in (await waiting).fired] == ["sad"]


async def test_rolling_statistics_are_stored_only_of_players_who_agreed(database_url: str, launch: Launch) -> None:
    running = await launch(database_url, Parts(consents=Refusing()))
    await create(running, "count.sentiment_score >= 3.0")
    for user_id in ("no-1", "yes-1"):
        await running.signal(user_id, sentiment_score=0.5)
    await running.wired.judge._windows.checkpoint()
    async with running.wired.database.read() as connection:
        kept = (await connection.execute(sa.select(signal_windows.c.subject))).scalars().all()
    assert len(kept) == 1


def test_silence_is_no_consent_unless_the_operator_says_so() -> None:
    assert MonitoringSettings.model_fields["signal_consent"].default == "required"


class Hanging:
    """Aggregation does not answer before it is told to."""

    def __init__(self) -> None:
        self.answers = asyncio.Event()
        self.says_no = False

    async def refused(self, user_ids: Iterable[str]) -> set[str]:
        await self.answers.wait()
        return set(user_ids) if self.says_no else set()


async def test_a_crisis_is_durable_before_consent_to_other_alerts_is_asked_for(
    database_url: str, launch: Launch
) -> None:
    consents = Hanging()
    running = await launch(database_url, Parts(consents=consents))
    waiting = asyncio.create_task(running.signal("p", CRISIS, engagement_score=0.1))
    (event,) = await running.events(1)
    assert event.alert.rule_id == "crisis_language"
    assert not waiting.done()
    consents.answers.set()
    answer = await waiting
    assert {one.rule_id for one in answer.fired} == {"crisis_language", "low_engagement"}
    assert event.alert_id in {one.alert_id for one in answer.fired}


async def test_an_aggregation_that_hangs_is_asked_no_more_often_than_at_once(
    postgres_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked_consents, "PAUSE_SECONDS", 3600.0)
    asked, details_of = [], channels._Passing._details

    def noted(way: Any, details: Any) -> Any:
        asked.append(str(details.method))
        return details_of(way, details)

    monkeypatch.setattr(channels._Passing, "_details", noted)
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    running = await launch(postgres_url, aggregation_target=f"127.0.0.1:{port}")
    signals = [monitoring_pb2.Signal(user_id=f"p{number}", engagement_score=0.1) for number in range(500)]

    async def batch() -> AsyncIterator[monitoring_pb2.IngestSignalsRequest]:
        yield monitoring_pb2.IngestSignalsRequest(signals=signals)

    with silent:
        answer = await running.game.IngestSignals(batch(), timeout=120)
    assert answer.accepted == 500
    assert sum("GetConsent" in method for method in asked) == asked_consents.AT_ONCE


async def test_what_is_over_its_term_goes_and_the_oldest_cursor_moves(monitoring: Running) -> None:
    for number in range(3):
        fired = (await monitoring.signal(f"p{number}", engagement_score=0.1)).fired[0]
        await monitoring.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=fired.alert_id))
    chain = AuditLog(audit_log, KEY.encode())
    retention = Retention(
        monitoring.wired.database, chain, alerts_for=timedelta(seconds=-1), metrics_for=timedelta(days=1)
    )
    removed = await retention.enforce()
    assert removed["alerts"] == 3
    assert removed["alert_events"] == 6
    listed = await monitoring.alerts.ListAlerts(alert_pb2.ListAlertsRequest())
    assert not listed.alerts
    call = monitoring.alerts.StreamAlerts(alert_pb2.StreamAlertsRequest(cursor="0"))
    assert (await call.read()).cursor == "6"
    call.cancel()


async def test_rolling_statistics_survive_a_restart(database_url: str, launch: Launch) -> None:
    first = await launch(database_url)
    await create(first, "count.sentiment_score >= 3.0")
    for _ in range(2):
        await first.signal("p", sentiment_score=0.5)
    await first.stop()
    second = await launch(database_url)
    answer = await second.signal("p", sentiment_score=0.5)
    assert "sad" in {one.rule_id for one in answer.fired}


async def test_an_answer_that_comes_after_a_player_was_forgotten_is_not_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    consents = asked_consents.AggregationConsents(MonitoringSettings(auth="off"), lambda: "", required=True)
    said = [True, False]

    async def answer(request: Any, **_: Any) -> ingestion_pb2.Consent:
        if len(said) == 2:
            consents.forget()
        return ingestion_pb2.Consent(analytics=said.pop(0))

    monkeypatch.setattr(consents._stub, "GetConsent", answer)
    assert [await consents.refused(["ada"]) for _ in range(3)] == [set(), {"ada"}, {"ada"}]
    await consents.aclose()
