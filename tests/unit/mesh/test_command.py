"""The command line that every process shares."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from mesh.command import Process
from mesh.settings import Settings

served: list[Settings] = []
passed_on: list[list[str]] = []


async def serve(settings: Settings) -> None:
    served.append(settings)


def other(rest: list[str]) -> int:
    passed_on.append(rest)
    return 3


PROCESS = Process(
    package="some_svc",
    name="monitoring",
    settings=Settings,
    serve=serve,
    ports=lambda settings: {"monitoring_port": settings.monitoring_port},
    needs_bus=True,
    others={"other": other},
)


@pytest.mark.parametrize("arguments", [[], ["serve"]])
def test_a_process_serves_unless_told_otherwise(arguments: list[str]) -> None:
    served.clear()
    PROCESS.main(arguments)
    assert len(served) == 1


@pytest.mark.parametrize(
    "arguments", [["serve", "--workers", "0"], ["serve", "now"], ["migrate", "0001", "0002"], ["sevre"]]
)
def test_an_unknown_command_is_one_line_and_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        PROCESS.main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "usage: python -m some_svc [serve [--workers N] | migrate [REVISION] | other ...]\n"
    )


def test_a_command_of_its_own_gets_what_follows_and_gives_the_exit_code() -> None:
    with pytest.raises(SystemExit) as ended:
        PROCESS.main(["other", "a", "b"])
    assert ended.value.code == 3
    assert passed_on == [["a", "b"]]


def test_workers_that_need_a_bus_are_refused_without_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTA_DATABASE_URL", "postgresql://localhost/tta")
    with pytest.raises(SystemExit) as ended:
        PROCESS.main(["serve", "--workers", "2"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("TTA_REDIS_URL: is not set")


def test_a_revision_that_nobody_knows_is_one_line_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TTA_DATA_DIR", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        replace(PROCESS, package="reporting_svc", name="reporting").main(["migrate", "0099"])
    assert ended.value.code == 1
    assert capsys.readouterr().err == "Error: Can't locate revision identified by '0099'.\n"


def test_a_database_that_is_away_is_one_line_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
        monkeypatch.setenv("TTA_DATABASE_URL", f"postgresql://localhost:{port}/tta")
        with pytest.raises(SystemExit) as ended:
            replace(PROCESS, package="reporting_svc", name="reporting").main(["migrate"])
    assert ended.value.code == 1
    assert capsys.readouterr().err == "Error: The database is away or busy; try again.\n"


def test_a_place_where_no_database_can_be_made_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "taken"
    file.write_text("a file and no folder\n")
    monkeypatch.setenv("TTA_DATABASE_URL", f"sqlite:///{file}/here.db")
    with pytest.raises(SystemExit) as ended:
        replace(PROCESS, package="monitoring_svc").main(["migrate"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("TTA_DATABASE_URL: no database can be made at ")
    assert said.count("\n") == 1
