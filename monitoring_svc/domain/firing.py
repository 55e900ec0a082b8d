"""That a condition holds now: what folds into an alert."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.domain.signal import Value

OF_THE_SYSTEM = "alertmanager"
"""The rule id of every alert that Alertmanager sends: about the platform, never about a player."""


def fingerprint(rule_id: str, subject: bytes | None, labels: Mapping[str, str]) -> str:
    """Return what is one incident: the rule, the player's pseudonym and the series' labels, hashed to 32 hex digits."""
    digest = hashlib.sha256(rule_id.encode())
    digest.update(b"\x00" + (subject or b""))
    for name in sorted(labels):
        digest.update(f"\x00{name}\x01{labels[name]}".encode())
    return digest.hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Firing:
    """A condition that holds, for one player or one series."""

    fingerprint: str
    rule_id: str
    alert_type: AlertType
    severity: Severity
    title: str
    message: str
    intervention: str = ""
    subject: bytes | None = None
    """The player's pseudonym."""
    user_id: str | None = field(default=None, repr=False)
    """The player's id, in memory only: sealed into an alert that opens."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What silences and routes may match beside type, severity, rule and subject."""
    data: Mapping[str, Value] = field(default_factory=dict)
    """The numbers that made it fire."""
    cooldown_seconds: int = 0
    auto_resolve_seconds: int = 0
    elsewhere: tuple[str, ...] = ()
    """Fingerprints of the same incident under other keys of pseudonyms, while keys are rotated."""
