"""What readers of the predecessor's `/alerts/stream` know: one JSON alert a frame, no heartbeats."""

from functools import lru_cache

import orjson

from gateway.streams.frames import Frame

_KNOWN = (
    *("alert_id", "alert_type", "severity", "title", "message", "data", "user_cohort", "triggered_at"),
    *("resolved_at", "resolved_by", "count", "state", "subject_pseudonym"),
)
_TIMES = ("triggered_at", "resolved_at")
"""What the predecessor wrote with an offset instead of a `Z`."""


@lru_cache(maxsize=256)
def bare_alert(frame: Frame) -> bytes | None:
    """Return the alert of a frame as `/alerts/active` prints it, and the cursor; none for heartbeats."""
    alert = orjson.loads(frame.json).get("event", {}).get("alert")
    if alert is None:
        return None
    known = {name: alert[name] for name in _KNOWN if alert.get(name) not in (None, "")}
    known |= {name: known[name].replace("Z", "+00:00") for name in _TIMES if name in known}
    return orjson.dumps({**known, "is_resolved": alert.get("state") == "resolved", "cursor": frame.cursor})
