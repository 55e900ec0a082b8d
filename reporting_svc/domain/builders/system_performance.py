"""How the platform's own services do: metrics, alerts, care. Nothing here is about players."""

from itertools import groupby

from reporting_svc.domain.analysis import words
from reporting_svc.domain.pieces import MOST_SERIES, Piece, moment, section
from reporting_svc.domain.report import (
    AxisScale,
    Chart,
    ChartAxis,
    ChartKind,
    ChartPoint,
    ChartSeries,
    Column,
    ColumnKind,
    Finding,
    KeyFigure,
    Section,
    Table,
)
from reporting_svc.domain.snapshot import Care, Duration, Metric, Snapshot

MOST_CHARTS = 12

ABBREVIATIONS = {"grpc": "gRPC", "http": "HTTP", "cpu": "CPU", "io": "I/O", "db": "database", "1m": "of one minute"}
"""Parts of metric names that people write otherwise."""


def system_performance(snapshot: Snapshot) -> tuple[Section, ...]:
    """Build the sections."""
    pieces = metric_pieces(snapshot)
    sections = [
        section(
            "overview",
            "What the services report now, and how alerts were looked after.",
            (),
            key_figures=_care_figures(snapshot.care),
            findings=(_status_finding(snapshot.metrics), *_care_findings(snapshot.care)),
            tables=(_status_table(snapshot.metrics),),
        ),
        section(
            "metrics",
            "The mean of each window, with its least and greatest value as band.",
            pieces[:MOST_CHARTS],
            footnotes=_left_out(len(pieces)),
        ),
    ]
    if snapshot.care is not None:
        sections.append(
            section("alerts", "What was triggered in the range.", (), tables=(_alert_table(snapshot.care),))
        )
    return tuple(sections)


def metric_pieces(snapshot: Snapshot) -> list[Piece]:
    """Draw every metric that has a history, a chart a name."""
    drawn = [metric for metric in sorted(snapshot.metrics, key=lambda one: (one.name, one.labels)) if metric.points]
    return [_metric_piece(name, tuple(found)) for name, found in groupby(drawn, key=lambda one: one.name)]


def spoken(name: str) -> str:
    """Return a metric's name in words: `gRPC calls per second` of `grpc_calls_per_second`."""
    parts = [ABBREVIATIONS.get(part, part) for part in name.split("_")]
    first = parts[0] if parts[0] in ABBREVIATIONS.values() else parts[0].capitalize()
    return " ".join([first, *parts[1:]])


def _left_out(count: int) -> tuple[str, ...]:
    if count <= MOST_CHARTS:
        return ()
    return (f"{count - MOST_CHARTS} further metrics are left out; name metrics in the filter to choose.",)


def _metric_piece(name: str, found: tuple[Metric, ...]) -> Piece:
    first = found[0]
    title = spoken(name)
    windows = [(one.maximum, one.time) for metric in found for one in metric.points]
    highest, when = max(windows + [(metric.latest, metric.measured_at) for metric in found])
    finding = Finding(
        f"{title} reached {words.amount(highest, first.unit)} at most, on {words.moment(when)}; "
        f"its newest value is {words.amount(first.latest, first.unit)} ({first.status or 'normal'})."
    )
    lines = tuple(
        ChartSeries(
            metric.labels or title,
            tuple(ChartPoint(moment(one.time), one.mean, one.minimum, one.maximum) for one in metric.points),
        )
        for metric in found[:MOST_SERIES]
    )
    chart = Chart(
        *(f"metric-{name}", title, finding.text),
        "Lines are means, bands reach from the least to the greatest value of each window.",
        ChartKind.LINE,
        ChartAxis("Time", AxisScale.TIME),
        ChartAxis(title, AxisScale.NUMBER, first.unit),
        lines,
        f"metric-{name}-table",
    )
    columns = (
        Column("time", "Time", ColumnKind.TIME),
        Column("labels", "Labels", ColumnKind.TEXT),
        Column("mean", "Mean", ColumnKind.NUMBER, first.unit),
        Column("minimum", "Least", ColumnKind.NUMBER, first.unit),
        Column("maximum", "Greatest", ColumnKind.NUMBER, first.unit),
    )
    rows = tuple(
        (moment(one.time), metric.labels, one.mean, one.minimum, one.maximum)
        for metric in found
        for one in metric.points
    )
    return Piece(chart, Table(f"metric-{name}-table", title, columns, rows), finding)


def _status_finding(metrics: tuple[Metric, ...]) -> Finding:
    if not metrics:
        return Finding("No service metric is known.")
    bad = [spoken(metric.title) for metric in metrics if metric.status in {"warning", "critical"}]
    if not bad:
        return Finding(f"All {len(metrics)} metrics are within their thresholds or have none.")
    return Finding(f"{len(bad)} of {len(metrics)} metrics are past a threshold: {', '.join(bad[:5])}.")


def _status_table(metrics: tuple[Metric, ...]) -> Table:
    columns = (
        Column("metric", "Metric", ColumnKind.TEXT),
        Column("labels", "Labels", ColumnKind.TEXT),
        Column("value", "Newest value", ColumnKind.NUMBER),
        Column("unit", "Unit", ColumnKind.TEXT),
        Column("status", "Status", ColumnKind.TEXT),
        Column("measured_at", "Measured", ColumnKind.TIME),
    )
    rows = tuple(
        (one.name, one.labels, one.latest, one.unit, one.status or "normal", moment(one.measured_at))
        for one in sorted(metrics, key=lambda one: (one.name, one.labels))
    )
    return Table("status-table", "Newest values", columns, rows)


def _care_figures(care: Care | None) -> tuple[KeyFigure, ...]:
    if care is None:
        return ()

    def figure(name: str, label: str, value: float | None, unit: str, note: str) -> KeyFigure:
        return KeyFigure(name, label, value, None, None, unit, note)

    taken, solved = care.acknowledged, care.resolved
    return (
        figure("alerts", "Alerts", sum(count for *_, count in care.alerts), "alerts", "Triggered in the range."),
        figure(
            *("acknowledged", "Time to acknowledge", taken.median if taken.count else None, "seconds"),
            _told(taken, "acknowledged"),
        ),
        figure(
            *("resolved", "Time to resolve", solved.median if solved.count else None, "seconds"),
            _told(solved, "resolved"),
        ),
        figure("interventions", "Interventions", care.interventions, "interventions", "Asked for in the range."),
        figure(
            *("delivered", "Notifications delivered", care.delivered, "notifications"),
            f"{care.given_up} were given up." if care.given_up else "None was given up.",
        ),
    )


def _told(taken: Duration, done: str) -> str:
    if not taken.count:
        return f"No alert was {done} in the range."
    return f"Median of {taken.count}; nine of ten within {words.number(taken.ninetieth)} s."


def _care_findings(care: Care | None) -> tuple[Finding, ...]:
    if care is None or not care.given_up:
        return ()
    return (Finding(f"{care.given_up} notifications were given up; the operations page lists them."),)


def _alert_table(care: Care) -> Table:
    columns = (
        Column("type", "Type", ColumnKind.TEXT),
        Column("severity", "Severity", ColumnKind.TEXT),
        Column("state", "State", ColumnKind.TEXT),
        Column("count", "Alerts", ColumnKind.INTEGER),
    )
    rows = tuple((kind.replace("_", " "), severity, state, count) for kind, severity, state, count in care.alerts)
    return Table("alerts-table", "Alerts by type, severity and state", columns, rows)
