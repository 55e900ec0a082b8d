"""From a snapshot to a document: what all types share around the sections of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

from reporting_svc.domain.analysis import words
from reporting_svc.domain.builders.cohort_analysis import cohort_analysis
from reporting_svc.domain.builders.custom_dashboard import custom_dashboard
from reporting_svc.domain.builders.system_performance import system_performance
from reporting_svc.domain.builders.therapeutic_outcomes import therapeutic_outcomes
from reporting_svc.domain.builders.trend_analysis import trend_analysis
from reporting_svc.domain.builders.user_engagement import user_engagement
from reporting_svc.domain.panels import Panel, default_panels
from reporting_svc.domain.printable import printable
from reporting_svc.domain.report import Definition, Document, Finding, ReportType, Section, Source, Strength
from reporting_svc.domain.snapshot import Snapshot
from reporting_svc.domain.statistics import STATISTICS
from reporting_svc.domain.wording import Wording


@dataclass(frozen=True, slots=True)
class Brief:
    """What somebody asked for."""

    report_type: ReportType
    title: str = ""
    description: str = ""
    forecast_periods: int = 3
    panels: tuple[Panel, ...] = ()
    """Of a custom dashboard; empty for the default ones."""


BUILDERS: MappingProxyType[ReportType, Callable[[Snapshot, Brief], tuple[Section, ...]]] = MappingProxyType(
    {
        ReportType.THERAPEUTIC_OUTCOMES: lambda snapshot, _: therapeutic_outcomes(snapshot),
        ReportType.USER_ENGAGEMENT: lambda snapshot, _: user_engagement(snapshot),
        ReportType.SYSTEM_PERFORMANCE: lambda snapshot, _: system_performance(snapshot),
        ReportType.COHORT_ANALYSIS: lambda snapshot, _: cohort_analysis(snapshot),
        ReportType.TREND_ANALYSIS: lambda snapshot, brief: trend_analysis(snapshot, brief.forecast_periods),
        ReportType.CUSTOM_DASHBOARD: lambda snapshot, brief: custom_dashboard(
            snapshot, brief.panels or default_panels(snapshot.filters.statistics), brief.forecast_periods
        ),
    }
)

MOST_SUMMARY = 5


def build(snapshot: Snapshot, brief: Brief, wording: Wording | None = None) -> Document:
    """Build the document that a brief asks for from a snapshot, in an organisation's words. Pure."""
    wording = wording or Wording()
    sections = _headed(BUILDERS[brief.report_type](snapshot, brief), brief.report_type, wording)
    service = brief.report_type is ReportType.SYSTEM_PERFORMANCE
    document = Document(
        report_type=brief.report_type,
        title=brief.title or f"{wording.titles[brief.report_type]}, {words.span(snapshot.start, snapshot.end)}",
        description=brief.description,
        range_start=snapshot.start,
        range_end=snapshot.end,
        data_as_of=snapshot.data_as_of,
        generated_at=snapshot.taken_at,
        summary=_summary(sections),
        sections=sections,
        definitions=() if service else _definitions(sections, wording),
        privacy_notes=(wording.service_note,) if service else _privacy(snapshot, wording),
        notices=_notices(snapshot, service=service),
        sources=_sources(snapshot),
    )
    return printable(document)


def _headed(sections: tuple[Section, ...], report_type: ReportType, wording: Wording) -> tuple[Section, ...]:
    """Put the organisation's headings over the sections; those of a dashboard are whatever its panels are called."""
    if report_type is ReportType.CUSTOM_DASHBOARD:
        return sections
    return tuple(replace(one, title=wording.headings[one.section_id]) for one in sections)


def _summary(sections: tuple[Section, ...]) -> tuple[Finding, ...]:
    """What is supported first, then what the sections say first."""
    told = [finding for section in sections for finding in section.findings]
    firm = [finding for finding in told if finding.strength is Strength.SUPPORTED]
    rest = [section.findings[0] for section in sections if section.findings and _shows(section)]
    ordered = dict.fromkeys([*firm, *rest])
    return tuple(ordered)[:MOST_SUMMARY]


def _shows(section: Section) -> bool:
    """Return whether a section has anything to show beside words: what is missing is no news of the first page."""
    drawn = any(series.points for chart in section.charts for series in chart.series)
    return drawn or bool(section.key_figures) or any(table.rows for table in section.tables)


def _definitions(sections: tuple[Section, ...], wording: Wording) -> tuple[Definition, ...]:
    titles = [chart.y_axis.title for section in sections for chart in section.charts]
    titles += [figure.label for section in sections for figure in section.key_figures]
    used = [one for one in STATISTICS.values() if any(one.title in title for title in titles)]
    return (*(Definition(one.title, one.meaning) for one in used), *wording.defined())


def _privacy(snapshot: Snapshot, wording: Wording) -> tuple[str, ...]:
    spent = sum(release.epsilon for release in snapshot.releases)
    count = len(snapshot.releases)
    told = f"The figures come from {count} release{'s' if count != 1 else ''}; together they cost epsilon {spent:.4g}."
    notes = wording.privacy_notes
    return (*notes, told, "Making this report cost nothing further.") if count else notes


def _notices(snapshot: Snapshot, *, service: bool) -> tuple[str, ...]:
    said = [*snapshot.notices, *snapshot.filters.describe()]
    if not service and not snapshot.releases:
        grain = snapshot.filters.grain.value
        said.insert(0, f"No {grain} in this range is released; there are no figures about players to show.")
    latest = snapshot.latest
    if latest is not None:
        known = {part for key in latest.cells for part in key if part}
        wanted = (
            *snapshot.filters.therapeutic_focus,
            *snapshot.filters.session_frequency,
            *snapshot.filters.engagement_level,
        )
        unknown = [name for name in wanted if name not in known]
        said += [f"No released group is called {', '.join(unknown)}."] if unknown else []
        hidden = sum(cell.hidden for cell in latest.cells.values())
        said += [f"{hidden} small groups are hidden to protect their players."] if hidden else []
    unknown = [name for name in snapshot.filters.statistics if name not in STATISTICS]
    said += [f"No statistic is called {', '.join(unknown)}."] if unknown else []
    return tuple(said)


def _sources(snapshot: Snapshot) -> tuple[Source, ...]:
    releases = tuple(
        Source("release", one.release_id, f"{one.grain.value.capitalize()} from {one.start:%Y-%m-%d}")
        for one in snapshot.releases
    )
    retention = (
        (Source("release", snapshot.retention.release_id, f"Retention from {snapshot.retention.start:%Y-%m-%d}"),)
        if snapshot.retention
        else ()
    )
    names = dict.fromkeys(metric.name for metric in snapshot.metrics)
    return (*releases, *retention, *(Source("metric", name, "Service metric") for name in names))
