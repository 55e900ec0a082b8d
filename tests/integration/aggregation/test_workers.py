"""Two workers behind one port: what one did, the other knows, and nothing needs a caller to stay with its worker."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import aggregation_pb2, common_pb2, facts_pb2, privacy_pb2
from tta.analytics.v1 import ingestion_pb2 as pb
from tta.analytics.v1.aggregation_pb2_grpc import AggregationServiceStub
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub

from tests.aggregation_process import Process, aggregation
from tests.servers import PostgresServer, create_database
from tests.tokens import lasting_token

WORKERS = ("0", "1")
ASSERTED = pb.CONSENT_BASIS_ASSERTED
NOW = datetime.now(UTC)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
ASKED = re.compile(r'^tta_analytics_grpc_requests_total\{method="GetBudget",.*worker="(\d)"\} (\S+)', re.MULTILINE)
READY = re.compile(r'^tta_analytics_ready\{worker="(\d)"\} 1\.0', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Worker:
    """A connection that leads to one of the workers, and an administrator's calls over it."""

    ingestion: Any
    aggregation: Any
    privacy: Any


@pytest.fixture(scope="module")
def process(postgres_server: PostgresServer) -> Iterator[Process]:
    """Both workers, ready."""
    url = asyncio.run(create_database(postgres_server, "two_workers"))
    with aggregation(url, workers=2, numeric_workers="0", rights_services="", focus_names="anxiety") as running:
        metrics(running)
        yield running


def metrics(process: Process) -> str:
    """Return the metrics of both workers: of one that does not answer within two seconds the parent tells nothing."""
    until = time.monotonic() + 120
    while True:
        with suppress(httpx.TransportError):
            text = httpx.get(process.metrics_url, timeout=60, trust_env=False).text
            if set(WORKERS) <= set(READY.findall(text)):
                return text
        assert time.monotonic() < until
        time.sleep(0.1)


def asked(process: Process) -> dict[str, float]:
    """Return how often each worker was asked for the budget."""
    found: dict[str, float] = dict.fromkeys(WORKERS, 0.0)
    for worker, count in ASKED.findall(metrics(process)):
        found[worker] += float(count)
    return found


@pytest.fixture
async def workers(process: Process) -> AsyncIterator[tuple[Worker, Worker]]:
    """One connection to each worker: the kernel spreads them, so that some are tried."""
    token = lasting_token(process.settings, "tests", role="admin")
    found: dict[str, Worker] = {}
    opened = []
    while set(found) != set(WORKERS):
        assert len(opened) < 64
        options = [("grpc.use_local_subchannel_pool", 1)]
        channel = grpc.aio.insecure_channel(process.target, options)
        opened.append(channel)
        before = asked(process)
        budget = PrivacyServiceStub(channel)
        metadata = (("authorization", f"Bearer {token}"),)
        await budget.GetBudget(privacy_pb2.GetBudgetRequest(), metadata=metadata, wait_for_ready=True, timeout=60)
        after = asked(process)
        (worker,) = (name for name in WORKERS if after[name] > before[name])
        stubs = [Bearing(stub(channel), metadata) for stub in (IngestionServiceStub, AggregationServiceStub)]
        found.setdefault(worker, Worker(*stubs, Bearing(budget, metadata)))
    yield found["0"], found["1"]
    for channel in opened:
        await channel.close()


class Bearing:
    """A stub whose calls bear a token."""

    def __init__(self, stub: Any, metadata: tuple[tuple[str, str], ...]) -> None:
        self._stub, self._metadata = stub, metadata

    def __getattr__(self, call: str) -> Callable[[Any], Any]:
        return lambda request: getattr(self._stub, call)(request, metadata=self._metadata, timeout=120)


