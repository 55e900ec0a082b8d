"""The services in this process for importers and the client library, and a wire that can be cut."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tta.analytics.v1 import ingestion_pb2

from aggregation_svc import bootstrap as aggregation
from aggregation_svc.settings import AggregationSettings
from mesh.identity import make_token
from mesh.server import start
from monitoring_svc import bootstrap as monitoring
from monitoring_svc.settings import MonitoringSettings
from tests.prepared import prepared
from tests.tokens import LIFETIME
from tta_analytics.client.connection import AsyncClient
from tta_analytics.settings import CommandSettings


@dataclass
class Services:
    """Running services and who calls them."""

    settings: CommandSettings
    client: AsyncClient
    environment: dict[str, str]
    """For commands in processes of their own."""

    async def consent(self, *players: str) -> None:
        for player in players:
            await self.client.ingestion.SetConsent(ingestion_pb2.SetConsentRequest(user_id=player, analytics=True))

    def client_with(self, token: str) -> AsyncClient:
        return AsyncClient(self.settings, token=token)

    def token(self, **changes: Any) -> str:
        secret = changes.pop("secret", self.environment["TTA_AUTH_SECRET_KEY"])
        return make_token(secret, "importer", "service", LIFETIME, **changes)


def command_environment(services: Services, **more: str) -> dict[str, str]:
    """Return what a command in a process of its own needs to reach the services."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {**kept, **services.environment, **more, "COLUMNS": "200"}


def keys() -> dict[str, str]:
    return {f"{name}_key": secrets.token_hex(32) for name in ("auth_secret", "pseudonym", "seal", "audit")}


@asynccontextmanager
async def served(tmp_path: Path, *, alerts: bool = True, **values: Any) -> AsyncIterator[Services]:
    """Run aggregation, and monitoring where `alerts`, on SQLite, and a client of role `service`."""
    shared: dict[str, Any] = {**keys(), "bind": "127.0.0.1", "drain_timeout": 0, **values}
    names = {"auth_secret_key": shared["auth_secret_key"], "data_dir": str(tmp_path / "data")}
    names |= {name: value for name, value in values.items() if name in {"auth_issuer", "auth_audience"}}
    async with AsyncExitStack() as stack:
        names["aggregation_target"] = await stack.enter_async_context(_aggregation(tmp_path, shared))
        if alerts:
            names["monitoring_target"] = await stack.enter_async_context(
                _monitoring(tmp_path, shared | {"aggregation_target": names["aggregation_target"]})
            )
        settings = CommandSettings(**names)
        client = await stack.enter_async_context(AsyncClient(settings, name="importer"))
        yield Services(settings, client, {f"TTA_{name.upper()}": value for name, value in names.items()})


@asynccontextmanager
async def _aggregation(tmp_path: Path, shared: dict[str, Any]) -> AsyncIterator[str]:
    settings = AggregationSettings(
        database_url=f"sqlite:///{tmp_path / 'aggregation.db'}",
        aggregation_port=0,
        aggregation_http_port=0,
        rights_services=(),
        **shared,
    )
    await prepared(settings.database("aggregation"), "aggregation_svc")
    foundation = await aggregation.found(settings)
    server = await start(aggregation.service(foundation), settings)
    yield f"127.0.0.1:{server.port}"
    await server.stop(0)
    await foundation.database.close()


@asynccontextmanager
async def _monitoring(tmp_path: Path, shared: dict[str, Any]) -> AsyncIterator[str]:
    settings = MonitoringSettings(
        database_url=f"sqlite:///{tmp_path / 'monitoring.db'}",
        monitoring_port=0,
        monitoring_http_port=0,
        crisis_semantic="off",
        **shared,
    )
    await prepared(settings.database("monitoring"), "monitoring_svc")
    wired = await monitoring.bootstrap(settings)
    server = await start(wired.service, settings)
    wired.address[0] = f"127.0.0.1:{server.port}"
    yield wired.address[0]
    await server.stop(0)


class Wire:
    """Passes bytes on between a caller and a server, and can be cut or held."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.cut_after: int | None = None
        """Bytes of answers to pass before the connection is dropped."""
        self.silent = False
        """Whether connections are taken and nothing is passed."""
        self.held: bytes | None = None
        """Requests that hold this are not passed on."""

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if self.silent:
                await reader.read()
                return
            there, back = await asyncio.open_connection("127.0.0.1", self._behind)
            ways = [
                asyncio.ensure_future(self._pass(reader, back, counted=False)),
                asyncio.ensure_future(self._pass(there, writer, counted=True)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
                back.close()
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        while data := await reader.read(1 << 14):
            if counted and self.cut_after is not None:
                self.cut_after -= len(data)
                if self.cut_after < 0:
                    return
            if not counted and self.held is not None and self.held in data:
                await asyncio.Event().wait()
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def wire(port: int) -> AsyncIterator[Wire]:
    """Run a wire to a port for the length of the block."""
    one = Wire(port)
    await one.start()
    try:
        yield one
    finally:
        await one.stop()
