"""The ledger in pages: each entry once, whatever is charged between two of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import privacy_pb2
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub

from aggregation_svc.adapters.release_tables import privacy_ledger
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.moments import micros
from tests.integration.aggregation.conftest import Dial

MONTH = datetime(2026, 3, 1, tzinfo=UTC)


async def charge(foundation: Foundation, *revisions: int) -> None:
    rows = [
        {
            "release_id": f"release-{revision}",
            "kind": "cohorts",
            "grain": "month",
            "period_start": micros(MONTH),
            "revision": revision,
            "epsilon_micros": 1000,
            "delta": 0.0,
            "actor": "olga",
            "charged_at": micros(MONTH + timedelta(days=revision)),
        }
        for revision in revisions
    ]
    async with foundation.database.begin() as connection:
        await connection.execute(sa.insert(privacy_ledger), rows)


async def test_a_charge_between_two_pages_shows_no_entry_twice(foundation: Foundation, dial: Dial) -> None:
    budget: Any = PrivacyServiceStub(dial("admin", "olga"))
    await charge(foundation, 1, 2, 3, 4)
    first = await budget.ListLedgerEntries(privacy_pb2.ListLedgerEntriesRequest(page_size=2))
    await charge(foundation, 5)
    rest = await budget.ListLedgerEntries(
        privacy_pb2.ListLedgerEntriesRequest(page_size=2, page_token=first.next_page_token)
    )
    assert [entry.revision for entry in (*first.entries, *rest.entries)] == [4, 3, 2, 1]
    assert not rest.next_page_token
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await budget.ListLedgerEntries(
            privacy_pb2.ListLedgerEntriesRequest(
                page_token=first.next_page_token, since=privacy_pb2.LedgerEntry().charged_at
            )
        )
    assert refusal.value.code() is grpc.StatusCode.INVALID_ARGUMENT
