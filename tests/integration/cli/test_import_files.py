"""Files through the command line into a real service: what is wrong is listed by line and field, the rest is kept."""

import asyncio
import csv
import json
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.importing import Services, command_environment

HEADER = "who,session_id,started_at,duration_minutes\n"
GOOD = "2026-10-01T10:00:00Z"
NEXT_YEAR = (datetime.now(UTC) + timedelta(days=365)).isoformat()


@dataclass(frozen=True)
class Done:
    code: int
    stored: int
    unchanged: int
    rejected: int
    rejects: list[tuple[int, str, str]]
    errors: str


async def imported(services: Services, file: Path, *options: str) -> Done:
    command = ("import", "sessions", str(file), "--consent", "asserted", "--map", "user_id=who", *options)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tta_analytics", *command),
        env=command_environment(services),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = (text.decode() for text in await asyncio.wait_for(process.communicate(), 500))
    assert process.returncode is not None
    assert "Traceback" not in errors
    counts = re.search(r"([\d,]+) stored, ([\d,]+) unchanged, .* ([\d,]+) lines rejected", out)
    stored, unchanged, rejected = (int(count.replace(",", "")) for count in counts.groups()) if counts else (0, 0, 0)
    listed = file.with_name(f"{file.name}.rejects.csv")
    rejects: list[tuple[int, str, str]] = []
    if listed.exists():
        with listed.open(newline="") as lines:
            rejects = [(int(row["line"]), row["column"], row["reason"]) for row in csv.DictReader(lines)]
    return Done(process.returncode, stored, unchanged, rejected, rejects, errors)


def csv_file(folder: Path, *lines: str) -> Path:
    file = folder / "log.csv"
    file.write_bytes((HEADER + "\n".join(lines)).encode("utf-8", "surrogateescape"))
    return file


async def test_every_wrong_line_is_named_with_its_field_and_the_good_ones_are_stored(
    services: Services, tmp_path: Path
):
    file = csv_file(
        tmp_path,
        f"ada,1,{GOOD},NaN",
        f"ada,2,{GOOD},inf",
        f"ada,3,{GOOD},-1",
        "ada,4,1970-01-01T00:00:00Z,1",
        f"ada,5,{NEXT_YEAR},1",
        f"{'x' * 10_000},6,{GOOD},1",
        f"ada,{'y' * 10_000},{GOOD},1",
        f"a\tb,8,{GOOD},1",
        f"Zo\udceb,9,{GOOD},1",
        f"ada,10,{GOOD},5",
        f"ada,10,{GOOD},6",
        f"ada,10,{GOOD},5",
        f"bob,10,{GOOD},7",
        f"ada,11,{GOOD[:8]}",
    )
    done = await imported(services, file)
    assert [(line, field) for line, field, _ in done.rejects] == [
        (2, "duration_minutes"),
        (3, "duration_minutes"),
        (4, "duration_minutes"),
        (5, "started_at"),
        (6, "started_at"),
        (7, "who"),
        (8, "session_id"),
        (9, "who"),
        (10, ""),
        (12, "session_id"),
        (15, ""),
    ]
    reasons = {line: reason for line, _, reason in done.rejects}
    assert "UTF-8" in reasons[10]
    assert "line 11" in reasons[12]
    assert "cut off" in reasons[15]
    assert (done.code, done.stored, done.unchanged, done.rejected) == (3, 2, 1, 11)
    assert (await imported(services, file)).unchanged == 3


async def test_a_session_that_is_known_with_other_content_is_named_by_its_line(services: Services, tmp_path: Path):
    assert (await imported(services, csv_file(tmp_path, f"ada,1,{GOOD},5"))).stored == 1
    done = await imported(services, csv_file(tmp_path, f"ada,2,{GOOD},5", f"ada,1,{GOOD},6"))
    assert [(line, field) for line, field, _ in done.rejects] == [(3, "session_id")]
    assert done.stored == 1


async def test_json_lines_with_what_json_does_not_know_are_named_by_line_and_field(services: Services, tmp_path: Path):
    file = tmp_path / "log.jsonl"
    file.write_text(
        f'{{"who": "ada", "started_at": "{GOOD}", "duration_minutes": NaN}}\n'
        f'{{"who": NaN, "started_at": "{GOOD}"}}\n'
        f'{{"who": "ada", "started_at": "{GOOD}", "duration_minutes": 5}}\n'
        '{"who": "ada", "started_at": "2026-'
    )
    done = await imported(services, file)
    assert [(line, field) for line, field, _ in done.rejects] == [(1, "duration_minutes"), (2, "who"), (4, "")]
    assert done.stored == 1


