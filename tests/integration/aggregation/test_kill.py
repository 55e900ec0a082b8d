"""A process that is killed in the middle of an import: nothing acknowledged is lost, nothing is doubled."""

import asyncio
import secrets
from collections.abc import AsyncIterator
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
from mesh.identity import service_token
from tests.aggregation_process import Process, aggregation

pytestmark = pytest.mark.kills

SESSIONS = 40
USERS = 20
START = datetime.now(UTC) - timedelta(days=1)
ASSERTED = ingestion_pb2.CONSENT_BASIS_ASSERTED


def message(number: int) -> ingestion_pb2.IngestSessionsRequest:
    request = ingestion_pb2.IngestSessionsRequest(consent_basis=ASSERTED)
    for one in range(SESSIONS):
        session = request.sessions.add(user_id=f"player{one % USERS}", session_id=f"{number}/{one}", duration_minutes=1)
        session.started_at.FromDatetime(START)
    return request


def opened(process: Process) -> grpc.aio.Channel:
    token = service_token(process.settings, "importer", role="admin")
    return channel(process.target, process.settings, token=token)


async def send(stub: Any, *numbers: int) -> ingestion_pb2.IngestSummary:
    async def messages() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
        for number in numbers:
            yield message(number)

    summary: ingestion_pb2.IngestSummary = await stub.IngestSessions(messages())
    return summary


async def until_killed(process: Process) -> tuple[int, int]:
    """Send streams of three messages; kill in the middle; return how many were acknowledged and begun."""
    acknowledged = begun = 0
    async with opened(process) as one:
        await one.channel_ready()
        stub: Any = IngestionServiceStub(one)
        try:
            while True:
                sending = asyncio.ensure_future(send(stub, *range(begun, begun + 3)))
                begun += 3
                if begun > 12:
                    process.kill()
                await sending
                acknowledged = begun
        except grpc.aio.AioRpcError:
            return acknowledged, begun


@pytest.mark.timeout(300)
async def test_nothing_acknowledged_is_lost_and_nothing_doubled(database_url: str) -> None:
    keys = {f"{name}_key": secrets.token_hex(32) for name in ("auth_secret", "pseudonym", "seal", "audit")}
    with aggregation(database_url, **keys) as process:
        acknowledged, begun = await until_killed(process)
    assert 12 <= acknowledged <= begun
    database = Database(database_url)
    async with database.read() as connection:
        kept = (await connection.execute(sa.select(sa.func.count()).select_from(sessions))).scalar_one()
    await database.close()
    assert acknowledged * SESSIONS <= kept <= begun * SESSIONS
    assert kept % SESSIONS == 0
    with aggregation(database_url, **keys) as process:
        async with opened(process) as one:
            await one.channel_ready()
            again = await send(IngestionServiceStub(one), *range(begun))
            privacy: Any = PrivacyServiceStub(one)
            verdict = await privacy.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())
    assert (again.stored, again.unchanged) == (begun * SESSIONS - kept, kept)
    assert verdict.intact
