"""Two replicas on one PostgreSQL and one Redis."""

import asyncio
import signal
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from google.protobuf.timestamp_pb2 import Timestamp
from redis import asyncio as redis
from tta.analytics.v1 import alert_pb2, alert_pb2_grpc, monitoring_pb2, monitoring_pb2_grpc

from mesh import migrations
from mesh.redis_bus import _PREFIX
from monitoring_svc.adapters import neighbours
from monitoring_svc.adapters.store.tables import series_owners, timers
from monitoring_svc.bootstrap.readings import READINGS
from monitoring_svc.domain.series import Checkpoint, Point, Recorded, Series, series_id, shard_of
from tests.integration.monitoring.conftest import CRISIS, Launch, Running, eventually
from tests.integration.monitoring.processes import Process
from tests.integration.monitoring.receivers import webhook
from tests.integration.monitoring.surviving import _route
from tests.integration.monitoring.test_rules import create, held_back
from tests.servers import running_redis


async def test_both_replicas_stream_the_same_events_in_the_same_order(
    postgres_url: str, redis_url: str, launch: Launch
) -> None:
    one, other = await launch(postgres_url, redis_url=redis_url), await launch(postgres_url, redis_url=redis_url)
    await asyncio.gather(
        *((one if number % 2 else other).signal(f"p{number}", engagement_score=0.1) for number in range(40))
    )
    here, there = await asyncio.gather(one.events(40), other.events(40))
    assert [event.position for event in here] == list(range(1, 41))
    assert [event.alert_id for event in here] == [event.alert_id for event in there]


@pytest.mark.timeout(300)
async def test_alerts_flow_on_between_replicas_while_redis_is_stopped_for_ten_seconds(
    postgres_url: str, launch: Launch
) -> None:
    with running_redis() as server:
        one, other = await launch(postgres_url, redis_url=server.url), await launch(postgres_url, redis_url=server.url)
        await one.signal("before", engagement_score=0.1)
        cursor = (await other.events(1))[-1].position
        server.stop()
        stopped, sent = time.monotonic(), 0
        while time.monotonic() - stopped < 10:
            sent += 1
            began = time.monotonic()
            await one.signal(f"during-{sent}", engagement_score=0.1)
            (event,) = await other.events(1, str(cursor))
            cursor = event.position
            assert time.monotonic() - began < 30
        server.start()
        await one.signal("after", engagement_score=0.1)
        assert len(await other.events(1, str(cursor))) == 1


async def _opened(stream: Any, number: int) -> list[str]:
    """Read so many alerts that opened; how long it takes decides whether heartbeats and escalations come between."""
    found: list[str] = []
    async with asyncio.timeout(60):
        while len(found) < number:
            event = (await stream.read()).event
            if event.kind == alert_pb2.ALERT_EVENT_KIND_OPENED:
                found.append(event.alert_id)
    return found


async def _fire(process: Process, user_id: str) -> str:
    stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
    signal_ = monitoring_pb2.Signal(user_id=user_id, recent_messages=[CRISIS])
    answer = await stub.ProcessSignal(
        monitoring_pb2.ProcessSignalRequest(signal=signal_), timeout=30, wait_for_ready=True
    )
    return answer.fired[0].alert_id


@pytest.mark.timeout(300)
@pytest.mark.kills
async def test_either_replica_can_be_killed_while_the_other_serves_signals_and_streams(
    postgres_url: str, redis_url: str
) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    one, other = Process(postgres_url, redis_url=redis_url), Process(postgres_url, redis_url=redis_url)
    await asyncio.gather(one.start(), other.start())
    try:
        known = [await _fire(one, "p-0"), await _fire(other, "p-1")]
        for number, (dying, living) in enumerate(((one, other), (other, one))):
            alerts = alert_pb2_grpc.AlertServiceStub(living.channel("admin"))
            stream = alerts.StreamAlerts(alert_pb2.StreamAlertsRequest(cursor="0"), wait_for_ready=True)
            await stream.read()
            await dying.kill()
            known.append(await _fire(living, f"later-{number}"))
            assert await _opened(stream, len(known)) == known
            stream.cancel()
            await dying.start()
    finally:
        await asyncio.gather(one.close(), other.close())


async def test_the_same_incident_at_both_replicas_is_one_alert(
    postgres_url: str, redis_url: str, launch: Launch
) -> None:
    one, other = await launch(postgres_url, redis_url=redis_url), await launch(postgres_url, redis_url=redis_url)
    answers = await asyncio.gather(*((one if number % 2 else other).signal("p", CRISIS) for number in range(30)))
    assert len({answer.fired[0].alert_id for answer in answers}) == 1
    listed = await one.alerts.ListAlerts(alert_pb2.ListAlertsRequest())
    assert [(alert.rule_id, alert.count) for alert in listed.alerts] == [("crisis_language", 30)]


