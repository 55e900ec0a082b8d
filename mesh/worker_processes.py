"""`serve --workers N`: several processes of one service behind one port, each with an event loop of its own.

The parent serves no call. It holds the port (SO_REUSEPORT, bound but not listening), starts the workers, restarts one
that dies, passes SIGTERM on, and answers metrics and health for all. The kernel spreads connections, not calls, over
the workers: a client with one connection speaks with one worker, until the connection's age sends it elsewhere.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from mesh import logs
from mesh.http import HttpServer, operations_app
from mesh.merged_metrics import merged
from mesh.process import told_to_stop
from mesh.settings import PREFIX, SettingError, Settings
from mesh.telemetry import REGISTRY, gauge

_LOG = logging.getLogger(__name__)
_WRONG_SETTING = 2
_SHORTEST, _LONGEST = 0.2, 10.0
_SETTLED_SECONDS = 30.0
_SPARE_SECONDS = 5.0
"""How much longer than its drain a worker may take to end."""
_ASK_SECONDS = 2.0

RUNNING = gauge("worker_processes", "Worker processes that run")


@dataclass(frozen=True, slots=True)
class Shared:
    """What the workers of one service share."""

    module: str
    """Run as `python -m module serve`."""
    name: str
    """`aggregation`: its HTTP port is the setting `aggregation_http_port`."""
    ports: Mapping[str, int]
    """Ports that every worker listens on, by setting; those of 0 are chosen once for all."""
    needs_bus: bool
    """Whether the workers wake each other over Redis."""
    alike: Mapping[str, str] = field(default_factory=dict)
    """What is not set and every worker would make up for itself, by setting: made up once for all."""


@dataclass(slots=True)
class _Worker:
    http_port: int = 0
    process: asyncio.subprocess.Process | None = None


@dataclass(slots=True)
class Workers:
    """The workers of one service and what they share; `run` returns when all of them have ended."""

    shared: Shared
    settings: Settings
    count: int
    _workers: list[_Worker] = field(default_factory=list)
    _held: list[socket.socket] = field(default_factory=list)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _wrong: bool = False

    async def run(self) -> int:
        """Serve until SIGTERM or SIGINT, then drain all workers; return the exit code.

        Raises:
            SettingError: a port is taken, or what is set serves one process only.
        """
        refuse(self.shared, self.settings)
        self._stopping = told_to_stop()
        environment = self._environment()
        self._workers = [_Worker() for _ in range(self.count)]
        async with httpx.AsyncClient(timeout=_ASK_SECONDS, trust_env=False) as client:
            operations = self._operations(client)
            await operations.start()
            try:
                _LOG.info("started", extra={"count": self.count, "http_port": operations.port})
                await asyncio.gather(*(self._keep_running(worker, environment) for worker in self._workers))
            finally:
                await operations.stop()
                for each in self._held:
                    each.close()
        return _WRONG_SETTING if self._wrong else 0

    @property
    def _http_variable(self) -> str:
        return f"{PREFIX}{self.shared.name.upper()}_HTTP_PORT"

    def _environment(self) -> dict[str, str]:
        chosen = {f"{PREFIX}PORT_SHARED": "true"}
        chosen |= {f"{PREFIX}{setting.upper()}": value for setting, value in self.shared.alike.items()}
        for setting, port in self.shared.ports.items():
            held = hold(self.settings.address(), port, f"{PREFIX}{setting.upper()}")
            self._held.append(held)
            chosen[f"{PREFIX}{setting.upper()}"] = str(held.getsockname()[1])
        chosen = _lists(chosen)
        elsewhere = {f"{variable}_FILE" for variable in (*chosen, self._http_variable)}
        return {name: value for name, value in os.environ.items() if name not in elsewhere} | chosen

    def _operations(self, client: httpx.AsyncClient) -> HttpServer:
        async def ready() -> bool:
            answers = await asyncio.gather(*(_get(client, worker, "readyz") for worker in self._workers))
            return any(answer is not None for answer in answers)

        async def metrics() -> bytes:
            found = await asyncio.gather(*(_get(client, worker, "metrics") for worker in self._workers))
            texts = {str(number): text for number, text in enumerate(found) if text is not None}
            return merged(REGISTRY, texts)

        port: int = getattr(self.settings, self._http_variable.removeprefix(PREFIX).lower())
        try:
            return HttpServer(operations_app(self.shared.name, ready, metrics), self.settings.address(), port)
        except OSError as error:
            raise SettingError(self._http_variable, f"can't be bound ({error}); choose a free one") from error

    async def _keep_running(self, worker: _Worker, environment: Mapping[str, str]) -> None:
        pause, loop = _SHORTEST, asyncio.get_running_loop()
        first = True
        while not self._stopping.is_set():
            began = loop.time()
            code = await self._run_once(worker, environment)
            if self._stopping.is_set():
                return
            if first and code == _WRONG_SETTING:
                # It has said which setting is wrong; another start would say it again.
                self._wrong = True
                self._stopping.set()
                return
            first = False
            pause = _SHORTEST if loop.time() - began > _SETTLED_SECONDS else min(2 * pause, _LONGEST)
            _LOG.error("worker_died", extra={"code": code, "seconds": pause})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _run_once(self, worker: _Worker, environment: Mapping[str, str]) -> int:
        worker.http_port = _free_port()
        own = {self._http_variable: str(worker.http_port)}
        process = worker.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self.shared.module, "serve"),
            env={**environment, **own},
            start_new_session=True,
        )
        RUNNING.inc()
        ended, stopping = asyncio.create_task(process.wait()), asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                process.terminate()
                patience = self.settings.drain_timeout.total_seconds() + _SPARE_SECONDS
                if not (await asyncio.wait({ended}, timeout=patience))[0]:
                    _LOG.warning("worker_killed", extra={"seconds": patience})
                    process.kill()
            return await ended
        finally:
            worker.process = None
            stopping.cancel()
            RUNNING.dec()


async def serve_workers(shared: Shared, settings: Settings, count: int) -> int:
    """Serve by `count` workers until told to stop; return the exit code: 2 where a worker refused its settings."""
    logs.configure(settings, shared.name)
    return await Workers(shared, settings, count).run()


def workers_of(arguments: Sequence[str]) -> int | None:
    """Read `serve --workers N`, N from 1 to 64; None where the arguments are something else."""
    match arguments:
        case ["serve", "--workers", count] if count.isdigit() and 1 <= int(count) <= 64:
            return int(count)
    return None


def refuse(shared: Shared, settings: Settings) -> None:
    """Refuse more than one worker where what is set serves one process only."""
    if shared.name != "gateway" and settings.database(shared.name).startswith("sqlite"):
        raise SettingError(f"{PREFIX}DATABASE_URL", "SQLite has one writer; more than one worker needs PostgreSQL")
    if shared.needs_bus and settings.redis_url is None:
        raise SettingError(f"{PREFIX}REDIS_URL", f"is not set; workers of {shared.name} wake each other over Redis")


def hold(address: str, port: int, variable: str) -> socket.socket:
    """Hold a port for the workers: bound, so that nobody else takes it, not listening, so that it gets no connection.

    Raises:
        SettingError: another process listens there.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        # Without SO_REUSEPORT first: with it, a second start would quietly take half of the connections.
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
        held = socket.socket(family, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((address, port))
    except OSError as error:
        raise SettingError(variable, f"port {port} at {address} can't be bound ({error}); choose a free one") from error
    return held


def _lists(chosen: Mapping[str, str]) -> dict[str, str]:
    """Join `X:0`, `X:1`, ... into the comma-separated list `X`."""
    joined: dict[str, str] = {}
    for name, value in chosen.items():
        variable, found, _ = name.partition(":")
        joined[variable] = f"{joined[variable]},{value}" if found and variable in joined else value
    return joined


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _get(client: httpx.AsyncClient, worker: _Worker, path: str) -> str | None:
    """Return what a worker answers; None where it does not, or says that it is not ready."""
    if worker.process is None:
        return None
    try:
        answer = await client.get(f"http://127.0.0.1:{worker.http_port}/{path}")
    except httpx.HTTPError:
        return None
    return answer.text if answer.is_success else None