def at(moment: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(moment)
    return message


async def sessions(worker: Worker, request_id: str, minutes: float = 10, user: str = "ann") -> Message:
    one = facts_pb2.Session(user_id=user, session_id=f"s-{request_id}", started_at=at(NOW), duration_minutes=minutes)

    async def messages() -> AsyncIterator[pb.IngestSessionsRequest]:
        yield pb.IngestSessionsRequest(sessions=[one], consent_basis=ASSERTED, request_id=request_id)

    return await worker.ingestion.IngestSessions(messages())  # type: ignore[no-any-return]


async def progress(worker: Worker, request_id: str, minutes: float = 10) -> Message:
    one = facts_pb2.ProgressSnapshot(user_id="ann", recorded_at=at(NOW), overall_progress=minutes / 100)
    request = pb.IngestProgressRequest(snapshots=[one], consent_basis=ASSERTED, request_id=request_id)
    return await worker.ingestion.IngestProgress(request)  # type: ignore[no-any-return]


async def outcomes(worker: Worker, request_id: str, minutes: float = 10) -> Message:
    good = common_pb2.OUTCOME_CATEGORY_GOOD
    one = facts_pb2.TherapeuticOutcome(user_id="ann", recorded_at=at(NOW), outcome_category=good, score=minutes)
    request = pb.RecordOutcomesRequest(outcomes=[one], consent_basis=ASSERTED, request_id=request_id)
    return await worker.ingestion.RecordOutcomes(request)  # type: ignore[no-any-return]


async def consent(worker: Worker, request_id: str, minutes: float = 10) -> Message:
    request = pb.SetConsentRequest(user_id="ben", analytics=True, research=minutes > 10, request_id=request_id)
    return await worker.ingestion.SetConsent(request)  # type: ignore[no-any-return]


async def consents(worker: Worker, request_id: str, minutes: float = 10) -> Message:
    decision = pb.ConsentDecision(user_id="cem", analytics=True, research=minutes > 10)
    request = pb.SetConsentsRequest(decisions=[decision], request_id=request_id)
    return await worker.ingestion.SetConsents(request)  # type: ignore[no-any-return]


async def release(worker: Worker, request_id: str = "", minutes: float = 10) -> Message:
    start = MARCH + timedelta(days=minutes)
    request = aggregation_pb2.CreateReleaseRequest(
        period_start=at(start), grain=common_pb2.GRAIN_DAY, request_id=request_id
    )
    return await worker.aggregation.CreateRelease(request)  # type: ignore[no-any-return]


Write = Callable[..., Awaitable[Message]]


@pytest.mark.parametrize("write", [sessions, progress, outcomes, consent, consents, release])
async def test_a_request_that_is_sent_again_to_the_other_worker_counts_once(
    workers: tuple[Worker, Worker], write: Write
) -> None:
    one, other = workers
    name = write.__name__
    first = await write(one, f"again-{name}")
    assert await write(other, f"again-{name}") == first
    assert await write(one, f"again-{name}") == first
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await write(other, f"again-{name}", minutes=20)
    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS


@pytest.mark.parametrize("write", [sessions, progress, outcomes, consent])
async def test_a_request_that_reaches_both_workers_at_once_counts_once(
    workers: tuple[Worker, Worker], write: Write
) -> None:
    request_id = f"at-once-{write.__name__}"
    one, two = await asyncio.gather(*(write(worker, request_id, minutes=30) for worker in workers))
    assert one == two


async def test_consent_withdrawn_at_one_worker_is_heeded_by_the_other(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    stored: Any = await sessions(other, "before", user="dee")
    assert stored.stored == 1
    await one.ingestion.SetConsent(pb.SetConsentRequest(user_id="dee", analytics=False))
    refused: Any = await sessions(other, "after", user="dee")
    assert (refused.stored, refused.refused) == (0, 1)


async def test_a_release_that_both_workers_are_asked_for_is_charged_once(workers: tuple[Worker, Worker]) -> None:
    spent: Any = await workers[0].privacy.GetBudget(privacy_pb2.GetBudgetRequest())
    first, second = await asyncio.gather(*(release(worker, minutes=3) for worker in workers))
    assert first == second
    found = [await worker.privacy.GetBudget(privacy_pb2.GetBudgetRequest()) for worker in workers]
    assert found[0].spent_micros == found[1].spent_micros
    assert found[0].spent_micros - spent.spent_micros == first.epsilon_micros  # type: ignore[attr-defined]
    request = aggregation_pb2.GetReleaseRequest(release_id=first.release_id)  # type: ignore[attr-defined]
    assert [await worker.aggregation.GetRelease(request) for worker in workers] == [first, first]


async def test_a_list_that_one_worker_began_is_continued_by_the_other(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    for number in range(4):
        decision = pb.SetConsentRequest(user_id=f"fay-{number}", analytics=True)
        await one.ingestion.SetConsent(decision)
    # Not of all that is done: what comes round adds entries of its own between two pages.
    whole = await one.privacy.ListAuditEntries(consents_set(page_size=4))
    begun = await one.privacy.ListAuditEntries(consents_set(page_size=2))
    continued = await other.privacy.ListAuditEntries(consents_set(page_size=2, page_token=begun.next_page_token))
    assert [*begun.entries, *continued.entries] == list(whole.entries)
    assert len(whole.entries) == 4


def consents_set(**page: Any) -> privacy_pb2.ListAuditEntriesRequest:
    return privacy_pb2.ListAuditEntriesRequest(action="consent_set", **page)


async def test_a_player_who_is_erased_at_one_worker_is_gone_at_the_other(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    await sessions(other, "to be erased", user="eve")
    await one.privacy.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="eve", request_id="e-1"))
    again: Any = await sessions(other, "once more", user="eve")
    assert (again.stored, again.refused) == (0, 1)
