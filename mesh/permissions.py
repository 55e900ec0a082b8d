"""Who may do what: the ceiling of each role, as one table."""

from collections.abc import Mapping, Sequence
from typing import Final

ROLES: Final[Mapping[str, frozenset[str]]] = {
    "player": frozenset(),
    "moderator": frozenset(),
    "therapist": frozenset(
        {
            "view_anonymized_data",
            "manage_reports",
            "view_patient_progress",
            "access_crisis_protocols",
            "manage_silences",
        }
    ),
    "researcher": frozenset(
        {"view_anonymized_data", "export_anonymized_data", "train_models", "manage_reports"},
    ),
    "admin": frozenset(
        {
            "view_anonymized_data",
            "export_anonymized_data",
            "manage_releases",
            "train_models",
            "manage_reports",
            "view_patient_progress",
            "access_crisis_protocols",
            "manage_silences",
            "manage_rules",
            "manage_notifications",
            "access_audit_logs",
            "view_operations",
            "subscribe_alerts",
            "ingest",
        }
    ),
    "operator": frozenset({"view_operations"}),
    "service": frozenset({"subscribe_alerts", "ingest"}),
    "scheduler": frozenset({"manage_releases"}),
}
"""Role -> the permissions that it can have at most."""

ANONYMOUS: Final = frozenset(
    {
        "view_anonymized_data",
        "export_anonymized_data",
        "view_patient_progress",
        "view_operations",
        "manage_releases",
        "manage_reports",
        "access_crisis_protocols",
        "subscribe_alerts",
        "ingest",
    }
)
"""What everybody may do while authentication is off. Calls with `needs_identity` stay closed all the same."""

KNOWN_TO_TTA: Final = frozenset(
    {
        "view_anonymized_data",
        "export_anonymized_data",
        "view_patient_progress",
        "access_crisis_protocols",
        "access_audit_logs",
    }
)
"""Permissions that TTA's own tokens list. The others follow from the role, because TTA does not know their names."""

_OURS: Final = frozenset().union(*ROLES.values()) - KNOWN_TO_TTA


def permissions_of(role: str, listed: Sequence[str] | None) -> frozenset[str]:
    """Return the permissions of a token: within the ceiling of its role, and among those it lists, if it lists any.

    A list narrows what TTA has names for; once it names one of our own permissions, it narrows them all. An unknown
    role has none.
    """
    ceiling = ROLES.get(role, frozenset())
    if listed is None:
        return ceiling
    named = frozenset(listed)
    narrowed = KNOWN_TO_TTA if named.isdisjoint(_OURS) else ceiling
    return ceiling - (narrowed - named)
