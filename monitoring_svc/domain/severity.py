"""How much an alert matters and what kind of concern it is."""

from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How much an alert matters. Ordered; the numbers are those of the wire format."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The short lower-case name."""
        return self.name.lower()


class AlertType(StrEnum):
    """What kind of concern an alert is."""

    THERAPEUTIC_INTERVENTION = "therapeutic_intervention"
    SYSTEM_PERFORMANCE = "system_performance"
    USER_ENGAGEMENT = "user_engagement"
    ANOMALY_DETECTION = "anomaly_detection"
    SAFETY_CONCERN = "safety_concern"


def never_held_back(alert_type: AlertType, severity: Severity) -> bool:
    """Return whether nothing may hold the alert back: no silence, cooldown, grouping, storm or automatic resolution."""
    return alert_type is AlertType.SAFETY_CONCERN and severity >= Severity.HIGH
