"""One series of a metric: its last value, its thresholds, its detector and what became of it. Memory does not grow."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mesh.refusal import Refusal
from monitoring_svc.domain.detectors import Detector, Episode, restored, started
from monitoring_svc.domain.rollups import Rollup, Window, window_start
from monitoring_svc.domain.thresholds import Status, Thresholds

SHARDS = 32
"""Series are owned by shard; each belongs to one."""
YOUNG = 50
"""Points before a score means anything."""


@dataclass(frozen=True, slots=True)
class Point:
    """One measured value."""

    metric_name: str
    value: float
    recorded_at: datetime
    unit: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    thresholds: Thresholds | None = None
    """None keeps those that the series has."""
    alarms: bool = True
    """Whether it may make alerts: those about the system's own figures are Alertmanager's."""

    @property
    def series_id(self) -> str:
        """What tells the series from all others, 32 hex digits."""
        return series_id(self.metric_name, self.labels)


def series_id(metric_name: str, labels: Mapping[str, str]) -> str:
    """Return what tells a series from all others."""
    text = json.dumps([metric_name, sorted(labels.items())], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def shard_of(series: str) -> int:
    """Return the shard of a series."""
    return int(series[:8], 16) % SHARDS


@dataclass(slots=True)
class Series:
    """A series as its owner keeps it."""

    series_id: str
    metric_name: str
    labels: Mapping[str, str]
    caller: str
    unit: str
    value: float
    recorded_at: datetime
    thresholds: Thresholds = field(default_factory=Thresholds)
    status: Status = Status.NORMAL
    points: int = 0
    score: float | None = None
    """The last anomaly score over the detector's threshold: from 1 on an anomaly."""
    detector: Detector = field(default_factory=started)
    episode: Episode = field(default_factory=lambda: Episode(1.0))
    threshold_open: bool = False
    """Whether an alert about the threshold may be open."""
    anomaly_open: bool = False
    """Whether an alert about an anomaly may be open."""
    told_at: datetime | None = None
    """When a threshold alert was told last."""
    owed: tuple[float, float] | None = None
    """Value and score of an anomaly that did not reach the log: the next point tells it, however usual that one is."""
    approximate: bool = False
    dirty: bool = True
    rollups: dict[tuple[Window, datetime], Rollup] = field(default_factory=dict)
    """Parts of windows since the last checkpoint."""

    def take(self, point: Point) -> bool:
        """Take in a point; return whether its score is an alarm. A point older than the last is rolled up only."""
        self._roll_up(point)
        self.dirty = True
        if self.points and point.recorded_at < self.recorded_at:
            return False
        self.points += 1
        self.value, self.recorded_at = point.value, point.recorded_at
        self.unit = point.unit or self.unit
        if point.thresholds is not None:
            self.thresholds = point.thresholds
        self.status = self.thresholds.status(point.value, self.status)
        at = point.recorded_at.timestamp()
        score = self.detector.score(point.value, at) / self.detector.threshold
        self.score = score if self.points > YOUNG else None
        return self.score is not None and self.episode.alarms(score, at)

    def untold(self, anomaly: tuple[float, float] | None) -> None:
        """Note that what followed from the last points did not reach the log: the next point tells it again.

        `anomaly` is the value and score of one that was among it. The detector has learned its value: sent again, the
        same point would be nothing unusual.
        """
        self.told_at, self.threshold_open, self.anomaly_open = None, True, True
        self.owed = anomaly or self.owed
        self.dirty = True

    def _roll_up(self, point: Point) -> None:
        for window in Window:
            key = (window, window_start(window, point.recorded_at))
            self.rollups.setdefault(key, Rollup()).add(point.value, point.recorded_at)

    def snapshot(self) -> dict[str, Any]:
        """Return everything that the next score and status depend on, as JSON."""
        limits = self.thresholds
        return {
            "value": self.value,
            "thresholds": [limits.warning, limits.critical, limits.below, limits.hysteresis],
            "status": int(self.status),
            "points": self.points,
            "score": self.score,
            "detector": self.detector.snapshot(),
            "episode": [self.episode.quiet, self.episode.worst, self.episode.last],
            "owed": self.owed,
        }


@dataclass(frozen=True, slots=True)
class Recorded:
    """A series after its point, and the alerts that the point opened or repeated."""

    series: Series
    alert_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A series to keep, and the parts of its roll-ups since the last time."""

    series: Series
    parts: dict[tuple[Window, datetime], Rollup]


def restore(
    series: str,
    metric_name: str,
    labels: Mapping[str, str],
    caller: str,
    unit: str,
    recorded_at: datetime,
    state: Mapping[str, Any],
) -> Series:
    """Return the series of a checkpoint; one whose detector cannot be read learns anew.

    What became of its alerts after the checkpoint is not known: they may be open.
    """
    try:
        detector = restored(state["detector"])
    except Refusal:
        detector = started()
    quiet, worst, last = state["episode"]
    owed = state.get("owed")
    return Series(
        series,
        metric_name,
        labels,
        caller,
        unit,
        state["value"],
        recorded_at,
        Thresholds(*state["thresholds"]),
        Status(state["status"]),
        state["points"],
        state["score"],
        detector,
        Episode(1.0, quiet, worst, last),
        threshold_open=True,
        anomaly_open=True,
        owed=None if owed is None else (owed[0], owed[1]),
        dirty=False,
    )
