"""Callers who leave before their answer, and questions of several kinds that want the same room in the account."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import common_pb2, facts_pb2, ingestion_pb2
from tta.analytics.v1.aggregation_pb2_grpc import AggregationServiceStub
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub

from aggregation_svc import bootstrap
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.release_tables import privacy_ledger
from aggregation_svc.adapters.tables import progress_snapshots, sessions, subjects
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.periods import Period
from aggregation_svc.domain.privacy.noise import Drawn, Noise, OpenDpNoise, Selected
from aggregation_svc.servicers import inline
from aggregation_svc.settings import AggregationSettings
from mesh.server import RunningServer, start
from mesh.telemetry import REGISTRY
from tests.integration.aggregation.conftest import Dial
from tta_analytics.client.refusals import refusal_of

MONTH = datetime(2026, 3, 1, tzinfo=UTC)
GIVE_UP = 30.0
LONG = 200.0
ROOM = 1000
NOT_TAKEN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
"""What a call ends with that a stopping server does not take; gRPC cancels those that arrive at that very moment."""


class HeldNoise(Noise):
    """OpenDP's, once it may go on."""

    def __init__(self) -> None:
        self._noise = OpenDpNoise()
        self.began, self.on = threading.Event(), threading.Event()
        self.computed = 0

    def laplace(self, values: Sequence[int], sensitivity: int, micro: int) -> Drawn:
        self._wait()
        return self._noise.laplace(values, sensitivity, micro)

    def select(self, counts: Mapping[str, int], micro: int, delta: float) -> Selected:
        self.computed += 1
        self._wait()
        return self._noise.select(counts, micro, delta)

    def _wait(self) -> None:
        self.began.set()
        assert self.on.wait(GIVE_UP)

    async def has_begun(self) -> None:
        assert await asyncio.to_thread(self.began.wait, GIVE_UP)


@pytest.fixture
def settings(settings: AggregationSettings) -> AggregationSettings:
    changed = {"focus_names": ("anxiety",), "numeric_workers": 0, "epsilon_budget": 1.0, "legacy_consent": "asserted"}
    return settings.model_copy(update={**changed, "ingest_queue": ROOM})


@pytest.fixture
def noise() -> HeldNoise:
    return HeldNoise()


@pytest.fixture
async def server(foundation: bootstrap.Foundation, noise: HeldNoise) -> AsyncIterator[RunningServer]:
    running = await start(bootstrap.service(foundation, noise=noise), foundation.settings)
    yield running
    noise.on.set()
    await running.stop(0)


@pytest.fixture
async def admin(dial: Dial) -> AggregationServiceStub:
    return AggregationServiceStub(dial("admin", "olga"))


def release(start_of: datetime = MONTH, grain: common_pb2.Grain = common_pb2.GRAIN_MONTH) -> pb.CreateReleaseRequest:
    request = pb.CreateReleaseRequest(grain=grain)
    request.period_start.FromDatetime(start_of)
    return request


def batch(user: str) -> pb.AggregateBehaviorRequest:
    record = pb.UserRecord(
        user_id=user,
        sessions=[pb.UserSession(duration_minutes=10)],
        progress_data=pb.UserProgress(overall_progress=0.5),
    )
    return pb.AggregateBehaviorRequest(user_data=[record])


def played(name: str) -> ingestion_pb2.IngestSessionsRequest:
    fact = facts_pb2.Session(user_id="ann", session_id=name)
    fact.started_at.FromDatetime(datetime.now(UTC))
    return ingestion_pb2.IngestSessionsRequest(sessions=[fact])


async def charged(foundation: bootstrap.Foundation) -> list[int]:
    async with foundation.database.read() as connection:
        return list((await connection.execute(sa.select(privacy_ledger.c.epsilon_micros))).scalars())


async def count(foundation: bootstrap.Foundation, table: sa.Table) -> int:
    async with foundation.database.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


async def left(call: grpc.aio.UnaryUnaryCall, noise: HeldNoise) -> None:
    """Leave once the answer is being computed, as a caller does whose deadline ends."""
    await noise.has_begun()
    assert call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_a_question_whose_caller_leaves_is_answered_and_charged_all_the_same(
    admin: AggregationServiceStub, noise: HeldNoise, foundation: bootstrap.Foundation
) -> None:
    for _ in range(3):
        await left(admin.CreateRelease(release()), noise)
    asked = asyncio.gather(*(admin.CreateRelease(release()) for _ in range(2)))
    noise.on.set()
    one, two = await asked
    assert one == two
    assert await charged(foundation) == [900_000]
    assert noise.computed == 1


async def test_a_process_that_stops_lets_a_begun_answer_come_to_its_end(
    admin: AggregationServiceStub, noise: HeldNoise, foundation: bootstrap.Foundation, server: RunningServer
) -> None:
    await left(admin.CreateRelease(release()), noise)
    stopping = asyncio.create_task(server.stop(GIVE_UP))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        while True:
            # One that the server still takes is answered at once: a release would wait for the one that has begun.
            await admin.ListReleases(pb.ListReleasesRequest(), wait_for_ready=False)
    assert refused.value.code() in NOT_TAKEN
    noise.on.set()
    await stopping
    second = await bootstrap.found(foundation.settings)
    assert await charged(second) == [900_000]
    await second.database.close()


