"""Statistics over time: trends, seasons, change points, forecasts."""

from datetime import datetime

from reporting_svc.domain.analysis import forecast, trend, words
from reporting_svc.domain.analysis.forecast import SeriesForecast
from reporting_svc.domain.analysis.series import Series
from reporting_svc.domain.pieces import INTERVALS, Piece, day, history, lead_group, marks, moment, point, section
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
    Section,
    SeriesRole,
    Strength,
    Table,
)
from reporting_svc.domain.selection import chosen
from reporting_svc.domain.snapshot import Key, Snapshot, cell_name
from reporting_svc.domain.statistics import STATISTICS, Statistic


def trend_analysis(snapshot: Snapshot, horizon: int) -> tuple[Section, ...]:
    """Build the sections; forecasts reach `horizon` periods ahead, 0 for none."""
    statistics = chosen(snapshot, STATISTICS)
    key = lead_group(snapshot)
    told = [(one, history(snapshot, one, key)) for one in statistics]
    overview = _overview(snapshot, told)
    pieces = [trend_piece(snapshot, one, horizon, key) for one in statistics]
    clear = tuple(piece.finding for piece in pieces if piece.finding.strength is Strength.SUPPORTED)
    unclear = Finding("No statistic has a trend that the data can tell from noise.", Strength.UNDECIDED)
    return (
        section(
            "overview",
            f"Which statistics moved over the range, {cell_name(key).lower()}.",
            (),
            findings=clear or (unclear,),
            tables=(overview,),
            footnotes=(
                "Slopes come from a regression that allows for neighbouring periods resembling each other.",
                "The robust slope (Theil and Sen) hardly moves with outliers; where it differs, look at the chart.",
            ),
        ),
        section(
            "trends",
            "Values with their fitted line, and ahead of them what would come if it went on so.",
            pieces,
            footnotes=("A forecast assumes that nothing changes. It is no promise.",),
        ),
    )


def trend_piece(snapshot: Snapshot, statistic: Statistic, horizon: int, key: Key) -> Piece:
    """Draw the values of a statistic, their fitted line, and the values ahead."""
    known = history(snapshot, statistic, key)
    analysis = trend.analyse(known)
    ahead = forecast.forecast(known, horizon) if horizon else None
    said = words.trend(statistic.spoken, analysis, statistic.write_change)
    if ahead is not None and ahead.points:
        said += " " + words.forecast(statistic.spoken[0].lower() + statistic.spoken[1:], ahead, statistic.write)
    finding = Finding(said, Strength.SUPPORTED if analysis.conclusive else Strength.UNDECIDED)
    observed = tuple(point(moment(release.start), statistic.of(release.cell(key))) for release in snapshot.releases)
    lines = [ChartSeries("Released", observed)]
    if analysis.fitted:
        fitted = tuple(ChartPoint(moment(known.time(index)), value) for index, value in enumerate(analysis.fitted))
        lines.append(ChartSeries("Fitted", fitted, SeriesRole.FITTED))
    if ahead is not None and ahead.points:
        lines.append(ChartSeries("If it goes on so", _ahead(ahead), SeriesRole.FORECAST))
    table_id = f"trend-{statistic.name}-table"
    limits = " ".join(dict.fromkeys((*analysis.cautions, *(ahead.cautions if ahead else ()))))
    chart = Chart(
        *(f"trend-{statistic.name}", f"{statistic.title}, {cell_name(key).lower()}", finding.text),
        f"{statistic.meaning} {INTERVALS} {limits}".strip(),
        ChartKind.LINE,
        ChartAxis("Period", AxisScale.TIME),
        ChartAxis(statistic.title, statistic.scale, statistic.unit),
        tuple(lines),
        table_id,
        (*marks(analysis), *_start(known, ahead)),
    )
    return Piece(chart, _table(table_id, statistic, lines), finding)


def _start(known: Series, ahead: SeriesForecast | None) -> tuple[ChartMark, ...]:
    return (ChartMark(moment(known.time(known.size)), "forecast"),) if ahead is not None and ahead.points else ()


def _ahead(ahead: SeriesForecast) -> tuple[ChartPoint, ...]:
    return tuple(
        ChartPoint(moment(one.time), one.value.value, one.value.lower, one.value.upper) for one in ahead.points
    )


def _table(table_id: str, statistic: Statistic, lines: list[ChartSeries]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    fitted = {one.x: one.y for line in lines if line.role is SeriesRole.FITTED for one in line.points}
    for line in lines:
        if line.role is SeriesRole.FITTED:
            continue
        what = "forecast" if line.role is SeriesRole.FORECAST else "released"
        rows += [
            (day(datetime.fromisoformat(one.x)), what, one.y, one.lower, one.upper, fitted.get(one.x))
            for one in line.points
        ]
    unit = "" if statistic.share else statistic.unit
    columns = (
        Column("period", "Period", ColumnKind.DATE),
        Column("kind", "Kind", ColumnKind.TEXT),
        Column("value", statistic.title, statistic.column, unit),
        Column("lower", "95 % from", statistic.column, unit),
        Column("upper", "95 % to", statistic.column, unit),
        Column("fitted", "Fitted", statistic.column, unit),
    )
    return Table(table_id, statistic.title, columns, tuple(rows))


def _overview(snapshot: Snapshot, told: list[tuple[Statistic, Series]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for statistic, known in told:
        result = trend.analyse(known)
        shown = bool(result.fitted)
        slope = (result.slope.value, result.slope.lower, result.slope.upper) if shown else (None, None, None)
        rows.append(
            (
                *(statistic.title, result.points, *slope),
                *(result.robust_slope.value if shown else None, result.direction.value),
                result.seasonality.season_length if result.seasonality else None,
                ", ".join(f"{one.time:%Y-%m-%d}" for one in result.change_points) or None,
            )
        )
    per = f"a {snapshot.filters.grain.value}"
    columns = (
        Column("statistic", "Statistic", ColumnKind.TEXT),
        Column("periods", "Periods", ColumnKind.INTEGER),
        Column("slope", f"Change {per}", ColumnKind.NUMBER),
        Column("lower", "95 % from", ColumnKind.NUMBER),
        Column("upper", "95 % to", ColumnKind.NUMBER),
        Column("robust", "Robust change", ColumnKind.NUMBER),
        Column("direction", "Verdict", ColumnKind.TEXT),
        Column("season", "Season, periods", ColumnKind.INTEGER),
        Column("changes", "Level changed", ColumnKind.TEXT),
    )
    return Table("overview-table", "Trends of all statistics", columns, tuple(rows))
