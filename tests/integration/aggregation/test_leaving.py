"""Players who leave: what of them stays after an erasure, and which releases a withdrawal still reaches."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from tta.analytics.v1 import aggregation_pb2, common_pb2, privacy_pb2
from tta.analytics.v1.aggregation_pb2_grpc import AggregationServiceStub
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub

from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.mechanism import PooledMechanism
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.release_store import SqlReleases
from aggregation_svc.adapters.tables import metadata, subject_keys
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.patterns.release import BoundedRows
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.release_plan import MONTHLY_PLAN
from aggregation_svc.domain.releases import Release
from aggregation_svc.ports import Actor
from aggregation_svc.release_ports import PeriodFacts
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.answered_once import AnsweredOnce
from aggregation_svc.usecases.create_release import CreateRelease, ReleaseTerms
from mesh.workers import NumericPool
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import ASSERTED, consent, database_files, ingest, session

MONTH = Period(datetime(2026, 3, 1, tzinfo=UTC), Grain.MONTH)
LEAVER, OTHERS = "Zaphod-Q7", [f"player-{number}" for number in range(30)]
NAMES_A_SUBJECT = {"privacy_audit_log", "erasures"}
"""The trail of the acts themselves: random numbers of subjects, which lead to nobody any more."""


@pytest.fixture
def settings(settings: AggregationSettings) -> AggregationSettings:
    return settings.model_copy(update={"focus_names": ("anxiety",), "numeric_workers": 0, "min_cohort": 0})


@pytest.fixture
def game(dial: Dial) -> Any:
    return IngestionServiceStub(dial())


@pytest.fixture
def importer(dial: Dial) -> Any:
    return IngestionServiceStub(dial("admin", "importer"))


@pytest.fixture
def admin(dial: Dial) -> Any:
    return PrivacyServiceStub(dial("admin", "ada"))


def played(*users: str, at: datetime = MONTH.start) -> list[Any]:
    return [session(user, f"{user}'s", at + timedelta(days=2), therapeutic_focus="anxiety") for user in users]


def month(start: datetime = MONTH.start) -> aggregation_pb2.CreateReleaseRequest:
    request = aggregation_pb2.CreateReleaseRequest(grain=common_pb2.GRAIN_MONTH)
    request.period_start.FromDatetime(start)
    return request


async def told(foundation: Foundation) -> dict[str, list[Any]]:
    """Return every value of every table."""
    async with foundation.database.read() as connection:
        return {
            table.name: [value for row in await connection.execute(sa.select(table)) for value in row]
            for table in metadata.tables.values()
        }


def tables_with(values: dict[str, list[Any]], *marks: Any) -> set[str]:
    """Return the tables in which one of the marks stands, be it within a text or among bytes."""

    def holds(value: Any, mark: Any) -> bool:
        if isinstance(value, bytes):
            return isinstance(mark, bytes) and mark in value
        return value == mark or str(mark) in str(value)

    return {name for name, found in values.items() if any(holds(value, mark) for value in found for mark in marks)}


async def test_after_export_erasure_import_retry_and_release_nothing_of_the_player_is_left(
    importer: Any, admin: Any, dial: Dial, foundation: Foundation
) -> None:
    file = played(LEAVER, *OTHERS)
    first = await ingest(importer, file, basis=ASSERTED, request_id="file-1")
    assert first.stored == 31
    async with foundation.database.read() as connection:
        keys = {row.subject_id: row.pseudonym for row in await connection.execute(sa.select(subject_keys))}
    await admin.ExportSubject(privacy_pb2.ExportSubjectRequest(user_id=LEAVER, request_id="export-1"))
    erasure = await admin.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id=LEAVER, request_id="erase-1"))
    assert erasure.state == privacy_pb2.ERASURE_STATE_DONE
    async with foundation.database.read() as connection:
        (gone,) = set(keys) - set((await connection.execute(sa.select(subject_keys.c.subject_id))).scalars())
    marks = (gone, keys[gone], LEAVER, f"{LEAVER}'s")
    assert tables_with(await told(foundation), *marks) <= NAMES_A_SUBJECT

    again = await ingest(importer, file, basis=ASSERTED)
    assert (again.stored, again.unchanged, again.refused) == (0, 30, 1)
    retried = await ingest(importer, file, basis=ASSERTED, request_id="file-1")
    assert retried.stored == 31, "it answers as it did, and does nothing"
    assert tables_with(await told(foundation), *marks) <= NAMES_A_SUBJECT

    release = await AggregationServiceStub(dial("admin", "olga")).CreateRelease(month(), timeout=60)
    assert release.cells
    sums = await SqlPeriodFacts(foundation.database).sums(MONTH)
    assert int(sums.players.sum()) == 30
    assert tables_with(await told(foundation), *marks) <= NAMES_A_SUBJECT
    assert [file for file in database_files(foundation) if LEAVER.encode() in file.read_bytes()] == []
    assert (await admin.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())).intact


class Held(PeriodFacts):
    """Reads facts, then waits until it may go on."""

    def __init__(self, facts: PeriodFacts) -> None:
        self._facts = facts
        self.read, self.on = asyncio.Event(), asyncio.Event()
        self.players: list[int] = []

    async def sums(self, period: Period) -> BoundedSums:
        found = await self._facts.sums(period)
        self.players.append(int(found.players.sum()))
        self.read.set()
        await self.on.wait()
        return found

    async def retention(self, period: Period, weeks: int) -> Sequence[int]:
        return await self._facts.retention(period, weeks)

    async def rows(self, period: Period) -> BoundedRows:
        found = await self._facts.rows(period)
        self.players.append(len(found.values))
        return found


@pytest.fixture
async def pool() -> AsyncIterator[NumericPool]:
    pool = NumericPool(0)
    yield pool
    pool.close()


async def test_a_withdrawal_counts_for_whatever_reads_facts_after_it(
    game: Any, foundation: Foundation, pool: NumericPool
) -> None:
    await consent(game, LEAVER, *OTHERS)
    april = MONTH.next
    for period in (MONTH, april):
        await ingest(game, [session(user, f"{user} {period.start:%m}", period.start) for user in (LEAVER, *OTHERS)])
    ledger = Ledger(foundation.database, 12 * MICRO)
    releases = SqlReleases(foundation.database, ledger, foundation.audit, foundation.idempotency)
    facts = Held(SqlPeriodFacts(foundation.database))
    terms = ReleaseTerms(MONTHLY_PLAN, ("anxiety",), 0, foundation.settings.period_grace)
    create = CreateRelease(releases, facts, PooledMechanism(pool), terms, AnsweredOnce(releases))

    async def released(period: Period) -> Release:
        return await create(Actor("olga", administrator=True), period.grain, period.start)

    running = asyncio.create_task(released(MONTH))
    await facts.read.wait()
    await consent(game, LEAVER, analytics=False)
    facts.on.set()
    first = await running
    # The statistics were read before the withdrawal, the rows for segments after it.
    assert facts.players == [31, 30]
    assert await released(MONTH) == first, "what was answered stays"
    await released(april)
    assert facts.players == [31, 30, 30, 30]
