"""Thresholds of a metric, with hysteresis: a value must come well back before its trouble counts as over."""

from dataclasses import dataclass
from enum import IntEnum

DEFAULT_HYSTERESIS = 0.05


class Status(IntEnum):
    """What a value means. Ordered by trouble; the numbers are those of the wire format."""

    NORMAL = 1
    WARNING = 2
    CRITICAL = 3

    @property
    def label(self) -> str:
        """The short lower-case name."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a value is trouble."""

    warning: float | None = None
    critical: float | None = None
    below: bool = False
    """Whether low values are the trouble."""
    hysteresis: float = DEFAULT_HYSTERESIS
    """How far back inside a threshold a value must come, as a fraction of the threshold's size."""

    def status(self, value: float, before: Status) -> Status:
        """Return what a value means after `before`: trouble grows at once and ends only past the hysteresis."""
        if self._past(self.critical, value, 0.0):
            raw = Status.CRITICAL
        elif self._past(self.warning, value, 0.0):
            raw = Status.WARNING
        else:
            raw = Status.NORMAL
        if raw >= before:
            return raw
        if before is Status.CRITICAL and self._past(self.critical, value, self.hysteresis):
            return Status.CRITICAL
        if before >= Status.WARNING and self._past(self.warning, value, self.hysteresis):
            return Status.WARNING
        return raw

    def _past(self, threshold: float | None, value: float, margin: float) -> bool:
        if threshold is None:
            return False
        room = margin * abs(threshold)
        return value <= threshold + room if self.below else value >= threshold - room


def thresholds(
    warning: float | None, critical: float | None, direction: str = "", hysteresis: float | None = None
) -> Thresholds:
    """Return thresholds; without a direction (`above`, `below`) low is trouble where critical is under warning."""
    below = direction == "below" or (
        not direction and warning is not None and critical is not None and critical < warning
    )
    return Thresholds(warning, critical, below, DEFAULT_HYSTERESIS if hysteresis is None else hysteresis)
