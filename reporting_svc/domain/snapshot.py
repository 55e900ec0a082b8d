"""What a report is built from: released statistics and service metrics, frozen at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Grain(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A published figure; the interval holds privacy noise and variation between players."""

    value: float
    lower: float
    upper: float
    privacy_margin: float = 0.0
    """Half the 95 % interval of the privacy noise alone."""
    uninformative: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """One measure of one cell."""

    mean: Estimate
    spread: float | None = None
    """Standard deviation between players; None where unknown."""
    count: float = 0.0
    """Players who have a value, as released."""


Key = tuple[str, str, str]
"""Focus, frequency, level; empty strings for all."""

EVERYBODY: Key = ("", "", "")


@dataclass(frozen=True, slots=True)
class Cell:
    """The statistics of one group of players in one period."""

    key: Key
    players: Estimate
    figures: Mapping[str, Figures] = field(default_factory=lambda: MappingProxyType({}))
    """By name of the measure."""
    outcomes: Mapping[str, Estimate] = field(default_factory=lambda: MappingProxyType({}))
    """Players by category of their latest outcome."""
    hidden: bool = False

    @property
    def name(self) -> str:
        """The name as people read it."""
        return cell_name(self.key)


def cell_name(key: Key) -> str:
    """Return how people read a group: `All players`, `anxiety`, `anxiety, daily, high`."""
    if key == EVERYBODY:
        return "All players"
    return ", ".join(part for part in key if part)


@dataclass(frozen=True, slots=True)
class Segment:
    """A behaviour segment of a release."""

    pattern_type: str
    name: str
    players: Estimate
    share: Estimate
    stability: float


@dataclass(frozen=True, slots=True)
class Release:
    """The private statistics of one period."""

    release_id: str
    grain: Grain
    start: datetime
    end: datetime
    epsilon: float
    cells: Mapping[Key, Cell]
    segments: tuple[Segment, ...] = ()

    def cell(self, key: Key) -> Cell | None:
        """Return a cell that may be shown."""
        cell = self.cells.get(key)
        return None if cell is None or cell.hidden else cell


@dataclass(frozen=True, slots=True)
class Retention:
    """How many players of an entry period came back, by week since their first session."""

    release_id: str
    start: datetime
    players: Estimate
    weeks: tuple[tuple[int, Estimate], ...]
    """Week from 0, and the share active in it, 0 to 1."""


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """A service metric over one window of time."""

    time: datetime
    mean: float
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Metric:
    """A service metric: about the service, never about players."""

    name: str
    labels: str
    unit: str
    status: str
    latest: float
    measured_at: datetime
    points: tuple[MetricPoint, ...] = ()

    @property
    def title(self) -> str:
        """Name and labels."""
        return f"{self.name} {{{self.labels}}}" if self.labels else self.name


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something took, in seconds."""

    count: int
    median: float
    ninetieth: float
    longest: float


@dataclass(frozen=True, slots=True)
class Care:
    """How well alerts were looked after."""

    alerts: tuple[tuple[str, str, str, int], ...]
    """Type, severity, state, how many."""
    acknowledged: Duration
    resolved: Duration
    interventions: int
    delivered: int
    given_up: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cohorts, statistics and metrics a report keeps; empty keeps all."""

    grain: Grain = Grain.MONTH
    therapeutic_focus: tuple[str, ...] = ()
    session_frequency: tuple[str, ...] = ()
    engagement_level: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()

    def keeps(self, key: Key) -> bool:
        """Return whether a group passes; a filter on frequency or level passes full cohorts only."""
        wanted = (self.therapeutic_focus, self.session_frequency, self.engagement_level)
        return all(not names or part in names for part, names in zip(key, wanted, strict=True))

    @property
    def narrow(self) -> bool:
        """Whether single cohorts were asked for."""
        return bool(self.session_frequency or self.engagement_level)

    def describe(self) -> list[str]:
        """Say what was kept, one line a filter."""
        named = (
            ("Therapeutic focus", self.therapeutic_focus),
            ("Session frequency", self.session_frequency),
            ("Engagement level", self.engagement_level),
            ("Statistics", self.statistics),
            ("Metrics", self.metrics),
        )
        return [f"{name}: {', '.join(values)} only." for name, values in named if values]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that a report may use."""

    taken_at: datetime
    start: datetime
    end: datetime
    filters: Filters
    releases: tuple[Release, ...] = ()
    """Of the filter's grain, oldest first."""
    retention: Retention | None = None
    metrics: tuple[Metric, ...] = ()
    care: Care | None = None
    notices: tuple[str, ...] = ()
    """What could not be had, for people."""

    @property
    def latest(self) -> Release | None:
        """The newest release."""
        return self.releases[-1] if self.releases else None

    @property
    def data_as_of(self) -> datetime:
        """The newest moment that any figure knows of; the moment it was taken where there are no figures."""
        known = [release.end for release in self.releases] + [metric.measured_at for metric in self.metrics]
        known += [self.taken_at] if self.care is not None else []
        return min(max(known), self.taken_at) if known else self.taken_at
