"""Exports of several processes, on both databases: one of each month at a time, whoever is killed wherever."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aggregation_svc.adapters.fact_exports import FactExports
from mesh.database import Database
from tests.exported_facts import MONTH, PLAYERS, change, exports_told, manifest_of, players_in

pytestmark = [pytest.mark.kills, pytest.mark.usefixtures("few_players")]


def versions(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_dir()}


DYING = """
import asyncio, os, signal, sys
from pathlib import Path
from aggregation_svc.adapters.export_manifest import Manifest
from aggregation_svc.adapters.parquet_buckets import Buckets
from mesh.database import Database
from tests.exported_facts import MONTH, exports_of

moment, show, prepare, files = sys.argv[3], Manifest.show, Manifest.prepare, Buckets.files

def dying(when, before, work):
    def die(*args):
        found = None if moment == before else work(*args)
        if moment in (before, when):
            os.kill(os.getpid(), signal.SIGKILL)
        return found
    return die

Buckets.files = dying("written", "being written", files)
Manifest.prepare = dying("prepared", "complete", prepare)
Manifest.show = dying("shown", "announced", show)
asyncio.run(exports_of(Database(sys.argv[1]), Path(sys.argv[2])).refresh(MONTH))
"""


@pytest.mark.parametrize("moment", ["being written", "complete", "prepared", "announced", "shown"])
async def test_killed_at_any_moment_an_export_is_the_old_or_the_new_one_and_the_trail_tells_of_what_was_shown(
    exports: FactExports, database: Database, database_url: str, moment: str
) -> None:
    first, _ = await exports.refresh(MONTH)
    await change(database)
    folder = exports.folder(MONTH)
    command = [sys.executable, "-c", DYING, database_url, str(folder.parent), moment]
    killed = await asyncio.to_thread(subprocess.run, command, env=os.environ, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    (died,) = versions(folder) - {first.version}
    left = manifest_of(folder)
    assert left.version == (died if moment == "shown" else first.version)
    assert list(left.faults(folder)) == []
    assert [fault for fault in await exports.verify(MONTH) if fault.endswith("is no part of the export")]
    manifest, written = await exports.refresh(MONTH)
    assert written == (moment != "shown")
    assert await exports.verify(MONTH) == []
    assert versions(folder) == {manifest.version}
    assert await exports_told(database) == [first.version, manifest.version]


TOGETHER = """
import asyncio, sys
from pathlib import Path
from mesh.database import Database
from tests.exported_facts import MONTH, exports_of

async def main():
    database = Database(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    manifest, written = await exports_of(database, Path(sys.argv[2])).refresh(MONTH)
    print(manifest.version, written)
    await database.close()

asyncio.run(main())
"""


async def test_two_processes_at_once_write_a_month_once(
    exports: FactExports, database: Database, database_url: str
) -> None:
    command = [sys.executable, "-c", TOGETHER, database_url, str(exports.folder(MONTH).parent)]
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    both = [await asyncio.create_subprocess_exec(*command, **pipes) for _ in range(2)]
    async with asyncio.timeout(120):
        for one in both:
            assert one.stdout is not None
            assert await one.stdout.readline() == b"ready\n"
        told = await asyncio.gather(*(one.communicate(b"go\n") for one in both))
    manifest = manifest_of(exports.folder(MONTH))
    assert sorted(line.decode().split() for line, _ in told) == [
        [manifest.version, "False"],
        [manifest.version, "True"],
    ]
    assert await exports_told(database) == [manifest.version]
    assert await exports.verify(MONTH) == []
    assert players_in(exports.folder(MONTH)) == set(range(1, PLAYERS + 1))
