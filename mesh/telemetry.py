"""What a process tells of itself: metrics for Prometheus and, where a collector is set, traces.

Every name starts with `tta_analytics_`. Labels never hold a subject, a cohort or a caller.
"""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

NAMESPACE = "tta_analytics"

REGISTRY = CollectorRegistry()
"""The metrics of this process."""

ProcessCollector(namespace=NAMESPACE, registry=REGISTRY)

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Default upper bounds of histograms of durations, in seconds."""


def counter(name: str, help_text: str, labels: Sequence[str] = ()) -> Counter:
    """Return a counter `tta_analytics_<name>_total`."""
    return Counter(name, help_text, labels, namespace=NAMESPACE, registry=REGISTRY)


def gauge(name: str, help_text: str, labels: Sequence[str] = ()) -> Gauge:
    """Return a gauge `tta_analytics_<name>`."""
    return Gauge(name, help_text, labels, namespace=NAMESPACE, registry=REGISTRY)


def histogram(name: str, help_text: str, labels: Sequence[str] = (), buckets: Sequence[float] = SECONDS) -> Histogram:
    """Return a histogram `tta_analytics_<name>`; its unit belongs into the name."""
    return Histogram(name, help_text, labels, namespace=NAMESPACE, registry=REGISTRY, buckets=buckets)


READY = gauge("ready", "1 while the process takes work, 0 while it does not")
