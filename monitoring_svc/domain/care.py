"""Figures about our care."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from monitoring_svc.domain.severity import AlertType, Severity


@dataclass(frozen=True, slots=True)
class DurationFigures:
    """How long something took, in seconds."""

    count: int = 0
    median: float = 0.0
    p90: float = 0.0
    maximum: float = 0.0

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        """Return the figures of durations; quantiles are nearest ranks."""
        if not seconds:
            return cls()
        ordered = sorted(seconds)
        last = len(ordered) - 1
        return cls(len(ordered), ordered[round(last * 0.5)], ordered[round(last * 0.9)], ordered[-1])


@dataclass(frozen=True, slots=True)
class Tally:
    """Alerts of one kind."""

    alert_type: AlertType
    severity: Severity
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Care:
    """How well we care."""

    alerts: tuple[Tally, ...]
    time_to_acknowledge: DurationFigures
    """From trigger to first acknowledgement."""
    time_to_resolve: DurationFigures
    """From trigger to resolution."""
    interventions: int
    notifications_delivered: int
    notifications_dead: int
