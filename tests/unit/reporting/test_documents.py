"""Documents of every type, and what filters, gaps and hidden cells do to them."""

from dataclasses import replace

import pytest

from benchmarks.report_snapshots import FOCUSES, snapshot
from mesh.refusal import InvalidArgument
from reporting_svc.domain.builders import Brief, build
from reporting_svc.domain.panels import Breakdown, Panel, PanelKind, check, default_panels
from reporting_svc.domain.plain import from_plain, to_plain
from reporting_svc.domain.report import Document, ReportType, Strength
from reporting_svc.domain.snapshot import Filters, Grain


@pytest.mark.parametrize("report_type", list(ReportType))
def test_every_type_has_content_and_a_table_behind_each_chart(report_type):
    document = build(snapshot(), Brief(report_type))
    charts = [chart for section in document.sections for chart in section.charts]
    tables = {table.table_id: table for section in document.sections for table in section.tables}
    assert charts
    assert document.summary
    for chart in charts:
        assert chart.finding.endswith(".")
        assert tables[chart.table_id].rows
    ids = [chart.chart_id for chart in charts] + list(tables)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("report_type", list(ReportType))
def test_every_type_is_calm_about_nothing_released(report_type):
    empty = replace(snapshot(count=0), metrics=(), care=None)
    document = build(empty, Brief(report_type))
    if report_type is not ReportType.SYSTEM_PERFORMANCE:
        assert "released" in document.notices[0]
    assert all(finding.strength is not Strength.SUPPORTED for finding in document.summary)


@pytest.mark.parametrize("report_type", list(ReportType))
def test_a_document_survives_its_json(report_type):
    document = build(snapshot(count=3), Brief(report_type))
    assert from_plain(Document, to_plain(document)) == document


def test_the_same_snapshot_gives_the_same_document():
    brief = Brief(ReportType.TREND_ANALYSIS)
    assert build(snapshot(), brief) == build(snapshot(), brief)


def test_a_focus_filter_leaves_only_that_focus():
    filters = Filters(therapeutic_focus=("sleep",))
    document = build(snapshot(filters=filters), Brief(ReportType.USER_ENGAGEMENT))
    (section,) = [one for one in document.sections if one.section_id == "activity"]
    assert {series.name for chart in section.charts for series in chart.series} == {"sleep"}
    assert "Therapeutic focus: sleep only." in document.notices


def test_a_level_filter_shows_full_cohorts():
    filters = Filters(therapeutic_focus=("sleep",), engagement_level=("high",))
    document = build(snapshot(filters=filters), Brief(ReportType.COHORT_ANALYSIS))
    names = {point.x for section in document.sections for chart in section.charts for point in chart.series[0].points}
    assert "sleep, daily, high" in names


def test_a_filter_that_matches_nothing_is_told():
    document = build(snapshot(filters=Filters(therapeutic_focus=("gardening",))), Brief(ReportType.COHORT_ANALYSIS))
    assert any("gardening" in notice for notice in document.notices)


def test_a_statistic_filter_keeps_only_that_statistic():
    document = build(snapshot(filters=Filters(statistics=("minutes",))), Brief(ReportType.TREND_ANALYSIS))
    (_, trends) = document.sections
    assert [chart.chart_id for chart in trends.charts] == ["trend-minutes"]


def test_hidden_cells_have_no_figures_anywhere():
    whole = snapshot()
    latest = whole.releases[-1]
    cells = dict(latest.cells)
    cells[("sleep", "", "")] = replace(cells[("sleep", "", "")], hidden=True)
    hidden = replace(whole, releases=(*whole.releases[:-1], replace(latest, cells=cells)))
    document = build(hidden, Brief(ReportType.COHORT_ANALYSIS))
    newest = [
        row
        for section in document.sections
        for table in section.tables
        if table.table_id == "figures-table"
        for row in table.rows
    ]
    assert all(row[:3] != ("sleep", "all", "all") for row in newest)
    assert any("hidden" in notice for notice in document.notices)


def test_a_known_rise_is_found_and_a_flat_statistic_is_not_overclaimed():
    document = build(snapshot(Grain.WEEK, 52), Brief(ReportType.TREND_ANALYSIS))
    found = {chart.chart_id: chart.finding for section in document.sections for chart in section.charts}
    assert "rose by about" in found["trend-overall_progress"]
    assert "cannot say" in found["trend-success_rate"] or "stayed level" in found["trend-success_rate"]


def test_a_forecast_is_drawn_only_where_it_was_asked_for():
    document = build(snapshot(), Brief(ReportType.TREND_ANALYSIS, forecast_periods=0))
    names = {series.name for section in document.sections for chart in section.charts for series in chart.series}
    assert "If it goes on so" not in names


def test_every_group_has_its_interval_in_the_comparison():
    document = build(snapshot(), Brief(ReportType.COHORT_ANALYSIS))
    (section,) = [one for one in document.sections if one.section_id == "differences"]
    (table,) = [one for one in section.tables if one.table_id == "differences-table"]
    assert {row[1] for row in table.rows} == set(FOCUSES)
    assert all(row[5] <= row[4] <= row[6] for row in table.rows)


def test_a_dashboard_shows_its_panels_in_reading_order_under_their_ids():
    panels = (
        Panel("b", "", PanelKind.CHART, "minutes", Breakdown.FOCUS, column=6),
        Panel("a", "Our players", PanelKind.KEY_FIGURE, "players"),
        Panel("c", "", PanelKind.TEXT, text="Read with care.", row=4),
        Panel("d", "", PanelKind.TABLE, "outcomes", row=8),
    )
    document = build(snapshot(), Brief(ReportType.CUSTOM_DASHBOARD, panels=panels))
    assert [section.section_id for section in document.sections] == ["a", "b", "c", "d"]
    assert document.sections[0].key_figures[0].value is not None
    assert document.sections[2].lead == "Read with care."
    assert document.sections[3].charts == ()


def test_panels_that_overlap_or_show_nothing_known_are_refused_by_place():
    check(default_panels())
    panels = (
        Panel("a", "", PanelKind.CHART, "minutes"),
        Panel("b", "", PanelKind.CHART, "weather", column=3),
        Panel("c", "", PanelKind.KEY_FIGURE, "outcomes", column=8, row=9),
    )
    with pytest.raises(InvalidArgument) as refused:
        check(panels)
    assert {violation.field for violation in refused.value.violations} == {
        "dashboard.panels[1].source_id",
        "dashboard.panels[1].row",
        "dashboard.panels[2].kind",
        "dashboard.panels[2].width",
    }
