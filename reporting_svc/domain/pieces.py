"""The pieces that reports are made of: a chart, the table behind it, and what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from reporting_svc.domain.analysis import comparison, trend, words
from reporting_svc.domain.analysis.comparison import Comparison, Side, Verdict
from reporting_svc.domain.analysis.series import Series, series
from reporting_svc.domain.report import (
    AxisScale,
    Cell,
    Chart,
    ChartAxis,
    ChartKind,
    ChartMark,
    ChartPoint,
    ChartSeries,
    Column,
    ColumnKind,
    Finding,
    KeyFigure,
    Section,
    SeriesRole,
    Strength,
    Table,
)
from reporting_svc.domain.snapshot import EVERYBODY, Estimate, Grain, Key, Release, Snapshot, cell_name
from reporting_svc.domain.statistics import Statistic
from reporting_svc.domain.wording import HEADINGS

MOST_SERIES = 8
"""Series in one chart; more cannot be told apart."""

INTERVALS = "Bands and whiskers are 95 % intervals; they hold the privacy noise and the variation between players."


@dataclass(frozen=True, slots=True)
class Piece:
    """A chart, the table behind it, and what it says."""

    chart: Chart
    table: Table
    finding: Finding


def section(
    section_id: str,
    lead: str,
    pieces: Iterable[Piece],
    *,
    key_figures: tuple[KeyFigure, ...] = (),
    findings: tuple[Finding, ...] = (),
    tables: tuple[Table, ...] = (),
    footnotes: tuple[str, ...] = (),
) -> Section:
    """Put pieces under the heading of a section's id."""
    kept = tuple(pieces)
    return Section(
        *(section_id, HEADINGS[section_id], lead, key_figures),
        findings=(*(piece.finding for piece in kept), *findings),
        charts=tuple(piece.chart for piece in kept),
        tables=(*(piece.table for piece in kept), *tables),
        footnotes=footnotes,
    )


def moment(time: datetime) -> str:
    """Write a moment as charts and tables hold it."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(time: datetime) -> str:
    """Write a day as tables hold it."""
    return time.astimezone(UTC).strftime("%Y-%m-%d")


def period_name(release: Release) -> str:
    """Return how people read a period."""
    start = release.start
    return {
        Grain.DAY: f"{start:%Y-%m-%d}",
        Grain.WEEK: f"week of {start:%Y-%m-%d}",
        Grain.MONTH: f"{start:%B %Y}",
    }[release.grain]


def groups(snapshot: Snapshot, *, by_focus: bool = False) -> list[Key]:
    """Return the groups that the filters keep, larger ones first: everybody, single focuses, or full cohorts."""
    filters, latest = snapshot.filters, snapshot.latest
    if latest is None or not (by_focus or filters.therapeutic_focus or filters.narrow):
        return [EVERYBODY]
    kept = [
        cell
        for key, cell in latest.cells.items()
        if key[0] and bool(key[1] or key[2]) == filters.narrow and filters.keeps(key) and not cell.hidden
    ]
    return [cell.key for cell in sorted(kept, key=lambda cell: (-cell.players.value, cell.key))]


def point(x: str, figure: Estimate | None) -> ChartPoint:
    """Return a point with its interval; without a value where there is no figure."""
    if figure is None:
        return ChartPoint(x, None)
    return ChartPoint(x, figure.value, figure.lower, figure.upper)


def history(snapshot: Snapshot, statistic: Statistic, key: Key) -> Series:
    """Return the values of a group over the released periods, where it has one."""
    found = [(release.start, statistic.of(release.cell(key))) for release in snapshot.releases]
    known = [(time, figure) for time, figure in found if figure is not None]
    return series(
        [time for time, _ in known],
        [figure.value for _, figure in known],
        [figure.privacy_margin for _, figure in known],
    )


def side(statistic: Statistic, release: Release, key: Key) -> Side | None:
    """Return a group's figure as one side of a comparison; None where it has none."""
    cell = release.cell(key)
    figure = statistic.of(cell)
    if cell is None or figure is None or figure.uninformative:
        return None
    figures = cell.figures.get(statistic.name)
    error = max(figure.upper - figure.value, figure.value - figure.lower) / 1.96
    count = figures.count if figures is not None and figures.count > 1 else max(cell.players.value, 2.0)
    return Side(figure.value, error, None if figures is None else figures.spread, count)


