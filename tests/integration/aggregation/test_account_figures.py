"""The age of the newest monthly release: of a store that never had one it is counted from its first use."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.account_figures import AccountFigures
from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.release_tables import privacy_ledger
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


class Meanwhile:
    """A connection beside which a release is charged after each of its statements."""

    def __init__(self, connection: AsyncConnection, database: Database) -> None:
        self._connection, self._database = connection, database
        self.dialect = connection.dialect

    async def execute(self, statement: Any) -> Any:
        answer = await self._connection.execute(statement)
        async with self._database.begin() as other:
            now = datetime.now(UTC) - timedelta(days=1)
            charge = {"kind": "cohorts", "revision": 0, "epsilon_micros": 1_000_000, "delta": 0.0, "actor": "ada"}
            charge |= {"release_id": str(now), "grain": "month", "period_start": 0}
            await other.execute(privacy_ledger.insert().values(**charge, charged_at=int(now.timestamp() * 1e6)))
        return answer


async def test_an_account_adds_up_where_a_release_is_charged_while_it_is_read(database_url: str) -> None:
    await prepared(database_url, "aggregation_svc")
    database = Database(database_url)
    async with database.read() as connection:
        beside = cast(AsyncConnection, Meanwhile(connection, database))
        account = await Ledger(database, 12_000_000).account(beside, detailed=True)
    await database.close()
    assert account.spent_micro == sum(charge.epsilon_micro for charge in account.window) == account.lifetime_micro