async def test_a_batch_that_a_release_left_no_room_for_is_not_recorded(
    admin: AggregationServiceStub, noise: HeldNoise, foundation: bootstrap.Foundation
) -> None:
    first = asyncio.ensure_future(admin.CreateRelease(release()))
    await noise.has_begun()
    second = asyncio.ensure_future(admin.AggregateBehavior(batch("ada")))
    for _ in range(50):
        # The batch has every chance to come in between.
        await admin.ListReleases(pb.ListReleasesRequest())
    noise.on.set()
    assert (await first).epsilon_micros == 900_000
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await second
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert [await count(foundation, table) for table in (sessions, progress_snapshots, subjects)] == [0, 0, 0]


async def test_of_fifty_releases_and_batches_at_once_none_overspends_and_what_is_refused_is_not_recorded(
    admin: AggregationServiceStub, noise: HeldNoise, foundation: bootstrap.Foundation
) -> None:
    noise.on.set()
    days = [release(MONTH + timedelta(days=number), common_pb2.GRAIN_DAY) for number in range(5)]
    batches = [batch(f"player-{number}") for number in range(45)]
    for one in batches:
        one.privacy_level = common_pb2.PRIVACY_LEVEL_MAXIMUM
    answers = await asyncio.gather(
        *(admin.AggregateBehavior(one, timeout=LONG) for one in batches[:20]),
        *(admin.CreateRelease(day, timeout=LONG) for day in days),
        *(admin.AggregateBehavior(one, timeout=LONG) for one in batches[20:]),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
    assert {answer.code() for answer in refused} == {grpc.StatusCode.RESOURCE_EXHAUSTED}
    answered = [answer for answer in answers if isinstance(answer, pb.AggregateBehaviorResponse)]
    assert sum(await charged(foundation)) <= 1_000_000
    assert len(await charged(foundation)) == 50 - len(refused)
    assert await count(foundation, sessions) == await count(foundation, subjects) == len(answered)


class HeldReading:
    """Facts of a period that take until they may be read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began, self.on = asyncio.Event(), asyncio.Event()
        sums = SqlPeriodFacts.sums

        async def held(facts: SqlPeriodFacts, period: Period) -> BoundedSums:
            self.began.set()
            await self.on.wait()
            return await sums(facts, period)

        monkeypatch.setattr(SqlPeriodFacts, "sums", held)


async def test_a_batch_is_answered_while_a_long_release_reads_its_facts(
    admin: AggregationServiceStub, noise: HeldNoise, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise.on.set()
    reading = HeldReading(monkeypatch)
    long = asyncio.ensure_future(admin.CreateRelease(release()))
    await reading.began.wait()
    short = batch("ada")
    short.privacy_level = common_pb2.PRIVACY_LEVEL_MAXIMUM
    assert (await admin.AggregateBehavior(short, timeout=GIVE_UP)).release.epsilon_micros == 100_000
    assert not long.done()
    reading.on.set()
    assert (await long).epsilon_micros == 900_000


async def test_batches_that_wait_for_their_answer_keep_no_other_facts_out_and_further_ones_are_not_read(
    admin: AggregationServiceStub, noise: HeldNoise, dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = IngestionServiceStub(dial())
    await game.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ann", analytics=True))
    large = [batch(f"player-{number}") for number in range(2)]
    for one in large:
        one.user_data[0].sessions.extend([pb.UserSession(duration_minutes=5)] * (ROOM // 2 - 2))
    waiting = [asyncio.ensure_future(admin.AggregateBehavior(one, timeout=LONG)) for one in large]
    async with asyncio.timeout(GIVE_UP):
        while REGISTRY.get_sample_value("tta_analytics_ingest_waiting_facts", {"kind": "inline"}) != ROOM:  # noqa: ASYNC110 a gauge
            await asyncio.sleep(0.01)
    monkeypatch.setattr(inline, "record", None)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await admin.AggregateBehavior(batch("player-3"), timeout=GIVE_UP)
    assert refusal_of(refused.value).reason == "ingest_queue_full"
    assert (await game.IngestSessions(iter([played("one")]), timeout=GIVE_UP)).stored == 1
    noise.on.set()
    assert [one.success for one in await asyncio.gather(*waiting)] == [True] * 2


async def test_a_stream_of_facts_ends_in_words_while_a_process_that_stops_still_computes(
    admin: AggregationServiceStub,
    noise: HeldNoise,
    dial: Dial,
    server: RunningServer,
    foundation: bootstrap.Foundation,
) -> None:
    game = IngestionServiceStub(dial())
    await game.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ann", analytics=True))
    stream = game.IngestSessions()
    await stream.write(played("one"))
    while not await count(foundation, sessions):  # noqa: ASYNC110 the service takes it in its own time
        await asyncio.sleep(0.01)
    await left(admin.CreateRelease(release()), noise)
    stopping = asyncio.create_task(server.stop(GIVE_UP))
    with pytest.raises(grpc.aio.AioRpcError) as taken:
        while True:
            await game.IngestSessions(iter([played("other")]), wait_for_ready=False)
    assert taken.value.code() in NOT_TAKEN
    await stream.write(played("two"))
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await stream
    refusal = refusal_of(ended.value)
    assert (refusal.code, refusal.reason, refusal.metadata["accepted_messages"]) == ("UNAVAILABLE", "stopping", "1")
    noise.on.set()
    await stopping
