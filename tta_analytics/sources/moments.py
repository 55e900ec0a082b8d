"""Times as TTA's stores have them: ISO 8601 text, native times of the graph's driver, with or without a zone."""

from datetime import UTC, datetime
from typing import Any


def moment(value: Any) -> datetime | None:
    """Return a time with its zone, UTC where it names none; none where the value is no time."""
    native = getattr(value, "to_native", None)
    if native is not None:
        value = native()
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
