"""The account of privacy loss and the age of releases, as gauges. About the store, never about a cohort or a player."""

from datetime import timedelta

import sqlalchemy as sa

from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.release_tables import releases
from aggregation_svc.adapters.tables import privacy_audit_log
from aggregation_svc.domain.moments import moment
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.releases import Account, Kind
from mesh.database import Database
from mesh.telemetry import gauge

CAP = gauge("privacy_budget_cap_epsilon", "Privacy loss (epsilon) that may be spent in any 365 days")
SPENT = gauge("privacy_budget_spent_epsilon", "Privacy loss (epsilon) spent in the last 365 days")
LEFT = gauge("privacy_budget_left_epsilon", "Privacy loss (epsilon) that may still be spent now")
LIFETIME = gauge("privacy_budget_lifetime_epsilon", "Privacy loss (epsilon) spent since the store began")
LATE = gauge(
    "release_budget_late_seconds", "How long after its day the next monthly release fits into the budget; Inf is never"
)
NEWEST = gauge(
    "release_newest_period_end_timestamp_seconds",
    "End of the newest period that has a release, or of the month before the first use; seconds since 1970",
    ["grain"],
)


def late(account: Account, micro: int, newest: Period, grace: timedelta) -> float:
    """Return how many seconds after it may be made the release that follows the month `newest` fits, at `micro`.

    `grace` is how long a month stays open; the account comes with the charges of its window.
    """
    fits = account.fits_from(micro)
    due = Period(newest.end, Grain.MONTH).end + grace
    return float("inf") if fits is None else max(0.0, (fits - max(due, account.now)).total_seconds())


class AccountFigures:
    """Reads the account and the newest releases."""

    def __init__(self, database: Database, ledger: Ledger, *, monthly_micro: int, grace: timedelta) -> None:
        """Read from `database`; a month costs `monthly_micro` in all, and stays open for `grace` after its end."""
        self._database, self._ledger = database, ledger
        self._monthly_micro, self._grace = monthly_micro, grace

    async def __call__(self) -> None:
        """Set the gauges."""
        newest = (
            sa.select(releases.c.grain, sa.func.max(releases.c.period_start).label("start"))
            .where(releases.c.kind == Kind.COHORTS.value, releases.c.grain.is_not(None))
            .group_by(releases.c.grain)
        )
        async with self._database.read() as connection:
            account = await self._ledger.account(connection, detailed=True)
            rows = (await connection.execute(newest)).all()
            used = (await connection.execute(sa.select(sa.func.min(privacy_audit_log.c.at)))).scalar_one()
        CAP.set(account.cap_micro / MICRO)
        SPENT.set(account.spent_micro / MICRO)
        LEFT.set(account.left_micro / MICRO)
        LIFETIME.set(account.lifetime_micro / MICRO)
        made = {row.grain: Period(moment(row.start), Grain(row.grain)) for row in rows}
        begun = Period.containing(Grain.MONTH, used or account.now)
        month = made.get(Grain.MONTH.value) or Period.containing(Grain.MONTH, begun.start - timedelta(days=1))
        LATE.set(late(account, self._monthly_micro, month, self._grace))
        if used is not None:
            # From the trail of what the service did, never from players' facts.
            made.setdefault(Grain.MONTH.value, month)
        for grain, period in made.items():
            NEWEST.labels(grain).set(period.end.timestamp())