def verdict_finding(statistic: Statistic, name: str, sides: tuple[str, str], result: Comparison) -> Finding:
    """Say how a side compares, as strongly as the interval allows."""
    sure = result.verdict in {Verdict.HIGHER, Verdict.LOWER}
    strength = Strength.SUPPORTED if sure else Strength.UNDECIDED
    return Finding(words.comparison(name, sides, result, statistic.write, statistic.write_change), strength)


def _history_finding(snapshot: Snapshot, statistic: Statistic, key: Key) -> Finding:
    name = statistic.spoken if key == EVERYBODY else f"{statistic.spoken} ({cell_name(key)})"
    known = history(snapshot, statistic, key)
    if known.size == 0:
        return Finding(f"{name}: no released period in this range holds a value.", Strength.UNDECIDED)
    if known.size < trend.FEWEST:
        value = statistic.write(float(known.values[-1]))
        first = statistic.write(float(known.values[0]))
        said = f"{name} is {value} in the newest of {known.size} period{'s' if known.size > 1 else ''}"
        return Finding(f"{said}, {first} in the first; too few to tell a trend." if known.size > 1 else f"{said}.")
    analysis = trend.analyse(known)
    strength = Strength.SUPPORTED if analysis.conclusive else Strength.UNDECIDED
    return Finding(words.trend(name, analysis, statistic.write_change), strength)


def over_time(snapshot: Snapshot, statistic: Statistic, prefix: str, *, by_focus: bool = False) -> Piece:
    """Draw a statistic over the released periods, a line a group."""
    keys = groups(snapshot, by_focus=by_focus)
    shown = keys[:MOST_SERIES]
    lines = tuple(
        ChartSeries(
            cell_name(key),
            tuple(point(moment(one.start), statistic.of(one.cell(key))) for one in snapshot.releases),
        )
        for key in shown
    )
    finding = _history_finding(snapshot, statistic, shown[0] if shown else EVERYBODY)
    if len(keys) > 1:
        finding = Finding(f"{finding.text} {_range_sentence(snapshot, statistic, keys)}".strip(), finding.strength)
    table_id = f"{prefix}-{statistic.name}-table"
    left_out = f" The {len(keys) - MOST_SERIES} smaller groups are in the table." if len(keys) > MOST_SERIES else ""
    chart = Chart(
        *(f"{prefix}-{statistic.name}", f"{statistic.title} by {snapshot.filters.grain.value}", finding.text),
        f"{statistic.meaning} One point a released {snapshot.filters.grain.value}. {INTERVALS}{left_out}",
        ChartKind.LINE,
        ChartAxis("Period", AxisScale.TIME),
        ChartAxis(statistic.title, statistic.scale, statistic.unit),
        lines,
        table_id,
    )
    rows = tuple(
        (day(release.start), cell_name(key), *_figure_cells(statistic.of(release.cell(key))))
        for release in snapshot.releases
        for key in keys
    )
    columns = (Column("period", "Period", ColumnKind.DATE), Column("group", "Group", ColumnKind.TEXT))
    table = Table(table_id, f"{statistic.title} by period", (*columns, *_figure_columns(statistic)), rows)
    return Piece(chart, table, finding)


def _range_sentence(snapshot: Snapshot, statistic: Statistic, keys: list[Key]) -> str:
    latest = snapshot.latest
    known = [(key, statistic.of(latest.cell(key))) for key in keys] if latest else []
    values = sorted(((figure.value, key) for key, figure in known if figure is not None), reverse=True)
    if len(values) < 2:
        return ""
    (high, top), (low, bottom) = values[0], values[-1]
    return (
        f"In the newest period it lies between {statistic.write(low)} ({cell_name(bottom)}) "
        f"and {statistic.write(high)} ({cell_name(top)})."
    )


def by_group(snapshot: Snapshot, statistic: Statistic, prefix: str) -> Piece:
    """Draw a statistic of the newest period, a row a group, beside all players."""
    latest = snapshot.latest
    keys = groups(snapshot, by_focus=True)
    figures = [(key, statistic.of(latest.cell(key)) if latest else None) for key in keys]
    counting = statistic.name == "players"
    kind = ChartKind.BAR if counting else ChartKind.INTERVAL
    shown = ChartSeries(statistic.title, tuple(point(cell_name(key), figure) for key, figure in figures[:24]))
    everybody = statistic.of(latest.cell(EVERYBODY)) if latest and not counting else None
    baseline = ChartSeries("All players", (point("All players", everybody),) if everybody else (), SeriesRole.BASELINE)
    finding = Finding(_by_group_sentence(statistic, figures, latest))
    table_id = f"{prefix}-{statistic.name}-groups-table"
    what = "cohort" if snapshot.filters.narrow else "therapeutic focus"
    when = period_name(latest) if latest else "no period"
    chart = Chart(
        *(f"{prefix}-{statistic.name}-groups", f"{statistic.title} by {what}, {when}", finding.text),
        f"{statistic.meaning} {INTERVALS} Groups whose intervals overlap widely cannot be told apart.",
        kind,
        ChartAxis(what.capitalize(), AxisScale.CATEGORY),
        ChartAxis(statistic.title, statistic.scale, statistic.unit),
        (shown, baseline) if baseline.points else (shown,),
        table_id,
    )
    rows = [(cell_name(key), *_figure_cells(figure)) for key, figure in figures]
    rows += [("All players", *_figure_cells(everybody))] if everybody else []
    columns = (Column("group", what.capitalize(), ColumnKind.TEXT), *_figure_columns(statistic))
    return Piece(chart, Table(table_id, f"{statistic.title} by {what}, {when}", columns, tuple(rows)), finding)


