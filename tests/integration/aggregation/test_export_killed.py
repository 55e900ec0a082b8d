"""`tta-analytics export facts` on PostgreSQL: killed, stopped or out of room while it writes; erasures meanwhile."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pyarrow.parquet as pq
import pytest

from aggregation_svc.adapters.erased_exports import ErasedExports
from aggregation_svc.adapters.export_manifest import Manifest
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.spark_facts import SparkPeriodFacts
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.facts import Session
from aggregation_svc.domain.periods import Period
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.ingest_sessions import Message
from mesh.refusal import Unavailable
from tests.exported_facts import HereEngine, exports_told, manifest_of, players_in
from tests.integration.aggregation.test_export_replicas import erased
from tests.integration.aggregation.test_exports import rows_of
from tests.integration.aggregation.test_replicas import AT, GAME, consent, ingest

pytestmark = [pytest.mark.kills, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]

PLAYERS = [f"player-{number}" for number in range(40)]
WAIT = 120

Exporter = subprocess.Popen[str]


@pytest.fixture
def settings(settings: AggregationSettings, tmp_path: Path) -> AggregationSettings:
    return settings.model_copy(update={"export_folder": tmp_path / "facts"})


@pytest.fixture
async def month(foundation: Foundation) -> Period:
    """The month in which each of forty players has a session."""
    use = ingest(foundation)
    for user in PLAYERS:
        await consent(foundation, user, True)
    await use.store(Message(GAME, await use.prepare([Session(user, "one", AT) for user in PLAYERS])))
    (month,) = await foundation.exports().months()
    return month


class Command:
    """`tta-analytics export facts` of one month, each time a process of its own."""

    def __init__(self, settings: AggregationSettings, month: Period) -> None:
        assert settings.audit_key is not None
        self._environment = os.environ | {
            "TTA_DATABASE_URL": settings.database("aggregation"),
            "TTA_EXPORT_FOLDER": str(settings.required_exports()),
            "TTA_AUDIT_KEY": settings.audit_key.get_secret_value(),
        }
        self._month = f"{month.start:%Y-%m}"
        self.started: list[Exporter] = []

    def start(self, *options: str, before: Sequence[str] = ()) -> Exporter:
        command = [*before, sys.executable, "-m", "tta_analytics", "export", "facts", "--month", self._month, *options]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.started.append(subprocess.Popen(command, env=self._environment, text=True, **pipes))
        return self.started[-1]

    async def run(self, *options: str, before: Sequence[str] = ()) -> tuple[int, str, str]:
        """Return the exit code and both outputs."""
        return await self.ended(self.start(*options, before=before))

    async def ended(self, process: Exporter) -> tuple[int, str, str]:
        out, err = await asyncio.to_thread(process.communicate, timeout=WAIT)
        return process.returncode, out, err


@pytest.fixture
def command(settings: AggregationSettings, month: Period) -> Iterator[Command]:
    command = Command(settings, month)
    yield command
    for process in command.started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@asynccontextmanager
async def written_to_its_middle(url: str, command: Command, folder: Path) -> AsyncIterator[Exporter]:
    """Start an export and stand it still when its sessions are written and its outcomes are not.

    It waits for a lock of the database that another holds, then it is stopped, so that the database goes on.
    """
    blocking = await asyncpg.connect(url)
    try:
        async with blocking.transaction():
            await blocking.execute("LOCK TABLE analytics.therapeutic_outcomes IN ACCESS EXCLUSIVE MODE")
            exporter = command.start()
            async with asyncio.timeout(WAIT):
                while not await blocking.fetchval(
                    "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation "
                    "WHERE relname = 'therapeutic_outcomes' AND NOT granted"
                ):
                    assert exporter.poll() is None, exporter.communicate()
                    await asyncio.sleep(0.05)
            exporter.send_signal(signal.SIGSTOP)
    finally:
        await blocking.close()
    assert len(players_in(folder)) == len(PLAYERS)
    yield exporter


def versions(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_dir()}


async def holds(foundation: Foundation, command: Command, month: Period, players: int) -> Manifest:
    """Find the month's export whole by counts and checksums taken here, and by its own look, and nothing beside it."""
    folder = foundation.exports().folder(month)
    manifest = manifest_of(folder)
    assert versions(folder) == {manifest.version}
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")} == {
        file.path for files in manifest.files.values() for file in files
    }
    for kind in ("sessions", "subjects"):
        for file in manifest.files[kind]:
            assert hashlib.sha256((folder / file.path).read_bytes()).hexdigest() == file.sha256
            assert pq.read_metadata(folder / file.path).num_rows == file.rows
        assert sum(file.rows for file in manifest.files[kind]) == players
    assert len(players_in(folder)) == players
    assert await command.run("--verify") == (0, f"{month.start:%Y-%m} holds\n", "")
    return manifest