async def test_a_parquet_file_damaged_within_keeps_what_came_before(services: Services, tmp_path: Path):
    file = tmp_path / "log.parquet"
    table = pa.table({"who": [f"p{n}" for n in range(10_000)], "started_at": [GOOD] * 10_000})
    pq.write_table(table, file, row_group_size=5_000)
    whole = file.read_bytes()
    start = pq.ParquetFile(file).metadata.row_group(1).column(0).dictionary_page_offset
    file.write_bytes(whole[:start] + b"\x55" * 2_000 + whole[start + 2_000 :])
    broken = await imported(services, file)
    assert broken.code == 1
    assert "damaged from row 5,001 on" in broken.errors
    file.write_bytes(whole)
    mended = await imported(services, file)
    assert (mended.stored, mended.unchanged) == (5_000, 5_000)


@pytest.mark.parametrize("name", ["log.csv", "notes.txt"])
async def test_a_list_of_rejects_never_replaces_another_file(services: Services, tmp_path: Path, name: str):
    file = csv_file(tmp_path, f"ada,1,{GOOD},NaN")
    other = tmp_path / name
    if not other.exists():
        other.write_text("what somebody wrote\n")
    before = other.read_bytes()
    done = await imported(services, file, "--rejects", str(other))
    assert done.code == 1
    assert "stays as it is" in done.errors.replace("\n", " ")
    assert other.read_bytes() == before


async def test_a_place_that_cannot_be_written_is_one_line(services: Services, tmp_path: Path):
    done = await imported(services, csv_file(tmp_path, f"ada,1,{GOOD},5"), "--rejects", str(tmp_path))
    assert done.code == 1
    assert "Is a directory" in done.errors


def long_file(folder: Path) -> Path:
    return csv_file(folder, *(f"p{n % 300},{n},{GOOD},{-1 if n % 1_000 == 0 else 5}" for n in range(20_000)))


async def killed_after_a_chunk(services: Services, file: Path, *options: str) -> dict[str, int]:
    """Return how far an import was when it was killed."""
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tta_analytics", "import", "sessions", str(file), "--map", "user_id=who", *options),
        env=command_environment(services),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    checkpoints = services.settings.data_dir / "imports"
    async with asyncio.timeout(300):
        while killed.returncode is None and not list(checkpoints.glob("*.json")):  # noqa: ASYNC110 a file has no event
            await asyncio.sleep(0.005)
    assert killed.returncode is None, "it was over before it could be killed"
    killed.kill()
    await killed.wait()
    (checkpoint,) = checkpoints.glob("*.json")
    reached: dict[str, int] = json.loads(checkpoint.read_text())
    assert 0 < reached["line"] < 20_001
    return reached


@pytest.mark.kills
async def test_an_import_that_is_killed_goes_on_and_nothing_is_lost_doubled_or_listed_twice(
    services: Services, tmp_path: Path
):
    file = long_file(tmp_path)
    reached = await killed_after_a_chunk(services, file, "--consent", "asserted")
    done = await imported(services, file)
    assert done.stored + done.unchanged == 19_980
    assert done.stored >= reached["accepted"]
    assert [line for line, _, _ in done.rejects] == list(range(2, 20_002, 1_000))
    assert done.rejected == 20
    assert not list((services.settings.data_dir / "imports").glob("*.json"))
    again = await imported(services, file)
    assert (again.stored, again.unchanged) == (0, 19_980)


@pytest.mark.kills
async def test_lines_that_were_refused_for_want_of_consent_come_again_once_the_sender_vouches(
    services: Services, tmp_path: Path
):
    file = long_file(tmp_path)
    reached = await killed_after_a_chunk(services, file, "--consent", "required")
    assert reached["refused"] > 0
    assert (await imported(services, file)).stored == 19_980


async def test_a_service_that_is_away_is_one_line_that_says_what_to_ask(services: Services, tmp_path: Path):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tta_analytics", "release", "list"),
        env=command_environment(services, TTA_AGGREGATION_TARGET="127.0.0.1:1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), 500)
    assert process.returncode == 1
    assert errors.decode().startswith("Error: A service does not answer; `tta-analytics check` tells which.")
