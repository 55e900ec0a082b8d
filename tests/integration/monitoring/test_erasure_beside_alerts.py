"""What erasure and retention do to the log, while alerts go on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from tta.analytics.v1 import alert_pb2, common_pb2, monitoring_pb2, rule_pb2, subject_rights_pb2

from mesh.audit import AuditLog, Entry
from mesh.database import Database
from monitoring_svc.adapters.store.retention import Retention
from monitoring_svc.adapters.store.subject import SubjectStore
from monitoring_svc.adapters.store.tables import alert_events, alerts, audit_log, deliveries, timers
from monitoring_svc.domain.book import STORM_GROUP, STORM_LIMIT
from tests.integration.monitoring.conftest import CRISIS, KEY, Running, eventually
from tests.integration.monitoring.test_notifications import WEBHOOK, contact, route

NOWHERE = "http://127.0.0.1:9/alerts"


async def forget(running: Running, user_id: str) -> subject_rights_pb2.ForgetSubjectResponse:
    request = subject_rights_pb2.ForgetSubjectRequest(user_id=user_id, erasure_id="e1")
    return await running.rights.ForgetSubject(request)


async def waits_for_a_row(database: Database) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with database.read() as connection:
        return bool((await connection.execute(sa.text(waiting))).scalar_one())


async def stored(running: Running, table: sa.Table) -> Sequence[Any]:
    async with running.wired.database.read() as connection:
        return (await connection.execute(sa.select(table))).all()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("table", [alert_events, deliveries], ids=["event", "message"])
async def test_alerts_open_while_an_erasure_waits_for_a_row_of_its_player(
    on_postgres: Running, table: sa.Table
) -> None:
    await route(on_postgres, await contact(on_postgres, WEBHOOK, NOWHERE), group_seconds=3600)
    await on_postgres.signal("player-1", engagement_score=0.1)
    async with on_postgres.wired.database.begin() as holding:
        await holding.execute(sa.select(table).with_for_update())
        forgetting = asyncio.create_task(forget(on_postgres, "player-1"))
        await eventually(lambda: waits_for_a_row(on_postgres.wired.database))
        async with asyncio.timeout(60):
            assert (await on_postgres.signal("player-2", CRISIS)).fired
        assert not forgetting.done()
    assert (await forgetting).done


@pytest.mark.timeout(300)
async def test_alerts_open_while_retention_waits_for_its_turn_in_the_audit_log(on_postgres: Running) -> None:
    await on_postgres.signal("player-1", engagement_score=0.1)
    chain = AuditLog(audit_log, KEY.encode())
    retention = Retention(
        on_postgres.wired.database, chain, alerts_for=timedelta(seconds=-1), metrics_for=timedelta(days=1)
    )
    async with on_postgres.wired.database.begin() as holding:
        await chain.append(holding, Entry("ada", "test.held"))
        enforcing = asyncio.create_task(retention.enforce())
        await eventually(lambda: waits_for_a_row(on_postgres.wired.database))
        async with asyncio.timeout(60):
            assert (await on_postgres.signal("player-2", CRISIS)).fired
        assert not enforcing.done()
    assert (await enforcing)["alert_events"] == 1


@pytest.mark.timeout(300)
async def test_what_fires_between_the_steps_of_an_erasure_is_resolved_before_it_is_erased(
    monitoring: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        definition = rule_pb2.RuleDefinition(
            rule_id=name,
            title=name,
            condition="measures.x > 1.0",
            severity=common_pb2.SEVERITY_CRITICAL,
            alert_type=common_pb2.ALERT_TYPE_USER_ENGAGEMENT,
            enabled=True,
        )
        await monitoring.rules.CreateRule(rule_pb2.CreateRuleRequest(definition=definition))
    fired: list[str] = []
    strip = SubjectStore.strip

    async def late(store: SubjectStore, subjects: Sequence[bytes]) -> tuple[dict[str, int], int]:
        if not fired:
            fired.extend(one.alert_id for one in (await monitoring.signal("player-1", measures={"x": 2.0})).fired)
        return await strip(store, subjects)

    monkeypatch.setattr(SubjectStore, "strip", late)
    answer = await forget(monitoring, "player-1")
    assert (answer.done, answer.removed["alerts"], len(fired)) == (True, 2, 2)
    for row in await stored(monitoring, alerts):
        assert (row.state, row.resolved_by, row.subject) == ("resolved", "erasure", None)
        assert row.resolved_at
    assert not await stored(monitoring, timers)
    await monitoring.wired.clockwork.escalate()
    kinds = [event.kind for event in await monitoring.events(4)]
    assert kinds.count(alert_pb2.ALERT_EVENT_KIND_RESOLVED) == 2


async def test_neither_alerts_nor_events_nor_messages_hold_the_pseudonym_of_an_erased_player(
    monitoring: Running,
) -> None:
    cleared = await contact(monitoring, WEBHOOK, NOWHERE, cleared_for_personal_data=True)
    await route(monitoring, cleared, group_seconds=3600)
    await monitoring.signal("player-1", engagement_score=0.125)
    (pseudonym,) = [row.subject for row in await stored(monitoring, alerts)]
    assert (await forget(monitoring, "player-1")).done
    rows = [row for table in (alerts, alert_events, deliveries) for row in await stored(monitoring, table)]
    said = "\n".join(str(tuple(row)) for row in rows)
    assert len(rows) == 4
    assert pseudonym.hex() not in said
    assert str(pseudonym) not in said
    assert "0.125" not in said
    assert [row.state for row in await stored(monitoring, deliveries)] == ["dropped"]
    opened, resolved = await monitoring.events(2)
    assert (opened.alert.rule_id, resolved.alert.resolved_by) == ("low_engagement", "erasure")


async def test_a_message_that_tells_of_other_players_is_sent_though_its_first_is_erased(monitoring: Running) -> None:
    await route(monitoring, await contact(monitoring, WEBHOOK, NOWHERE))
    signals = [monitoring_pb2.Signal(user_id=f"p{number}", engagement_score=0.1) for number in range(STORM_LIMIT + 3)]

    async def batch() -> AsyncIterator[monitoring_pb2.IngestSignalsRequest]:
        yield monitoring_pb2.IngestSignalsRequest(signals=signals)

    await monitoring.game.IngestSignals(batch())
    await forget(monitoring, f"p{STORM_LIMIT}")
    (shared,) = [row for row in await stored(monitoring, deliveries) if (row.group_key or "").endswith(STORM_GROUP)]
    assert (shared.state, len(shared.content["others"])) == ("pending", 2)
