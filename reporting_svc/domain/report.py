"""The model of a report: data first, written down by renderers. `report_model.proto` says what each field means."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Cell = str | float | int | None
"""A cell of a table: words, a number, or nothing known."""


class ReportType(StrEnum):
    """What a report is about."""

    THERAPEUTIC_OUTCOMES = "therapeutic_outcomes"
    USER_ENGAGEMENT = "user_engagement"
    SYSTEM_PERFORMANCE = "system_performance"
    COHORT_ANALYSIS = "cohort_analysis"
    TREND_ANALYSIS = "trend_analysis"
    CUSTOM_DASHBOARD = "custom_dashboard"


class ReportFormat(StrEnum):
    """How a report is written down."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    EXCEL = "excel"
    CSV = "csv"


DATA_FORMATS = frozenset({ReportFormat.EXCEL, ReportFormat.CSV})
"""Formats made to be computed with further."""


class Strength(StrEnum):
    """How far the data carry a finding."""

    DESCRIPTIVE = "descriptive"
    SUPPORTED = "supported"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence that the figures carry."""

    text: str
    strength: Strength = Strength.DESCRIPTIVE


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number of weight with its 95 % interval."""

    key_figure_id: str
    label: str
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    note: str
    uninformative: bool = False


class ChartKind(StrEnum):
    """How a chart is drawn."""

    LINE = "line"
    BAR = "bar"
    INTERVAL = "interval"
    STACKED = "stacked"


class SeriesRole(StrEnum):
    """What a series of a chart is."""

    OBSERVED = "observed"
    FITTED = "fitted"
    FORECAST = "forecast"
    BASELINE = "baseline"


class AxisScale(StrEnum):
    """What an axis measures."""

    NUMBER = "number"
    TIME = "time"
    CATEGORY = "category"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class ChartAxis:
    """One axis."""

    title: str
    scale: AxisScale
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One value with its interval; x is a category, or a moment as RFC 3339."""

    x: str
    y: float | None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """Points that belong together."""

    name: str
    points: tuple[ChartPoint, ...]
    role: SeriesRole = SeriesRole.OBSERVED


@dataclass(frozen=True, slots=True)
class ChartMark:
    """A marked place on the x axis."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart; `finding` is its alternative text, the table of `table_id` holds the same values."""

    chart_id: str
    title: str
    finding: str
    description: str
    kind: ChartKind
    x_axis: ChartAxis
    y_axis: ChartAxis
    series: tuple[ChartSeries, ...]
    table_id: str
    marks: tuple[ChartMark, ...] = ()


class ColumnKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    SHARE = "share"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    column_id: str
    title: str
    kind: ColumnKind
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of cells in the order of the columns."""

    table_id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report under one heading."""

    section_id: str
    title: str
    lead: str
    key_figures: tuple[KeyFigure, ...] = ()
    findings: tuple[Finding, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A word and what it means here."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from: a `release` or a `metric`."""

    kind: str
    source_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report, frozen."""

    report_type: ReportType
    title: str
    description: str
    range_start: datetime
    range_end: datetime
    data_as_of: datetime
    generated_at: datetime
    summary: tuple[Finding, ...]
    sections: tuple[Section, ...]
    definitions: tuple[Definition, ...]
    privacy_notes: tuple[str, ...]
    notices: tuple[str, ...]
    sources: tuple[Source, ...]
