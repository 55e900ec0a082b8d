"""A release computed on a real Spark goes through the same ledger, noise and audit as any other."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from tta.analytics.v1 import aggregation_pb2_grpc, privacy_pb2, privacy_pb2_grpc

from aggregation_svc.adapters.tables import privacy_audit_log
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.settings import AggregationSettings
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_releases import ingest, month

pytestmark = [
    pytest.mark.spark,
    pytest.mark.usefixtures("real_spark"),
    pytest.mark.timeout(900),
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what is tested here lies above the database."""
    return sqlite_url


@pytest.fixture
def settings(settings: AggregationSettings, tmp_path: Path) -> AggregationSettings:
    return settings.model_copy(
        update={
            "release_engine": "spark",
            "spark_master": "local[1]",
            "export_folder": tmp_path / "facts",
            "focus_names": ("anxiety", "sleep"),
            "legacy_consent": "asserted",
            "numeric_workers": 0,
        }
    )


async def test_it_is_charged_noised_stored_and_audited_once(dial: Dial, foundation: Foundation) -> None:
    await ingest(dial, 1000)
    admin = aggregation_pb2_grpc.AggregationServiceStub(dial("admin", "olga"))
    privacy = privacy_pb2_grpc.PrivacyServiceStub(dial("admin", "olga"))
    first = await admin.CreateRelease(month(), timeout=600)
    assert first == await admin.CreateRelease(month())
    assert first.epsilon_micros == 900_000
    everybody = next(cell for cell in first.cells if not cell.therapeutic_focus)
    assert everybody.subjects.noise_scale > 0
    assert abs(everybody.subjects.value - 1000) < 20 * everybody.subjects.noise_scale
    entries = (await privacy.ListLedgerEntries(privacy_pb2.ListLedgerEntriesRequest())).entries
    assert [(entry.release_id, entry.epsilon_micros, entry.actor) for entry in entries] == [
        (first.release_id, 900_000, "olga")
    ]
    async with foundation.database.read() as connection:
        acts = (await connection.scalars(sa.select(privacy_audit_log.c.action))).all()
        assert (await foundation.audit.verify(connection)).intact
    assert acts.count("facts_exported") == acts.count("release_created") == 1
    assert acts.index("facts_exported") < acts.index("release_created")
