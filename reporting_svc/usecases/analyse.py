"""Analysis of released statistics, or of figures that the caller sends."""

from dataclasses import dataclass
from datetime import UTC, datetime

from mesh.refusal import InvalidArgument, NotFound, Violation
from reporting_svc.domain import pieces
from reporting_svc.domain.analysis.comparison import Comparison, Side
from reporting_svc.domain.analysis.forecast import SeriesForecast
from reporting_svc.domain.analysis.series import Series
from reporting_svc.domain.analysis.trend import TrendAnalysis
from reporting_svc.domain.snapshot import EVERYBODY, Filters, Grain, Key, Snapshot, cell_name
from reporting_svc.domain.statistics import STATISTICS, Statistic
from reporting_svc.ports import Clock, Needs, Sources, Workshop

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which values to take from the releases."""

    statistic: str
    grain: Grain
    start: datetime | None
    end: datetime | None
    key: Key


@dataclass(frozen=True, slots=True)
class Told:
    """A series with what it is called."""

    name: str
    series: Series | None
    statistic: Statistic | None = None


@dataclass(frozen=True, slots=True)
class Analyse:
    """What callers ask of series."""

    sources: Sources
    workshop: Workshop
    clock: Clock

    async def trend(self, what: Selector | Series, season_length: int) -> tuple[Told, TrendAnalysis]:
        """Say what a series shows."""
        told, known = await self._told(what)
        return told, await self.workshop.trend(known, season_length)

    async def forecast(self, what: Selector | Series, horizon: int, season_length: int) -> tuple[Told, SeriesForecast]:
        """Say what a series will do if it goes on as it did."""
        told, known = await self._told(what)
        return told, await self.workshop.forecast(known, horizon, season_length)

    async def compare(
        self, current: Selector | Series, baseline: Selector | Series
    ) -> tuple[Told, tuple[str, str], Comparison]:
        """Compare a side with its baseline. Sides that hold one released period compare its cells, players and all."""
        if isinstance(current, Series) or isinstance(baseline, Series):
            if isinstance(current, Selector) or isinstance(baseline, Selector):
                raise _missing("baseline_points", "both sides come from the releases, or both as points")
            result = await self.workshop.compare(current, baseline, False)
            return Told("The value", current), ("now", "in the baseline"), result
        statistic = _statistic(current.statistic)
        sides = [await self._side(statistic, one) for one in (current, baseline)]
        shared = current.key == baseline.key or EVERYBODY in {current.key, baseline.key}
        result = await self.workshop.compare(sides[0][0], sides[1][0], shared)
        return Told(statistic.title, None, statistic), (sides[0][1], sides[1][1]), result

    async def _side(self, statistic: Statistic, selector: Selector) -> tuple[Side | Series, str]:
        snapshot = await self._snapshot(selector)
        name = cell_name(selector.key)
        if len(snapshot.releases) == 1:
            found = pieces.side(statistic, snapshot.releases[0], selector.key)
            if found is not None:
                return found, f"for {name} in {pieces.period_name(snapshot.releases[0])}"
        known = pieces.history(snapshot, statistic, selector.key)
        if known.size == 0:
            raise NotFound("release_not_found", f"No released {selector.grain} in that range holds {statistic.title}.")
        return known, f"for {name} over {known.size} periods"

    async def _told(self, what: Selector | Series) -> tuple[Told, Series]:
        if isinstance(what, Series):
            return Told("The value", what), what
        statistic = _statistic(what.statistic)
        known = pieces.history(await self._snapshot(what), statistic, what.key)
        name = statistic.title if what.key == EVERYBODY else f"{statistic.title} ({cell_name(what.key)})"
        return Told(name, known, statistic), known

    async def _snapshot(self, selector: Selector) -> Snapshot:
        start, end = selector.start or EARLIEST, selector.end or self.clock()
        return await self.sources.snapshot(Needs(), start, end, Filters(grain=selector.grain), ())


def _statistic(name: str) -> Statistic:
    found = STATISTICS.get(name)
    if found is None:
        raise _missing("selector.statistic", f"is none of {', '.join(STATISTICS)}; or send points")
    return found


def _missing(field: str, description: str) -> InvalidArgument:
    violation = Violation(field, "required", description)
    return InvalidArgument("series_missing", f"{field}: {description}.", violations=[violation])
