"""Rolling statistics of one player's own signals over the last 24 hours, in memory that does not grow.

Hourly buckets: a statistic covers the present hour and the 23 before it. Never averaged over players.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitoring_svc.domain.holding import Hold
from monitoring_svc.domain.signal import Signal

HOURS = 24
STATISTICS = ("mean", "minimum", "maximum", "last", "count")
"""What rules may ask of each number: `mean.engagement_score`."""


@dataclass(slots=True)
class Bucket:
    """The points of one field in one hour."""

    hour: int
    """Hours since 1970."""
    count: int
    total: float
    minimum: float
    maximum: float


@dataclass(slots=True)
class Rolling:
    """The window of one player."""

    buckets: dict[str, list[Bucket]] = field(default_factory=dict)
    """Per field, oldest first, at most 24."""
    last: dict[str, float] = field(default_factory=dict)
    """The value before the present one, per field."""
    holds: dict[str, Hold] = field(default_factory=dict)
    """Per rule with a duration: how long its condition has held."""

    def add(self, signal: Signal) -> None:
        """Take in the numbers of a signal."""
        hour = int(signal.observed_at.timestamp() // 3600)
        for name, value in signal.numbers():
            kept = [bucket for bucket in self.buckets.get(name, ()) if hour - HOURS < bucket.hour]
            self.buckets[name] = kept
            bucket = next((bucket for bucket in reversed(kept) if bucket.hour == hour), None)
            if bucket is None:
                kept.append(Bucket(hour, 1, value, value, value))
                kept.sort(key=lambda bucket: bucket.hour)
            else:
                bucket.count += 1
                bucket.total += value
                bucket.minimum = min(bucket.minimum, value)
                bucket.maximum = max(bucket.maximum, value)
            self.last[name] = value

    def statistics(self) -> Mapping[str, Mapping[str, float]]:
        """Return statistic -> field -> value. `last` is the newest value taken in."""
        table: dict[str, dict[str, float]] = {name: {} for name in STATISTICS}
        for name, buckets in self.buckets.items():
            count = sum(bucket.count for bucket in buckets)
            table["count"][name] = float(count)
            table["mean"][name] = sum(bucket.total for bucket in buckets) / count
            table["minimum"][name] = min(bucket.minimum for bucket in buckets)
            table["maximum"][name] = max(bucket.maximum for bucket in buckets)
        table["last"].update(self.last)
        return table


def to_state(window: Rolling) -> dict[str, Any]:
    """Return a window as JSON."""
    buckets = {
        name: [[one.hour, one.count, one.total, one.minimum, one.maximum] for one in kept]
        for name, kept in window.buckets.items()
    }
    holds = {rule_id: [hold.condition, hold.since, hold.last] for rule_id, hold in window.holds.items()}
    return {"buckets": buckets, "last": dict(window.last), "holds": holds}


def from_state(state: Mapping[str, Any]) -> Rolling:
    """Return the window of `to_state`."""
    buckets = {name: [Bucket(*one) for one in kept] for name, kept in state["buckets"].items()}
    holds = {rule_id: Hold(*hold) for rule_id, hold in state.get("holds", {}).items()}
    return Rolling(buckets, dict(state["last"]), holds)
