"""Releases on Spark take turns, and each reads the files of its own period: seen on an engine that stands still."""

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.mechanism import PooledMechanism
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.release_store import SqlReleases
from aggregation_svc.adapters.spark_engine import Bucket
from aggregation_svc.adapters.spark_facts import SparkPeriodFacts
from aggregation_svc.adapters.tables import answered_requests, privacy_audit_log
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.release_plan import MONTHLY_PLAN
from aggregation_svc.ports import Actor
from aggregation_svc.usecases.answered_once import AnsweredOnce
from aggregation_svc.usecases.create_release import CreateRelease, ReleaseTerms
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.idempotency import Idempotency
from mesh.workers import NumericPool
from tests.exported_facts import MONTH, HereEngine, change, exports_told

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("few_players"),
]


class StandingEngine(HereEngine):
    """Answers with no rows, each statement only when it may; notes the files it read and whether two ran at once."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go = threading.Event()
        self.began = threading.Event()
        self.read: list[set[str]] = []
        self.versions: set[str] = set()
        self.threads: list[str] = []
        self.running = 0

    def run(self, buckets: Sequence[Bucket], statement: str) -> pa.Table:
        with self._standing([file for bucket in buckets for file in bucket["sessions"]]):
            return super().run([], statement)

    @contextmanager
    def _standing(self, files: Sequence[str]) -> Iterator[None]:
        assert self.running == 0
        self.running += 1
        self.threads.append(threading.current_thread().name)
        self.read.append({Path(path).parents[1].name for path in files})
        self.versions |= {Path(path).parent.name for path in files}
        assert all(Path(path).is_file() for path in files)
        self.began.set()
        assert self.may_go.wait(60)
        yield
        self.running -= 1


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


@pytest.fixture
async def spark(exports: FactExports, engine: StandingEngine, database: Database) -> AsyncIterator[SparkPeriodFacts]:
    facts = SparkPeriodFacts(exports, engine, SqlPeriodFacts(database))
    yield facts
    engine.may_go.set()
    await facts.close()


async def test_a_release_whose_caller_left_keeps_its_turn_and_its_files_to_the_end(
    spark: SparkPeriodFacts, engine: StandingEngine, exports: FactExports
) -> None:
    august = asyncio.create_task(spark.sums(MONTH.previous))
    await asyncio.to_thread(engine.began.wait, 60)
    august.cancel()
    with pytest.raises(asyncio.CancelledError):
        await august
    september = asyncio.create_task(spark.sums(MONTH))
    writing = asyncio.create_task(asyncio.sleep(0.3))
    done, _ = await asyncio.wait({september, writing}, return_when=asyncio.FIRST_COMPLETED)
    assert september not in done
    assert engine.read == [{"2026-08"}]
    assert spark.waiting == 2
    engine.may_go.set()
    await september
    assert spark.waiting == 0
    assert engine.read == [{"2026-08"}, {"2026-09"}]


async def test_rows_are_made_off_the_loop_in_two_bytes_a_value(spark: SparkPeriodFacts, engine: StandingEngine) -> None:
    engine.may_go.set()
    values = (await spark.rows(MONTH)).values
    assert (values.shape, values.dtype) == ((0, 9), np.int16)
    assert engine.threads != [threading.main_thread().name]


async def test_a_release_reads_sums_and_rows_of_the_same_files_though_facts_come_in_between(
    spark: SparkPeriodFacts, engine: StandingEngine, database: Database
) -> None:
    audit = AuditLog(privacy_audit_log, secrets.token_bytes(32))
    requests = Idempotency(answered_requests, key=secrets.token_bytes(32))
    releases = SqlReleases(database, Ledger(database, 12 * MICRO), audit, requests)
    terms = ReleaseTerms(MONTHLY_PLAN, ("sleep", "grief"), 0, timedelta(hours=1))
    pool = NumericPool(0)
    create = CreateRelease(releases, spark, PooledMechanism(pool), terms, AnsweredOnce(releases))
    creating = asyncio.create_task(create(Actor("olga", administrator=True), MONTH.grain, MONTH.start))
    await asyncio.to_thread(engine.began.wait, 60)
    await change(database)
    engine.may_go.set()
    await creating
    pool.close()
    assert engine.read == [{"2026-09"}, {"2026-09"}]
    (version,) = engine.versions
    assert await exports_told(database) == [version]