async def test_killed_while_it_writes_it_is_run_again_and_nothing_of_the_half_written_export_is_used(
    foundation: Foundation, command: Command, month: Period, database_url: str
) -> None:
    folder = foundation.exports().folder(month)
    async with written_to_its_middle(database_url, command, folder) as exporter:
        exporter.kill()
        assert (await command.ended(exporter))[0] == -signal.SIGKILL
    (died,) = versions(folder)
    assert Manifest.read(folder) is None
    assert await command.run("--verify") == (1, f"{folder}: was not exported\n", "")
    code, out, err = await command.run()
    assert (code, err) == (0, "")
    assert out.startswith(f"{month.start:%Y-%m} written: sessions {len(PLAYERS)}, ")
    manifest = await holds(foundation, command, month, len(PLAYERS))
    assert manifest.version != died
    assert await command.run() == (0, out.replace("written", "unchanged"), "")
    assert await exports_told(foundation.database, month) == [manifest.version]
    here = SqlPeriodFacts(foundation.database)
    spark = SparkPeriodFacts(foundation.exports(), HereEngine(), here)
    assert rows_of(await spark.sums(month)) == rows_of(await here.sums(month))
    assert manifest_of(folder) == manifest


@pytest.mark.parametrize("then", [signal.SIGCONT, signal.SIGKILL])
async def test_whoever_is_erased_while_an_export_is_written_is_in_no_export_once_the_erasure_is_done(
    foundation: Foundation, command: Command, month: Period, database_url: str, then: signal.Signals
) -> None:
    exports = foundation.exports()
    part = ErasedExports(exports, foundation.database)
    async with written_to_its_middle(database_url, command, exports.folder(month)) as exporter:
        erasure_id = await erased(foundation, PLAYERS[0])
        assert len(players_in(exports.folder(month))) == len(PLAYERS)
        with pytest.raises(Unavailable):
            await part.forget(PLAYERS[0], erasure_id)
        await part.close()
        exporter.send_signal(then)
        code, out, _ = await command.ended(exporter)
    if then == signal.SIGCONT:
        assert code == 0
        assert f"sessions {len(PLAYERS)}," in out
        # It shows the facts of before the erasure, and its count of changes says so.
        changed = f"{exports.folder(month)}: the facts of the month have changed since; export again\n"
        assert await command.run("--verify") == (1, changed, "")
    assert not await exports.compared(await part._change(erasure_id))
    async with asyncio.timeout(WAIT):
        while True:
            try:
                assert (await part.forget(PLAYERS[0], erasure_id)).done
                break
            except Unavailable:
                continue
    await part.close()
    await holds(foundation, command, month, len(PLAYERS) - 1)


async def test_a_full_disk_is_one_line_and_leaves_the_export_of_before(
    foundation: Foundation, command: Command, month: Period
) -> None:
    assert (await command.run())[0] == 0
    folder = foundation.exports().folder(month)
    before = await holds(foundation, command, month, len(PLAYERS))
    await consent(foundation, PLAYERS[0], False)
    # No file may be larger than one block of 512 or 1,024 bytes: that is how a disk is full for one process.
    code, out, err = await command.run(before=("sh", "-c", 'ulimit -f 1; exec "$@"', "sh"))
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert err.startswith(f"Error: The exports in {folder.parent} cannot be written or read: ")
    assert manifest_of(folder) == before
    assert versions(folder) == {before.version}
    assert (await command.run())[0] == 0
    await holds(foundation, command, month, len(PLAYERS) - 1)
