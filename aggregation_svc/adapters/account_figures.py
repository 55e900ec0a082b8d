"""The account of privacy loss and the age of releases, as gauges. About the store, never about a cohort or a player."""

import sqlalchemy as sa

from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.release_tables import releases
from aggregation_svc.domain.moments import moment
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.releases import Kind
from mesh.database import Database
from mesh.telemetry import gauge

CAP = gauge("privacy_budget_cap_epsilon", "Privacy loss (epsilon) that may be spent in any 365 days")
SPENT = gauge("privacy_budget_spent_epsilon", "Privacy loss (epsilon) spent in the last 365 days")
LEFT = gauge("privacy_budget_left_epsilon", "Privacy loss (epsilon) that may still be spent now")
LIFETIME = gauge("privacy_budget_lifetime_epsilon", "Privacy loss (epsilon) spent since the store began")
NEWEST = gauge(
    "release_newest_period_end_timestamp_seconds",
    "End of the newest period that has a release, in seconds since 1970",
    ["grain"],
)


class AccountFigures:
    """Reads the account and the newest releases."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        """Read from `database`."""
        self._database, self._ledger = database, ledger

    async def __call__(self) -> None:
        """Set the gauges."""
        newest = (
            sa.select(releases.c.grain, sa.func.max(releases.c.period_start).label("start"))
            .where(releases.c.kind == Kind.COHORTS.value, releases.c.grain.is_not(None))
            .group_by(releases.c.grain)
        )
        async with self._database.read() as connection:
            account = await self._ledger.account(connection)
            rows = (await connection.execute(newest)).all()
        CAP.set(account.cap_micro / MICRO)
        SPENT.set(account.spent_micro / MICRO)
        LEFT.set(account.left_micro / MICRO)
        LIFETIME.set(account.lifetime_micro / MICRO)
        for row in rows:
            NEWEST.labels(row.grain).set(Period(moment(row.start), Grain(row.grain)).end.timestamp())
