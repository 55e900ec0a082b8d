"""A process that is killed in the middle of an import: nothing acknowledged is lost, nothing is doubled."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import ingestion_pb2, privacy_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub

from aggregation_svc.adapters.tables import sessions
from mesh.channels import channel
from mesh.database import Database
from tests.aggregation_process import Process, aggregation
from tests.tokens import lasting_token

pytestmark = pytest.mark.kills

SESSIONS = 40
USERS = 20
BEGUN = 15
"""Messages, of which the last stream's do not all arrive."""
START = datetime.now(UTC) - timedelta(days=1)
ASSERTED = ingestion_pb2.CONSENT_BASIS_ASSERTED


def message(number: int) -> ingestion_pb2.IngestSessionsRequest:
    request = ingestion_pb2.IngestSessionsRequest(consent_basis=ASSERTED)
    for one in range(SESSIONS):
        session = request.sessions.add(user_id=f"player{one % USERS}", session_id=f"{number}/{one}", duration_minutes=1)
        session.started_at.FromDatetime(START)
    return request


def opened(process: Process) -> grpc.aio.Channel:
    token = lasting_token(process.settings, "importer", role="admin")
    return channel(process.target, process.settings, token=token)


async def send(stub: Any, numbers: range, before_last: Callable[[], Awaitable[None]] | None = None) -> Any:
    async def messages() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
        for number in numbers:
            if before_last is not None and number == numbers[-1]:
                await before_last()
            yield message(number)

    return await stub.IngestSessions(messages())


async def kept_in(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(sessions))).scalar_one())


async def until_killed(process: Process, database: Database) -> int:
    """Send streams of three messages; kill where some of one is stored and its last not sent."""
    acknowledged = 0

    async def kill() -> None:
        async with asyncio.timeout(120):
            while await kept_in(database) == acknowledged * SESSIONS:  # noqa: ASYNC110 another process stores them
                await asyncio.sleep(0.01)
        await asyncio.to_thread(process.kill)

    async with opened(process) as one:
        await one.channel_ready()
        stub: Any = IngestionServiceStub(one)
        while acknowledged < BEGUN - 3:
            await send(stub, range(acknowledged, acknowledged + 3))
            acknowledged += 3
        with pytest.raises(grpc.aio.AioRpcError):
            await send(stub, range(acknowledged, BEGUN), kill)
    return acknowledged


@pytest.mark.timeout(300)
async def test_nothing_acknowledged_is_lost_and_nothing_doubled(database_url: str) -> None:
    keys = {f"{name}_key": secrets.token_hex(32) for name in ("auth_secret", "pseudonym", "seal", "audit")}
    with aggregation(database_url, **keys) as process:
        database = Database(database_url)
        acknowledged = await until_killed(process, database)
    kept = await kept_in(database)
    await database.close()
    assert acknowledged * SESSIONS < kept < BEGUN * SESSIONS
    assert kept % SESSIONS == 0
    with aggregation(database_url, **keys) as process:
        async with opened(process) as one:
            await one.channel_ready()
            again = await send(IngestionServiceStub(one), range(BEGUN))
            privacy: Any = PrivacyServiceStub(one)
            verdict = await privacy.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())
    assert (again.stored, again.unchanged) == (BEGUN * SESSIONS - kept, kept)
    assert verdict.intact