async def test_no_escalation_fires_twice(postgres_url: str, redis_url: str, launch: Launch) -> None:
    one, other = await launch(postgres_url, redis_url=redis_url), await launch(postgres_url, redis_url=redis_url)
    for number in range(5):
        await one.signal(f"p{number}", CRISIS)
    ids = [event.alert_id for event in await one.events(5)]
    async with one.wired.database.begin() as connection:
        await connection.execute(sa.update(timers).values(due_at=sa.func.now()))
    await asyncio.gather(*(part.wired.clockwork.escalate() for part in (one, other, one, other)))
    await one.events(10)  # The clock of either replica may have come first, and still be writing.
    await one.signal("last", CRISIS)
    *_, last = events = await one.events(11)
    assert last.kind == alert_pb2.ALERT_EVENT_KIND_OPENED
    escalated = [event.alert_id for event in events if event.kind == alert_pb2.ALERT_EVENT_KIND_ESCALATED]
    assert sorted(escalated) == sorted(ids)


async def test_scores_of_a_series_go_on_where_its_owner_is_gone(
    postgres_url: str, redis_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "SECONDS", 60.0)
    one, other = await launch(postgres_url, redis_url=redis_url), await launch(postgres_url, redis_url=redis_url)

    async def put(replica, value: float) -> monitoring_pb2.Metric:
        point = monitoring_pb2.MetricPoint(metric_name="queue_length", value=value)
        return (await replica.game.ProcessMetric(monitoring_pb2.ProcessMetricRequest(metric=point))).metric

    for number in range(60):
        await put(one, 10.0 + number % 3)
    handed_on = await put(other, 11.0)
    assert handed_on.HasField("anomaly_score")
    assert not handed_on.approximate
    await one.stop()
    after = await put(other, 12.0)
    assert after.HasField("anomaly_score")
    assert not after.approximate


async def test_points_of_a_series_stay_in_order_on_their_way_to_its_owner(
    postgres_url: str, redis_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "SECONDS", 60.0)
    one, other = await launch(postgres_url, redis_url=redis_url), await launch(postgres_url, redis_url=redis_url)

    def point(value: float) -> monitoring_pb2.MetricPoint:
        return monitoring_pb2.MetricPoint(metric_name="queue_length", value=value, critical_threshold=5.0)

    await one.game.ProcessMetric(monitoring_pb2.ProcessMetricRequest(metric=point(1.0)))
    record = one.wired.metrics.record

    async def late(points: Sequence[Point], *sent: Any, **named: Any) -> list[Recorded]:
        if points[0].metric_name == "queue_length":
            await asyncio.sleep(10.0 - points[0].value)
        return await record(points, *sent, **named)

    monkeypatch.setattr(one.wired.metrics, "record", late)
    batch = monitoring_pb2.IngestMetricsRequest(metrics=[point(9.0), point(9.5)])
    answer = await other.game.IngestMetrics(iter([batch]))
    assert (answer.accepted, answer.alerts) == (2, 1)
    monkeypatch.undo()
    listed = await one.operations.ListMetrics(monitoring_pb2.ListMetricsRequest(name_prefix="queue_length"))
    assert [(each.value, each.approximate) for each in listed.metrics] == [(9.5, False)]


async def test_a_replica_that_lost_a_series_shows_what_its_new_owner_keeps(
    postgres_url: str, redis_url: str, launch: Launch
) -> None:
    one, other = await launch(postgres_url, redis_url=redis_url), await launch(postgres_url, redis_url=redis_url)

    async def put(replica: Running, value: float) -> None:
        point = monitoring_pb2.MetricPoint(metric_name="queue_length", value=value)
        await replica.game.ProcessMetric(monitoring_pb2.ProcessMetricRequest(metric=point))

    await put(one, 1.0)
    await one.wired.metrics.checkpoint()
    async with one.wired.database.begin() as connection:
        await connection.execute(sa.update(series_owners).values(until=sa.func.now()))
    await put(other, 2.0)
    await other.wired.metrics.checkpoint()
    await one.wired.metrics._ownership.renew()
    listed = await one.operations.ListMetrics(monitoring_pb2.ListMetricsRequest(name_prefix="queue_length"))
    assert [each.value for each in listed.metrics] == [2.0]


async def test_a_replica_that_owns_a_series_again_writes_nothing_of_before_over_what_was_kept_meanwhile(
    postgres_url: str, launch: Launch
) -> None:
    one, other = await launch(postgres_url), await launch(postgres_url)

    async def put(replica: Running, value: float) -> None:
        point = monitoring_pb2.MetricPoint(metric_name="queue_length", value=value)
        await replica.game.ProcessMetric(monitoring_pb2.ProcessMetricRequest(metric=point))

    async def over() -> None:
        async with one.wired.database.begin() as connection:
            await connection.execute(sa.update(series_owners).values(until=sa.func.now()))

    async def listed() -> list[float]:
        found = await other.operations.ListMetrics(monitoring_pb2.ListMetricsRequest(name_prefix="queue_length"))
        return [each.value for each in found.metrics]

    await put(one, 1.0)
    await over()
    await put(other, 2.0)
    await other.wired.metrics.checkpoint()
    await over()
    await one.wired.metrics._ownership.renew()
    await other.wired.metrics._ownership.renew()
    await one.wired.metrics.checkpoint()
    assert await listed() == [2.0]


