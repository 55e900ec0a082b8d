"""Which statistics a report shows."""

from collections.abc import Iterable

from reporting_svc.domain.snapshot import Snapshot
from reporting_svc.domain.statistics import STATISTICS, Statistic


def chosen(snapshot: Snapshot, names: Iterable[str]) -> list[Statistic]:
    """Return the statistics of those names that the filter keeps; without a filter all of them."""
    wanted = snapshot.filters.statistics
    return [STATISTICS[name] for name in names if not wanted or name in wanted]
