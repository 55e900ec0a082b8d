"""A process of the tree that a wrong setting keeps from starting is no process to start again and again."""

import asyncio
from itertools import chain, count, repeat
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from tta_analytics import supervisor as supervising
from tta_analytics.__main__ import app
from tta_analytics.supervisor import Process, StartFailed, Supervisor


def program(folder: Path, name: str, text: str) -> Process:
    (folder / f"{name}.py").write_text(text)
    return Process(name, name, "http://127.0.0.1:9/readyz")


async def test_a_wrong_setting_is_told_at_once_in_the_words_of_the_process(tmp_path: Path):
    said: list[str] = []
    text = "import sys\nsys.stderr.write('TTA_GATEWAY_PORT: choose a free one\\n')\nsys.exit(2)\n"
    process = program(tmp_path, "wrongly_set", text)
    supervisor = Supervisor({"PYTHONPATH": str(tmp_path)}, tmp_path / "logs", said.append)
    supervisor.start(process)
    with pytest.raises(StartFailed, match="wrongly_set: TTA_GATEWAY_PORT: choose a free one"):
        await supervisor.wait_ready(process)
    assert said == []
    await supervisor.stop()


async def test_a_process_that_dies_otherwise_is_started_again(tmp_path: Path):
    said: asyncio.Queue[str] = asyncio.Queue()
    supervisor = Supervisor({"PYTHONPATH": str(tmp_path)}, tmp_path / "logs", said.put_nowait)
    supervisor.start(program(tmp_path, "dying", "raise SystemExit(1)\n"))
    for _ in range(2):
        assert "dying ended with code 1; starting it again" in await asyncio.wait_for(said.get(), 60)
    await supervisor.stop()


async def test_a_process_that_takes_minutes_to_start_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    answers = chain((503,), repeat(200))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {next(answers)} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    seconds = count(step=30)
    monkeypatch.setattr(supervising, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        slow = Process("slow", "slow", f"http://127.0.0.1:{port}/readyz")
        await Supervisor({}, tmp_path / "logs", print).wait_ready(slow)


def test_a_folder_in_which_nothing_can_be_kept_is_one_line(tmp_path: Path):
    file = tmp_path / "taken"
    file.write_text("a file and no folder\n")
    ended = CliRunner().invoke(app, ["up", "--data-dir", str(file)])
    assert ended.exit_code == 2
    said = ended.stderr.replace("\n", " ")
    assert said.startswith("Error: nothing can be kept in")
    assert "choose another --data-dir" in said