async def test_a_point_is_kept_that_arrives_while_its_shard_is_read(
    monitoring: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = monitoring.wired.metrics
    load, ours, reads = metrics._rows.load_shard, shard_of(series_id("queue_length", {})), 0
    at = Timestamp(seconds=int(time.time()))

    async def put(value: float) -> None:
        point = monitoring_pb2.MetricPoint(metric_name="queue_length", value=value, recorded_at=at)
        await monitoring.game.ProcessMetric(monitoring_pb2.ProcessMetricRequest(metric=point))

    async def late(shard: int) -> Mapping[str, Series]:
        nonlocal reads
        loaded = await load(shard)
        if shard == ours:
            reads += 1
            await asyncio.sleep(reads)
        return loaded

    await put(1.0)
    await metrics.checkpoint()
    await metrics._ownership.release()
    monkeypatch.setattr(metrics._rows, "load_shard", late)
    await asyncio.gather(put(2.0), put(3.0))
    (series,) = [one for one in metrics.held() if one.metric_name == "queue_length"]
    assert series.points == 3


async def test_a_point_is_kept_that_arrives_while_a_checkpoint_of_before_is_refused(
    monitoring: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = monitoring.wired.metrics
    save = metrics._rows.save
    at = Timestamp(seconds=int(time.time()))

    async def put(value: float) -> None:
        point = monitoring_pb2.MetricPoint(metric_name="queue_length", value=value, recorded_at=at)
        await monitoring.game.ProcessMetric(monitoring_pb2.ProcessMetricRequest(metric=point))

    async def meanwhile(checkpoints: Sequence[Checkpoint], fences: Mapping[int, int]) -> Sequence[int]:
        monkeypatch.setattr(metrics._rows, "save", save)
        await metrics._ownership.release()
        lost = await save(checkpoints, dict.fromkeys(fences, 0))
        await put(2.0)
        return lost

    await put(1.0)
    monkeypatch.setattr(metrics._rows, "save", meanwhile)
    await metrics.checkpoint()
    await put(3.0)
    (series,) = [one for one in metrics.held() if one.metric_name == "queue_length"]
    assert (series.value, series.points) == (3.0, 2)


@pytest.mark.timeout(600)
@pytest.mark.kills
async def test_a_replica_stopped_past_its_lease_corrupts_nothing_and_its_receiver_sees_one_key(
    postgres_url: str,
) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    one, other = Process(postgres_url), Process(postgres_url)
    async with webhook() as receiver:
        await one.start()
        await other.start()
        await _route(one, receiver.url)
        stub = monitoring_pb2_grpc.MonitoringServiceStub(one.channel())
        for number in range(5):
            proto = monitoring_pb2.Signal(user_id=f"p{number}", recent_messages=[CRISIS])
            await stub.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=proto))
        await one.send(signal.SIGSTOP)
        try:
            # The stopped replica may hold the log's lock for as long as PostgreSQL lets it.
            there = alert_pb2_grpc.AlertServiceStub(other.channel("admin"))
            listed = await there.ListAlerts(alert_pb2.ListAlertsRequest())
            assert len(listed.alerts) == 5
            await eventually(lambda: sum(post[1]["reason"] == "escalated" for post in receiver.posts) >= 5, 180)
        finally:
            await one.send(signal.SIGCONT)

        def first_pages() -> set[str]:
            return {post[1]["alert_id"] for post in receiver.posts if post[1]["reason"] == "opened"}

        await eventually(lambda: len(first_pages()) == 5, 180)
        keys = {
            (post[1]["alert_id"], post[1]["delivery_id"]) for post in receiver.posts if post[1]["reason"] == "opened"
        }
        assert len(keys) == 5
    await one.close()
    await other.close()


async def _both_hear_readings(url: str) -> None:
    """Wait until both replicas have joined the topic: what one tells before that is lost, and nobody tells it again."""
    client = redis.from_url(url)

    async def joined() -> bool:
        ((_, count),) = await client.pubsub_numsub(_PREFIX + READINGS)
        return bool(count == 2)

    await eventually(joined)
    await client.aclose()


async def test_a_duration_goes_by_the_signals_of_both_replicas(
    postgres_url: str, redis_url: str, launch: Launch
) -> None:
    one, other = await launch(postgres_url, redis_url=redis_url), await launch(postgres_url, redis_url=redis_url)
    await _both_hear_readings(redis_url)
    await create(one, "measures.load > 1.0", for_seconds=600)
    await other.wired.rule_book.refresh()

    def holding(replica: Running) -> set[float]:
        windows = replica.wired.judge._windows._known.values()
        return {hold.since for window in windows for hold in window.holds.values()}

    began = 1_700_000_000
    assert await held_back(one, 0, measures={"load": 2.0}) == ["pending"]
    await eventually(lambda: holding(other) == {began})
    assert await held_back(other, 5, measures={"load": 1.0}) == []
    await eventually(lambda: not holding(one))
    assert await held_back(one, 10, measures={"load": 2.0}) == ["pending"]
    await eventually(lambda: holding(other) == {began + 600})
    assert await held_back(other, 20, measures={"load": 2.0}) == [""]
