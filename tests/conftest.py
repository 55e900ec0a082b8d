"""Fixtures that every room's tests share: fresh databases in real servers, an environment without our settings."""

import os
import signal
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as properties
from redis import asyncio as redis

from tests.servers import (
    PostgresServer,
    RedisServer,
    create_database,
    drop_database,
    running_postgres,
    running_redis,
)

# An example may take as long as a busy machine needs: one that took 0.2 s once fails a property by itself.
properties.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("patient")


def pytest_configure() -> None:
    """Handle Ctrl-C by a handler of our own.

    Over the default one, each asyncio.Runner sets its own, and Python 3.11 writes out the main task's result whenever
    it asks for that handler: a fixture's whole service, half a second each time.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own TTA settings out of the tests, and let calls take as long as a busy machine needs."""
    for name in list(os.environ):
        if name.startswith("TTA_") or name == "JWT_SECRET_KEY":
            monkeypatch.delenv(name)
    monkeypatch.setenv("TTA_CALL_TIMEOUT", "60s")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for the whole run. A test that stops it runs its own with `running_postgres`."""
    with running_postgres() as server:
        yield server


@pytest.fixture
async def postgres_url(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """The address of a fresh, empty database in a real PostgreSQL."""
    name = f"test_{uuid.uuid4().hex}"
    yield await create_database(postgres_server, name)
    await drop_database(postgres_server, name)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis server for the whole run. A test that stops it runs its own with `running_redis`."""
    with running_redis() as server:
        yield server


@pytest.fixture
async def redis_url(redis_server: RedisServer) -> str:
    """The address of a real, empty Redis."""
    client = redis.from_url(redis_server.url)
    await client.flushall()
    await client.aclose()
    return redis_server.url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database: each test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url
