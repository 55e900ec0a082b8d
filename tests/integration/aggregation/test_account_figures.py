"""The age of the newest monthly release: of a store that never had one it is counted from its first use."""

from datetime import UTC, datetime, timedelta

from aggregation_svc.adapters.account_figures import AccountFigures
from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.tables import privacy_audit_log
from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.telemetry import REGISTRY
from tests.prepared import prepared


async def test_a_store_without_a_release_is_as_old_as_the_month_of_its_first_use(database_url: str) -> None:
    await prepared(database_url, "aggregation_svc")
    database = Database(database_url)
    figures = AccountFigures(database, Ledger(database, 12_000_000), monthly_micro=1_000_000, grace=timedelta(hours=48))
    audit = AuditLog(privacy_audit_log, b"k" * 32, now=lambda: datetime(2025, 3, 20, tzinfo=UTC))
    async with database.begin() as connection:
        await audit.append(connection, Entry("ada", "cap_raised", None, {}))
    await figures()
    await database.close()
    newest = REGISTRY.get_sample_value("tta_analytics_release_newest_period_end_timestamp_seconds", {"grain": "month"})
    assert newest == datetime(2025, 3, 1, tzinfo=UTC).timestamp()
    assert REGISTRY.get_sample_value("tta_analytics_release_budget_late_seconds") == 0
