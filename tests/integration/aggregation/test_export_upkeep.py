"""Exports stay whole and hold nothing too much: through crashes, lost files, readers and impatient callers."""

import asyncio
import threading

import pyarrow.parquet as pq
import pytest

from aggregation_svc.adapters.export_manifest import NAME
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.file_locks import locked
from aggregation_svc.adapters.parquet_buckets import Buckets
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.spark_facts import SparkPeriodFacts
from mesh.database import Database
from mesh.telemetry import REGISTRY
from tests.exported_facts import MONTH, PLAYERS, HereEngine, change, exports_of, manifest_of, players_in, withdraw
from tests.integration.aggregation.test_exports import rows_of

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("few_players"),
]

EVERYBODY = set(range(1, PLAYERS + 1))


async def test_what_a_writer_that_died_left_beside_a_whole_export_is_reported_and_goes(exports: FactExports) -> None:
    await exports.refresh(MONTH)
    left = exports.folder(MONTH) / "0123"
    left.mkdir()
    (left / "sessions-00.parquet").write_bytes(b"of players who may have left")
    assert await exports.verify(MONTH) == [f"{left}: is no part of the export"]
    _, written = await exports.refresh(MONTH)
    assert not written
    assert not left.exists()


async def test_what_dead_writers_left_is_gone_before_a_month_is_written_again_so_that_the_disk_need_not_hold_both(
    exports: FactExports, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest, _ = await exports.refresh(MONTH)
    folder, close = exports.folder(MONTH), Buckets._close
    left = folder / "0123"
    left.mkdir()
    found: list[set[str]] = []

    def noted(self: Buckets) -> None:
        found.append({path.name for path in folder.iterdir() if path.is_dir()})
        close(self)

    monkeypatch.setattr(Buckets, "_close", noted)
    await change(database)
    written, _ = await exports.refresh(MONTH)
    assert found
    assert all(names == {manifest.version, written.version} for names in found)


async def test_a_month_that_cannot_be_written_holds_up_no_other(exports: FactExports, database: Database) -> None:
    for month in (MONTH.previous, MONTH):
        await exports.refresh(month)
    august = exports.folder(MONTH.previous)
    (august / NAME).unlink()
    (august / NAME).mkdir()
    await withdraw(database, 1)
    with pytest.raises(OSError, match=NAME):
        await exports.refresh_exported()
    assert players_in(exports.folder(MONTH)) == EVERYBODY - {1}


async def test_files_hold_what_engines_read_and_no_name_hash_or_digest(exports: FactExports) -> None:
    await exports.refresh(MONTH)
    held = {name for path in exports.folder(MONTH).rglob("*.parquet") for name in pq.read_schema(path).names}
    assert {"subject_id", "started_at", "therapeutic_focus"} <= held
    assert held.isdisjoint({"session_id", "digest", "received_at", "updated_at"})


@pytest.mark.parametrize("harm", ["lost", "cut short", "overwritten in its footer"])
async def test_a_file_that_is_lost_or_broken_is_written_again(exports: FactExports, harm: str) -> None:
    manifest, _ = await exports.refresh(MONTH)
    path = exports.folder(MONTH) / manifest.files["sessions"][0].path
    if harm == "lost":
        path.unlink()
    elif harm == "cut short":
        path.write_bytes(path.read_bytes()[:-9])
    else:
        whole = path.read_bytes()
        path.write_bytes(whole[:-108] + b"\xff" * 100 + whole[-8:])
    _, written = await exports.refresh(MONTH)
    assert written
    assert await exports.verify(MONTH) == []
    assert players_in(exports.folder(MONTH)) == EVERYBODY


async def test_a_changed_file_is_never_read_by_a_release(exports: FactExports) -> None:
    manifest, _ = await exports.refresh(MONTH)
    first, second = (exports.folder(MONTH) / file.path for file in manifest.files["sessions"][:2])
    first.write_bytes(second.read_bytes())
    async with exports.reading(MONTH) as read:
        assert read.version != manifest.version
        assert await asyncio.to_thread(lambda: list(read.faults(exports.folder(MONTH)))) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 3}', '{"format": 3, "files": 7}'])
