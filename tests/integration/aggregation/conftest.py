"""The aggregation process in this process, on a real database, called over gRPC."""

import secrets
from collections.abc import AsyncIterator, Callable

import grpc
import pytest

from aggregation_svc import bootstrap
from aggregation_svc.settings import AggregationSettings
from mesh.channels import channel
from mesh.identity import service_token
from mesh.migrations import upgrade
from mesh.server import RunningServer, start

Dial = Callable[..., grpc.aio.Channel]
"""Role (and, for a player, their id) -> a channel with such a token."""


@pytest.fixture
def settings(database_url: str) -> AggregationSettings:
    """Settings with keys of their own, on a free port."""
    return AggregationSettings(
        database_url=database_url,
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
async def foundation(settings: AggregationSettings) -> AsyncIterator[bootstrap.Foundation]:
    """The wired process before it serves."""
    await upgrade(settings.database(bootstrap.NAME), bootstrap.PACKAGE)
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
        token = service_token(settings, name, role=role)
        channels.append(channel(f"127.0.0.1:{server.port}", settings, token=token))
        return channels[-1]

    yield open_channel
    for one in channels:
        await one.close()
