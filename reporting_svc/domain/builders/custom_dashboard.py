"""The panels that somebody chose, in the order in which they are read."""

from dataclasses import replace

from reporting_svc.domain.builders.system_performance import metric_pieces
from reporting_svc.domain.builders.therapeutic_outcomes import outcome_mix
from reporting_svc.domain.builders.trend_analysis import trend_piece
from reporting_svc.domain.builders.user_engagement import retention, segments
from reporting_svc.domain.panels import SOURCES, Breakdown, Panel, PanelKind
from reporting_svc.domain.pieces import Piece, by_group, key_figure, lead_group, over_time
from reporting_svc.domain.report import Chart, Section, Table
from reporting_svc.domain.snapshot import EVERYBODY, Filters, Snapshot
from reporting_svc.domain.statistics import STATISTICS


def custom_dashboard(snapshot: Snapshot, panels: tuple[Panel, ...], horizon: int) -> tuple[Section, ...]:
    """Build a section a panel: its id is the panel's, so that a page can put it into its place on the grid."""
    ordered = sorted(panels, key=lambda panel: (panel.row, panel.column))
    return tuple(_section(snapshot, panel, horizon) for panel in ordered)


def _section(snapshot: Snapshot, panel: Panel, horizon: int) -> Section:
    if panel.kind is PanelKind.TEXT:
        return Section(panel.panel_id, panel.title or "Note", panel.text)
    view = replace(snapshot, filters=_filters(snapshot, panel))
    source = SOURCES[panel.source_id]
    title = panel.title or source.title
    if panel.kind is PanelKind.KEY_FIGURE:
        figure = key_figure(view, STATISTICS[panel.source_id], panel.panel_id, lead_group(view))
        return Section(panel.panel_id, title, source.description, key_figures=(figure,))
    pieces = [_named(piece, panel.panel_id, index) for index, piece in enumerate(_pieces(view, panel, horizon))]
    return Section(
        panel.panel_id,
        title,
        source.description,
        findings=tuple(piece.finding for piece in pieces),
        charts=tuple(piece.chart for piece in pieces) if panel.kind is PanelKind.CHART else (),
        tables=tuple(piece.table for piece in pieces),
    )


def _filters(snapshot: Snapshot, panel: Panel) -> Filters:
    """The panel's filters within the dashboard's: the grain is the dashboard's, for its releases are."""
    return replace(panel.filters, grain=snapshot.filters.grain)


def _pieces(view: Snapshot, panel: Panel, horizon: int) -> list[Piece]:
    match panel.source_id:
        case "outcomes":
            return [outcome_mix(view)]
        case "retention":
            return [retention(view)]
        case "segments":
            return [segments(view)]
        case "forecast":
            return [trend_piece(view, STATISTICS["players"], max(horizon, 1), EVERYBODY)]
        case "metrics":
            wanted = view.filters.metrics
            return metric_pieces(
                replace(view, metrics=tuple(one for one in view.metrics if not wanted or one.name in wanted))
            )[:4]
        case name:
            statistic = STATISTICS[name]
            if panel.breakdown is Breakdown.PERIOD:
                return [over_time(view, statistic, panel.panel_id)]
            if panel.breakdown is Breakdown.COHORT and not view.filters.narrow:
                levels = ("high", "medium", "low", "unspecified")
                view = replace(view, filters=replace(view.filters, engagement_level=levels))
            return [by_group(view, statistic, panel.panel_id)]


def _named(piece: Piece, panel_id: str, index: int) -> Piece:
    """Give a piece ids of its own: two panels may show the same source."""
    stem = f"{panel_id}-{index}" if index else panel_id
    chart: Chart = replace(piece.chart, chart_id=f"{stem}-chart", table_id=f"{stem}-table")
    table: Table = replace(piece.table, table_id=f"{stem}-table")
    return Piece(chart, table, piece.finding)