async def test_a_broken_manifest_is_named_and_written_again(exports: FactExports, text: str) -> None:
    await exports.refresh(MONTH)
    (exports.folder(MONTH) / NAME).write_text(text, encoding="utf-8")
    assert await exports.verify(MONTH) == [f"{exports.folder(MONTH)}: manifest.json is broken; export again"]
    _, written = await exports.refresh(MONTH)
    assert written
    assert await exports.verify(MONTH) == []


async def test_whoever_gives_up_waiting_for_a_month_holds_nobody_else_up(exports: FactExports) -> None:
    folder = exports.folder(MONTH)
    folder.mkdir(parents=True)
    async with locked(folder / ".lock"):
        waiting = asyncio.create_task(exports.refresh(MONTH))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(waiting, 0.2)
    async with asyncio.timeout(60):
        _, written = await exports.refresh(MONTH)
    assert written


async def test_the_months_of_a_round_are_counted_until_each_was_compared(exports: FactExports) -> None:
    def left() -> float | None:
        return REGISTRY.get_sample_value("tta_analytics_export_months_waiting")

    for month in (MONTH.previous, MONTH):
        await exports.refresh(month)
    async with locked(exports.folder(MONTH.previous) / ".lock"):
        round_ = asyncio.create_task(exports.refresh_exported())
        async with asyncio.timeout(60):
            while left() != 2:  # noqa: ASYNC110 a gauge
                await asyncio.sleep(0.01)
        round_.cancel()
        await asyncio.gather(round_, return_exceptions=True)
    assert left() == 0
    await exports.refresh_exported()
    assert left() == 0


async def test_files_that_are_being_read_stay_until_they_were_read(exports: FactExports, database: Database) -> None:
    async with exports.reading(MONTH) as manifest:
        await change(database)
        elsewhere = asyncio.create_task(exports_of(database, exports.folder(MONTH).parent).refresh(MONTH))
        async with asyncio.timeout(60):
            while manifest_of(exports.folder(MONTH)).version == manifest.version:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert list(manifest.faults(exports.folder(MONTH))) == []
        assert not elsewhere.done()
    await elsewhere
    assert not (exports.folder(MONTH) / manifest.version).exists()


async def test_two_at_once_write_a_month_once(exports: FactExports, database: Database) -> None:
    others = [exports_of(database, exports.folder(MONTH).parent) for _ in range(2)]
    found = await asyncio.gather(*(one.refresh(MONTH) for one in others))
    assert sorted(written for _, written in found) == [False, True]
    assert found[0][0] == found[1][0]


async def test_a_cancelled_export_closes_its_files_when_the_thread_that_writes_them_is_done(
    exports: FactExports, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush, close = Buckets._flush, Buckets._close
    writing, may_go, done = threading.Event(), threading.Event(), list[str]()

    def standing(self: Buckets, bucket: int) -> None:
        writing.set()
        assert may_go.wait(60)
        flush(self, bucket)
        done.append("written")

    def noted(self: Buckets) -> None:
        done.append("closed")
        close(self)

    monkeypatch.setattr(Buckets, "_flush", standing)
    monkeypatch.setattr(Buckets, "_close", noted)
    exporting = asyncio.create_task(exports.refresh(MONTH))
    await asyncio.to_thread(writing.wait, 60)
    for _ in range(2):
        exporting.cancel()
        await asyncio.wait({exporting}, timeout=0.2)
    may_go.set()
    with pytest.raises(asyncio.CancelledError):
        await exporting
    assert done == ["written", "closed"]
    assert [path for path in exports.folder(MONTH).iterdir() if path.is_dir()] == []


async def test_a_month_without_facts_is_exported_whole_and_released_as_the_database_would(
    exports: FactExports, database: Database
) -> None:
    here = SqlPeriodFacts(database)
    spark = SparkPeriodFacts(exports, HereEngine(), here)
    sums, rows = await spark.both(MONTH.next)
    assert rows_of(sums) == rows_of(await here.sums(MONTH.next)) == {}
    assert len(rows.values) == 0
    assert manifest_of(exports.folder(MONTH.next)).paths(exports.folder(MONTH.next), "sessions") == []
    assert await exports.verify(MONTH.next) == []
