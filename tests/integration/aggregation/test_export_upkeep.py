"""Exports stay whole and hold nothing too much: through crashes, lost files, readers and impatient callers."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aggregation_svc.adapters.export_manifest import NAME
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.file_locks import locked
from mesh.database import Database
from mesh.migrations import upgrade
from tests.exported_facts import MONTH, PLAYERS, change, exports_of, manifest_of, players_in, store

EVERYBODY = set(range(1, PLAYERS + 1))


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    await upgrade(sqlite_url, "aggregation_svc")
    database = Database(sqlite_url)
    await store(database)
    yield database
    await database.close()


@pytest.fixture
def exports(database: Database, tmp_path: Path) -> FactExports:
    return exports_of(database, tmp_path / "facts")


async def test_what_a_writer_that_died_left_beside_a_whole_export_is_reported_and_goes(exports: FactExports) -> None:
    await exports.refresh(MONTH)
    left = exports.folder(MONTH) / "0123"
    left.mkdir()
    (left / "sessions-00.parquet").write_bytes(b"of players who may have left")
    assert await exports.verify(MONTH) == [f"{left}: is no part of the export"]
    _, written = await exports.refresh(MONTH)
    assert not written
    assert not left.exists()


@pytest.mark.parametrize("harm", ["lost", "cut short"])
async def test_a_file_that_is_lost_or_cut_short_is_written_again(exports: FactExports, harm: str) -> None:
    manifest, _ = await exports.refresh(MONTH)
    path = exports.folder(MONTH) / manifest.files["sessions"][0].path
    if harm == "lost":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-9])
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


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', '{"format": 2, "files": 7}'])
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
    async with asyncio.timeout(5):
        _, written = await exports.refresh(MONTH)
    assert written


async def test_files_that_are_being_read_stay_until_they_were_read(exports: FactExports, database: Database) -> None:
    async with exports.reading(MONTH) as manifest:
        await change(database)
        elsewhere = asyncio.create_task(exports_of(database, exports.folder(MONTH).parent).refresh(MONTH))
        async with asyncio.timeout(10):
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


DYING = """
import asyncio, os, secrets, signal, sys
from pathlib import Path
from aggregation_svc.adapters import fact_exports
from mesh.database import Database
from tests.exported_facts import MONTH, exports_of

show = fact_exports._show

def die(manifest, folder):
    if sys.argv[3] == "after":
        show(manifest, folder)
    os.kill(os.getpid(), signal.SIGKILL)

fact_exports._show = die
asyncio.run(exports_of(Database(sys.argv[1]), Path(sys.argv[2])).refresh(MONTH))
"""


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_around_its_manifest_an_export_is_the_old_or_the_new_one_and_nothing_stays(
    exports: FactExports, database: Database, sqlite_url: str, moment: str
) -> None:
    first, _ = await exports.refresh(MONTH)
    await change(database)
    folder = exports.folder(MONTH)
    command = [sys.executable, "-c", DYING, sqlite_url, str(folder.parent), moment]
    killed = await asyncio.to_thread(subprocess.run, command, env=os.environ, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 2
    left = manifest_of(folder)
    assert (left == first) == (moment == "before")
    assert list(left.faults(folder)) == []
    assert [fault for fault in await exports.verify(MONTH) if fault.endswith("is no part of the export")]
    manifest, written = await exports.refresh(MONTH)
    assert written == (moment == "before")
    assert await exports.verify(MONTH) == []
    assert [path.name for path in folder.iterdir() if path.is_dir()] == [manifest.version]
