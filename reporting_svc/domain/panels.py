"""What a dashboard is made of: panels on a grid of twelve columns."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mesh.refusal import InvalidArgument, Violation
from reporting_svc.domain.snapshot import Filters, Grain
from reporting_svc.domain.statistics import STATISTICS

COLUMNS = 12


class PanelKind(StrEnum):
    """What a panel looks like."""

    KEY_FIGURE = "key_figure"
    CHART = "chart"
    TABLE = "table"
    TEXT = "text"


class Breakdown(StrEnum):
    """Over what a panel's statistic is drawn."""

    PERIOD = "period"
    FOCUS = "focus"
    COHORT = "cohort"


@dataclass(frozen=True, slots=True)
class PanelSource:
    """Something that a panel can show."""

    source_id: str
    title: str
    description: str
    unit: str
    kinds: tuple[PanelKind, ...]
    breakdowns: tuple[Breakdown, ...] = ()


FIGURES = (PanelKind.KEY_FIGURE, PanelKind.CHART, PanelKind.TABLE)
DRAWN = (PanelKind.CHART, PanelKind.TABLE)

SOURCES = {
    one.source_id: one
    for one in (
        *(
            PanelSource(name, statistic.title, statistic.meaning, statistic.unit, FIGURES, tuple(Breakdown))
            for name, statistic in STATISTICS.items()
        ),
        PanelSource("outcomes", "Outcomes", "Shares of players by category of their latest outcome.", "share", DRAWN),
        PanelSource("retention", "Retention", "Share of players active by week since their first.", "share", DRAWN),
        PanelSource("segments", "Segments", "Behaviour segments of the newest release.", "share", DRAWN),
        PanelSource("forecast", "Forecast", "Players, with trend and values ahead.", "players", DRAWN),
        PanelSource("metrics", "Service metrics", "The service metrics that the filters name.", "", DRAWN),
    )
}
"""By id, in the order of a menu. Showing `metrics` needs `view_operations`."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel; left column and top row from 0."""

    panel_id: str
    title: str
    kind: PanelKind
    source_id: str = ""
    breakdown: Breakdown = Breakdown.PERIOD
    filters: Filters = field(default_factory=Filters)
    text: str = ""
    column: int = 0
    row: int = 0
    width: int = 6
    height: int = 4


class Visibility(StrEnum):
    """Who may see a dashboard."""

    PRIVATE = "private"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A saved arrangement of panels."""

    dashboard_id: str
    title: str
    description: str
    panels: tuple[Panel, ...]
    range_periods: int
    range_grain: Grain
    visibility: Visibility
    version: int
    created_by: str
    created_at: datetime
    updated_at: datetime

    @property
    def operational(self) -> bool:
        """Whether it shows service metrics."""
        return shows_metrics(self.panels)

    def open_to(self, name: str) -> bool:
        """Whether somebody who is no admin may see it."""
        return self.visibility is Visibility.SHARED or self.created_by == name


def shows_metrics(panels: tuple[Panel, ...]) -> bool:
    """Return whether any panel shows service metrics, which need `view_operations`."""
    return any(panel.source_id == "metrics" for panel in panels)


def check(panels: tuple[Panel, ...]) -> None:
    """Raise InvalidArgument with every panel that is wrong: unknown source, wrong form, off the grid, overlapping."""
    violations = []
    for index, panel in enumerate(panels):
        where = f"dashboard.panels[{index}]"
        source = SOURCES.get(panel.source_id)
        if panel.kind is PanelKind.TEXT:
            if not panel.text.strip():
                violations.append(Violation(f"{where}.text", "required", "a text panel needs words"))
        elif source is None:
            known = ", ".join(SOURCES)
            violations.append(Violation(f"{where}.source_id", "unknown_source", f"is none of {known}"))
        elif panel.kind not in source.kinds:
            shapes = ", ".join(source.kinds)
            violations.append(Violation(f"{where}.kind", "kind_unfit", f"{source.title} can be {shapes}"))
        if panel.column + panel.width > COLUMNS:
            violations.append(Violation(f"{where}.width", "off_grid", f"reaches beyond column {COLUMNS}"))
        for other in range(index):
            if panels[other].panel_id == panel.panel_id:
                violations.append(Violation(f"{where}.panel_id", "unique", f"is that of panel {other} too"))
            if _overlap(panel, panels[other]):
                violations.append(Violation(f"{where}.row", "overlap", f"lies over panel {other}"))
    if violations:
        raise InvalidArgument("panels_invalid", "The panels can't be arranged so.", violations=violations[:50])


def _overlap(one: Panel, other: Panel) -> bool:
    aside = one.column + one.width <= other.column or other.column + other.width <= one.column
    above = one.row + one.height <= other.row or other.row + other.height <= one.row
    return not (aside or above)


def default_panels(statistics: tuple[str, ...] = ()) -> tuple[Panel, ...]:
    """Return the panels of a dashboard that nobody has arranged: these statistics, or all, two a row."""
    return tuple(
        Panel(f"panel-{name}", "", PanelKind.CHART, name, column=6 * (index % 2), row=4 * (index // 2))
        for index, name in enumerate(name for name in STATISTICS if not statistics or name in statistics)
    )
