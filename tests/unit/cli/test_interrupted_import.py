"""An import of a file that is interrupted: what is left of its list of rejects decides where it goes on."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from tta.analytics.v1.facts_pb2 import Session

from mesh.refusal import Unavailable
from tta_analytics.client.ingest import Sent
from tta_analytics.importing.checkpoint import Checkpoint, Progress
from tta_analytics.importing.records import RecordParser
from tta_analytics.importing.rows import Reject, UnreadableFile
from tta_analytics.importing.run import CHUNK, HEADER, Import, Report
from tta_analytics.importing.send import Line, Sender

LINES = 2 * CHUNK
WRONG = [2, CHUNK, CHUNK + 2]
COUNTS = ("stored", "updated", "unchanged", "superseded", "refused")


class FakeSender(Sender):
    """Stores what it is sent, until the service is away."""

    def __init__(self, chunks: int) -> None:
        self.left = chunks

    async def send(self, lines: Sequence[Line]) -> tuple[Sent, list[Reject]]:
        if not self.left:
            raise Unavailable("service_unreachable", "away")
        self.left -= 1
        return Sent(dict.fromkeys(COUNTS, 0) | {"stored": len(lines)}), []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = (f"ada,{n},2026-10-01T10:00:00Z,{-1 if n in WRONG else 5}\n" for n in range(2, LINES + 2))
    file = tmp_path / "log.csv"
    file.write_text("user_id,session_id,started_at,duration_minutes\n" + "".join(rows))
    return file


async def imported(file: Path, listed: Path, chunks: int) -> Report:
    checkpoint = Checkpoint(file.parent / "imports", file, "sessions", {}, "here")
    work = Import(RecordParser(Session, {}), FakeSender(chunks), checkpoint, listed)
    return await work.run(file, lambda line: None)


async def interrupted(file: Path, listed: Path) -> None:
    with pytest.raises(Unavailable):
        await imported(file, listed, 1)


def lines_of(listed: Path) -> list[int]:
    head, *rows = listed.read_bytes().splitlines(keepends=True)
    assert head == HEADER
    return [int(row.split(b",")[0]) for row in rows]


async def test_an_import_goes_on_behind_the_list_that_it_made(file: Path, tmp_path: Path) -> None:
    listed = tmp_path / "rejects.csv"
    await interrupted(file, listed)
    with listed.open("a") as more:
        more.write("written after the last checkpoint")
    report = await imported(file, listed, 1)
    assert (report.progress.rejected, lines_of(listed)) == (3, WRONG)


@pytest.mark.parametrize("again", [False, True])
async def test_an_import_whose_list_was_taken_away_begins_anew_and_lists_every_line(
    file: Path, tmp_path: Path, again: bool
) -> None:
    listed = tmp_path / "rejects.csv"
    await interrupted(file, listed)
    listed.unlink()
    if again:
        await interrupted(file, listed)
        listed.write_bytes(HEADER)
    report = await imported(file, listed, 2)
    assert (report.progress.rejected, lines_of(listed)) == (3, WRONG)
    assert report.progress.accepted == LINES - 3


async def test_another_command_for_the_same_file_starts_from_the_beginning(file: Path) -> None:
    await interrupted(file, file.with_name("rejects.csv"))
    folder, command = file.parent / "imports", ("sessions", {}, "here")
    assert Checkpoint(folder, file, *command).load().line == CHUNK + 1
    assert Checkpoint(folder, file, *command, "asserted").load() == Progress()


class Gated(FakeSender):
    """Waits after it was asked the first time, until it is let go."""

    def __init__(self) -> None:
        super().__init__(2)
        self.asked, self.go = asyncio.Event(), asyncio.Event()

    async def send(self, lines: Sequence[Line]) -> tuple[Sent, list[Reject]]:
        self.asked.set()
        await self.go.wait()
        return await super().send(lines)


async def test_a_second_run_of_one_import_is_told_so_and_harms_nothing(file: Path, tmp_path: Path) -> None:
    listed, sender = tmp_path / "rejects.csv", Gated()
    checkpoint = Checkpoint(tmp_path / "imports", file, "sessions", {}, "here")
    first = asyncio.create_task(
        Import(RecordParser(Session, {}), sender, checkpoint, listed).run(file, lambda line: None)
    )
    await sender.asked.wait()
    with pytest.raises(UnreadableFile, match="running already"):
        await imported(file, listed, 2)
    sender.go.set()
    report = await first
    assert (report.progress.accepted, lines_of(listed)) == (LINES - 3, WRONG)
    assert (await imported(file, listed, 2)).progress.accepted == LINES - 3


async def test_a_torn_checkpoint_begins_anew(file: Path, tmp_path: Path) -> None:
    listed = tmp_path / "rejects.csv"
    await interrupted(file, listed)
    (checkpoint,) = (tmp_path / "imports").glob("*.json")
    for torn in ("{", "[]", '{"line": 3, "unknown": 1}'):
        checkpoint.write_text(torn)
        await interrupted(file, listed)
    checkpoint.write_text("{")
    report = await imported(file, listed, 2)
    assert (report.progress.rejected, lines_of(listed)) == (3, WRONG)


async def test_a_list_of_no_rejects_that_was_taken_away_is_no_error(tmp_path: Path) -> None:
    file, listed = tmp_path / "log.csv", tmp_path / "rejects.csv"
    file.write_text("user_id,session_id,started_at\nada,1,2026-10-01T10:00:00Z\n")
    checkpoint = Checkpoint(tmp_path / "imports", file, "sessions")
    work = Import(RecordParser(Session, {}), FakeSender(1), checkpoint, listed)
    assert (await work.run(file, lambda line: listed.unlink())).rejects_file is None
