"""The aggregation process in this process, on a real database, called over gRPC."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import grpc
import pytest
import sqlalchemy as sa

from aggregation_svc import bootstrap
from aggregation_svc.adapters import erased_exports
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.spark_engine import require_spark
from aggregation_svc.adapters.tables import leases
from aggregation_svc.settings import AggregationSettings
from mesh.channels import channel
from mesh.database import Database
from mesh.housekeeping import HOLD
from mesh.server import RunningServer, start
from mesh.settings import SettingError
from tests.exported_facts import exports_of, store
from tests.prepared import prepared
from tests.tokens import lasting_token

Dial = Callable[..., grpc.aio.Channel]
"""Role (and, for a player, their id) -> a channel with such a token."""


@pytest.fixture(scope="session")
def real_spark() -> None:
    """Skip where no real Spark can run, and say why not."""
    try:
        require_spark()
    except SettingError as refused:
        pytest.skip(str(refused))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> AggregationSettings:
    """Settings with keys of their own, on a free port."""
    return AggregationSettings(
        database_url=database_url,
        data_dir=tmp_path,
        auth_secret_key=secrets.token_hex(32),
        pseudonym_key=secrets.token_hex(32),
        seal_key=secrets.token_hex(32),
        audit_key=secrets.token_hex(32),
        aggregation_port=0,
        aggregation_http_port=0,
        bind="127.0.0.1",
        rights_services=(),
    )


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with the service's tables, and nothing in them."""
    await prepared(database_url, bootstrap.PACKAGE)
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def few_players(database: Database) -> None:
    """The players of `tests.exported_facts`, in the database."""
    await store(database)


@pytest.fixture
def exports(database: Database, tmp_path: Path) -> FactExports:
    """What exports the database's facts into a folder."""
    return exports_of(database, tmp_path / "facts")


@pytest.fixture
def exports_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever erases wait until exports are compared: two seconds may pass on a busy machine before they are."""
    monkeypatch.setattr(erased_exports, "PATIENCE", 60.0)


@pytest.fixture
async def foundation(settings: AggregationSettings) -> AsyncIterator[bootstrap.Foundation]:
    """The wired process before it serves."""
    await prepared(settings.database(bootstrap.NAME), bootstrap.PACKAGE)
    foundation = await bootstrap.found(settings)
    yield foundation
    await foundation.database.close()


@pytest.fixture
async def server(foundation: bootstrap.Foundation) -> AsyncIterator[RunningServer]:
    """The process, serving."""
    running = await start(bootstrap.service(foundation), foundation.settings)
    yield running
    await running.stop(0)


@pytest.fixture
async def dial(server: RunningServer, settings: AggregationSettings) -> AsyncIterator[Dial]:
    """What opens channels to the process."""
    channels: list[grpc.aio.Channel] = []

    def open_channel(role: str = "service", name: str = "game") -> grpc.aio.Channel:
        token = lasting_token(settings, name, role=role)
        channels.append(channel(f"127.0.0.1:{server.port}", settings, token=token))
        return channels[-1]

    yield open_channel
    for one in channels:
        await one.close()


@pytest.fixture
async def housekept(server: RunningServer, foundation: bootstrap.Foundation) -> None:
    """What a process begins with is done: retention, which writes to the audit trail, and the rotation of keys.

    They keep their lease then until they are due again.
    """
    async with asyncio.timeout(60):
        while True:
            async with foundation.database.read() as connection:
                until = await foundation.database.now(connection) + 2 * HOLD
                query = sa.select(leases.c.name).where(leases.c.expires_at > until)
                if {"retention", "key_rotation"} <= set((await connection.execute(query)).scalars()):
                    return
            await asyncio.sleep(0.01)
