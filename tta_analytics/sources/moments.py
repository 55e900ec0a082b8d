"""Times as TTA's stores have them: ISO 8601 text or the graph's own type, with or without a zone; seconds."""

from datetime import UTC, datetime
from typing import Any


def moment(value: Any) -> datetime | None:
    """Return a time with its zone, UTC where it names none; none where the value is no time."""
    native = getattr(value, "to_native", None)
    if native is not None:
        try:
            value = native()
        except (ValueError, OverflowError):  # the graph has years beyond 9999
            return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def minutes(seconds: Any) -> Any:
    """Return seconds as minutes, and what is no number as it is: its parser refuses it."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return seconds
    try:
        return seconds / 60
    except OverflowError:  # JSON has whole numbers of any length
        return seconds
