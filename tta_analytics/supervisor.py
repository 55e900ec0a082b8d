"""One process tree: starts the services, restarts one that dies, stops them together."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

READY_SECONDS = 240.0
"""How long a process may take until it can serve. Beside other work on two cores ten seconds became 46."""
MAX_BACKOFF_SECONDS = 10.0
STOP_SECONDS = 15.0
WRONG_SETTING = 2
"""Exit code of a process that says in one line which setting is wrong; starting it again changes nothing."""


class StartFailed(Exception):
    """A process ended or was not ready in time; the message says which and where its log is."""


@dataclass(frozen=True, slots=True)
class Process:
    """A program of the tree."""

    name: str
    module: str
    """Run as `python -m module`."""
    ready_url: str
    """Answers 200 when the process can serve."""


class Supervisor:
    """Keeps a set of processes running until it is stopped."""

    def __init__(self, environment: Mapping[str, str], log_dir: Path, say: Callable[[str], None]) -> None:
        """Run processes with `environment`, each with a log file in `log_dir`; tell people through `say`."""
        self._environment = {**os.environ, **environment}
        self._log_dir = log_dir
        self._say = say
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._served: set[str] = set()
        self._wrong: set[str] = set()

    def start(self, process: Process) -> None:
        """Start a process and restart it whenever it dies."""
        self._tasks[process.name] = asyncio.create_task(self._keep_running(process), name=process.name)

    async def wait_ready(self, process: Process, timeout_seconds: float = READY_SECONDS) -> None:
        """Wait until a process can serve.

        Raises:
            StartFailed: It was not ready in time, or one of its settings is wrong.
        """
        deadline = time.monotonic() + timeout_seconds
        async with httpx.AsyncClient(timeout=2.0) as client:
            while time.monotonic() < deadline:
                if process.name in self._wrong:
                    raise StartFailed(f"{process.name}: {_last_line(self.log(process))}")
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(process.ready_url)).status_code == httpx.codes.OK:
                        self._served.add(process.name)
                        return
                await asyncio.sleep(0.1)
        raise StartFailed(f"{process.name} was not ready within {timeout_seconds:.0f} s; its log: {self.log(process)}")

    def log(self, process: Process) -> Path:
        """Return the log file of a process."""
        return self._log_dir / f"{process.name}.log"

    async def run(self) -> None:
        """Wait until SIGINT or SIGTERM, then stop all processes."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        await self._stopping.wait()
        await self.stop()

    async def stop(self) -> None:
        """Stop all processes: SIGTERM, then SIGKILL for what does not drain in time."""
        self._stopping.set()
        await asyncio.gather(*self._tasks.values())

    async def _keep_running(self, process: Process) -> None:
        backoff = 0.5
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._run_once(process)
            if self._stopping.is_set():
                return
            if code == WRONG_SETTING and process.name not in self._served:
                self._wrong.add(process.name)
                return
            backoff = 0.5 if time.monotonic() - started > 60 else min(backoff * 2, MAX_BACKOFF_SECONDS)
            self._say(
                f"{process.name} ended with code {code}; starting it again in {backoff:.1f} s. Log: {self.log(process)}"
            )
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), backoff)

    async def _run_once(self, process: Process) -> int:
        self._log_dir.mkdir(parents=True, exist_ok=True)
        with self.log(process).open("ab") as log:
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                process.module,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        ended = asyncio.create_task(child.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not ended.done():
            child.terminate()
            done, _ = await asyncio.wait({ended}, timeout=STOP_SECONDS)
            if not done:
                os.killpg(child.pid, signal.SIGKILL)
        return await ended


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"ended without a word; its log: {log}"
