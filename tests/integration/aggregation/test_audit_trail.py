"""The audit trail over gRPC, on both databases: listed, verified, and compared with a head that the log stream kept."""

import json
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import privacy_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub

from aggregation_svc.adapters.tables import metadata
from aggregation_svc.bootstrap import Foundation
from mesh.logs import JsonFormatter
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import consent, error_info


@pytest.fixture
def game(dial: Dial) -> Any:
    return IngestionServiceStub(dial())


@pytest.fixture
def admin(dial: Dial) -> Any:
    return PrivacyServiceStub(dial("admin", "ada"))


async def test_the_audit_trail_is_listed_and_verified(game: Any, admin: Any, foundation: Foundation) -> None:
    for user in ("ann", "bob", "eve"):
        await consent(game, user)
    page = await admin.ListAuditEntries(
        privacy_pb2.ListAuditEntriesRequest(action="consent_set", actor="game", page_size=2)
    )
    rest = await admin.ListAuditEntries(
        privacy_pb2.ListAuditEntriesRequest(
            action="consent_set", actor="game", page_size=2, page_token=page.next_page_token
        )
    )
    assert len(page.entries) + len(rest.entries) == 3
    verdict = await admin.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())
    assert verdict.intact
    assert verdict.entries >= 3
    log = metadata.tables["analytics.privacy_audit_log"]
    async with foundation.database.begin() as connection:
        await connection.execute(sa.update(log).where(log.c.position == 2).values(actor="somebody else"))
    verdict = await admin.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())
    assert (verdict.intact, verdict.broken_position) == (False, 2)


@pytest.mark.usefixtures("housekept")
async def test_a_trail_that_was_put_back_shows_against_the_log_stream(
    game: Any, admin: Any, foundation: Foundation, caplog: pytest.LogCaptureFixture
) -> None:
    tables = [metadata.tables[f"analytics.privacy_audit_log{part}"] for part in ("", "_head")]
    await consent(game, "ann")
    async with foundation.database.read() as connection:
        yesterday = [(await connection.execute(sa.select(table))).mappings().all() for table in tables]
    await consent(game, "bob", "eve")
    with caplog.at_level("INFO", "mesh.audit"):
        async with foundation.database.read() as connection:
            await foundation.audit.log_head(connection)
    [head] = [record for record in caplog.records if record.message == "audit_head"][-1:]
    line = json.loads(JsonFormatter().format(head))
    asked = privacy_pb2.VerifyAuditLogRequest(known_head=line["head"])
    verdict = await admin.VerifyAuditLog(asked)
    assert (verdict.intact, verdict.position, verdict.signature) == (True, line["position"], line["signature"])
    assert verdict.signed_head == line["head"]
    async with foundation.database.begin() as connection:
        for table, rows in zip(tables, yesterday, strict=True):
            await connection.execute(sa.delete(table))
            await connection.execute(sa.insert(table), [dict(row) for row in rows])
    assert (await admin.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())).intact, "whole in itself"
    verdict = await admin.VerifyAuditLog(asked)
    assert (verdict.intact, verdict.broken_position) == (False, line["position"])
    assert "put back" in verdict.problem
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await admin.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest(known_head=line["signature"]))
    assert error_info(refusal.value).reason == "KNOWN_HEAD_INVALID"
