"""`export facts` says what it wrote, `--verify` whether it holds; the exit code tells machines."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregation_svc.adapters.fact_exports import COMMAND
from aggregation_svc.adapters.tables import privacy_audit_log
from aggregation_svc.export_cli import export
from mesh.database import Database
from mesh.migrations import upgrade
from mesh.settings import SettingError
from tests.exported_facts import MONTH, PLAYERS, change, manifest_of, store


@pytest.fixture
async def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    await upgrade(sqlite_url, "aggregation_svc")
    database = Database(sqlite_url)
    await store(database)
    for name, value in (("DATABASE_URL", sqlite_url), ("AUDIT_KEY", "ab" * 32)):
        monkeypatch.setenv(f"TTA_{name}", value)
    yield database
    await database.close()


async def test_each_month_is_a_line_with_its_rows_and_whether_it_was_written(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["facts", "--folder", str(tmp_path / "facts")]
    rows = "progress_snapshots 0, therapeutic_outcomes 0"
    assert await export(asked) == 0
    august, september = f"sessions {PLAYERS}, {rows}", f"sessions {2 * PLAYERS}, {rows}"
    assert capsys.readouterr().out == f"2026-08 written: {august}\n2026-09 written: {september}\n"
    await change(database)
    assert await export(asked) == 0
    september = f"sessions {2 * PLAYERS + 1}, {rows}"
    assert capsys.readouterr().out == f"2026-08 unchanged: {august}\n2026-09 written: {september}\n"


async def test_verification_names_what_does_not_hold_and_ends_with_1(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["facts", "--folder", str(tmp_path / "facts")]
    await export(asked)
    capsys.readouterr()
    assert await export([*asked, "--verify"]) == 0
    assert capsys.readouterr().out == "2026-08 holds\n2026-09 holds\n"
    folder = tmp_path / "facts" / f"{MONTH.start:%Y-%m}"
    path = folder / manifest_of(folder).files["sessions"][0].path
    path.unlink()
    assert await export([*asked, "--verify"]) == 1
    assert capsys.readouterr().out == f"2026-08 holds\n{path}: is missing\n"


async def test_one_month_is_written_and_verified_where_one_is_asked_for(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "facts"
    asked = ["facts", "--folder", str(folder), "--month", "2026-09"]
    assert await export(asked) == 0
    rows = "progress_snapshots 0, therapeutic_outcomes 0"
    assert capsys.readouterr().out == f"2026-09 written: sessions {2 * PLAYERS}, {rows}\n"
    assert [path.name for path in folder.iterdir()] == ["2026-09"]
    assert await export([*asked, "--verify"]) == 0
    assert capsys.readouterr().out == "2026-09 holds\n"


async def test_the_folder_of_the_settings_is_that_folder_by_whatever_path_it_is_named(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTA_EXPORT_FOLDER", str(tmp_path / "facts"))
    await export(["facts", "--folder", str(tmp_path / "elsewhere" / ".." / "facts")])
    (tmp_path / "named").symlink_to(tmp_path / "facts")
    await change(database)
    await export(["facts", "--folder", str(tmp_path / "named")])
    async with database.read() as connection:
        actors = set(await connection.scalars(sa.select(privacy_audit_log.c.actor)))
    assert actors == {COMMAND}


async def test_what_is_no_month_is_refused(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        await export(["facts", "--month", "September"])
    assert "'September' is no month; write 2026-09" in capsys.readouterr().err


async def test_on_postgresql_a_folder_that_all_replicas_see_must_be_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TTA_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("TTA_DATA_DIR", str(tmp_path))
    with pytest.raises(SettingError, match=r"^TTA_EXPORT_FOLDER: is not set"):
        await export(["facts"])