def _by_group_sentence(statistic: Statistic, figures: list[tuple[Key, Estimate | None]], latest: Release | None) -> str:
    known = [(key, figure) for key, figure in figures if figure is not None and not figure.uninformative]
    if latest is None or not known:
        return f"{statistic.title}: no group has a figure that says something."
    top = max(known, key=lambda one: one[1].value)
    low = min(known, key=lambda one: one[1].value)
    when = period_name(latest)
    if len(known) == 1 or top[0] == low[0]:
        return f"{statistic.spoken} of {cell_name(top[0])} is {statistic.write(top[1].value)} in {when}."
    apart = top[1].lower > low[1].upper
    spoken = statistic.spoken[0].lower() + statistic.spoken[1:]
    verdict = "their intervals do not overlap" if apart else "their intervals overlap: the order may be chance"
    return (
        f"In {when}, {spoken} is highest for {cell_name(top[0])} ({statistic.write(top[1].value)}) "
        f"and lowest for {cell_name(low[0])} ({statistic.write(low[1].value)}); {verdict}."
    )


def _figure_columns(statistic: Statistic) -> tuple[Column, ...]:
    kind, unit = statistic.column, "" if statistic.share else statistic.unit
    return (
        Column("value", statistic.title, kind, unit),
        Column("lower", "95 % from", kind, unit),
        Column("upper", "95 % to", kind, unit),
        Column("privacy_margin", "Privacy noise, ±", kind, unit),
    )


def _figure_cells(figure: Estimate | None) -> tuple[Cell, ...]:
    if figure is None:
        return (None, None, None, None)
    return (figure.value, figure.lower, figure.upper, figure.privacy_margin)


def key_figure(snapshot: Snapshot, statistic: Statistic, prefix: str, key: Key = EVERYBODY) -> KeyFigure:
    """Return the newest value of a group with its interval."""
    latest = snapshot.latest
    figure = statistic.of(latest.cell(key)) if latest else None
    when = period_name(latest) if latest else "no released period"
    name = statistic.title if key == EVERYBODY else f"{statistic.title}, {cell_name(key)}"
    if figure is None:
        return KeyFigure(
            f"{prefix}-{statistic.name}-key", name, None, None, None, statistic.unit, f"No figure for {when}."
        )
    return KeyFigure(
        *(f"{prefix}-{statistic.name}-key", name, figure.value, figure.lower, figure.upper, statistic.unit),
        f"In {when}." if not figure.uninformative else f"In {when}; the noise is too large for it to say anything.",
        figure.uninformative,
    )


def lead_group(snapshot: Snapshot) -> Key:
    """Return the group that key figures speak of: everybody, or the first that the filters keep."""
    keys = groups(snapshot)
    return keys[0] if keys else EVERYBODY


def compare_first_last(snapshot: Snapshot, statistic: Statistic, key: Key) -> Finding | None:
    """Compare the newest period with the oldest; None where either has no figure."""
    if len(snapshot.releases) < 2:
        return None
    first, last = snapshot.releases[0], snapshot.releases[-1]
    sides = side(statistic, last, key), side(statistic, first, key)
    if sides[0] is None or sides[1] is None:
        return None
    result = comparison.compare(sides[0], sides[1], shared=True)
    name = statistic.spoken if key == EVERYBODY else f"{statistic.spoken} ({cell_name(key)})"
    return verdict_finding(statistic, name, (f"in {period_name(last)}", f"in {period_name(first)}"), result)


def marks(analysis: trend.TrendAnalysis) -> tuple[ChartMark, ...]:
    """Mark the change points of a series."""
    return tuple(ChartMark(moment(one.time), "level changed") for one in analysis.change_points)
