"""Releases on Spark take turns, and each reads the files of its own period: seen on an engine that stands still."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.spark_engine import ExportedFacts, SparkEngine
from aggregation_svc.adapters.spark_facts import SparkPeriodFacts
from mesh.database import Database
from mesh.migrations import upgrade
from tests.exported_facts import MONTH, exports_of, store


class StandingEngine(SparkEngine):
    """Answers with no rows, each statement only when it may; notes the months it read and whether two ran at once."""

    def __init__(self) -> None:
        super().__init__("none")
        self.may_go = threading.Event()
        self.began = threading.Event()
        self.read: list[set[str]] = []
        self.threads: list[str] = []
        self.running = 0

    def run(self, facts: ExportedFacts, statement: str) -> Sequence[Any]:
        assert self.running == 0
        self.running += 1
        self.threads.append(threading.current_thread().name)
        self.read.append({Path(path).parents[1].name for path in facts.paths["sessions"]})
        assert all(Path(path).is_file() for path in facts.paths["sessions"])
        self.began.set()
        assert self.may_go.wait(60)
        self.running -= 1
        return []


@pytest.fixture
async def exports(sqlite_url: str, tmp_path: Path) -> AsyncIterator[FactExports]:
    await upgrade(sqlite_url, "aggregation_svc")
    database = Database(sqlite_url)
    await store(database)
    yield exports_of(database, tmp_path / "facts")
    await database.close()


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


@pytest.fixture
async def spark(exports: FactExports, engine: StandingEngine) -> AsyncIterator[SparkPeriodFacts]:
    facts = SparkPeriodFacts(exports, engine, SqlPeriodFacts(exports._database))
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
    engine.may_go.set()
    await september
    assert engine.read == [{"2026-08"}, {"2026-09"}]


async def test_rows_are_made_off_the_loop(spark: SparkPeriodFacts, engine: StandingEngine) -> None:
    engine.may_go.set()
    assert (await spark.rows(MONTH)).values.shape == (0, 9)
    assert engine.threads != [threading.main_thread().name]
