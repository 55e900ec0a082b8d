"""Which series are read: figures of TTA's services, never of its players."""

from collections.abc import Iterable
from dataclasses import dataclass

_PERSONAL = frozenset(
    {"player", "playerid", "user", "userid", "username", "email", "patient", "patientid", "sessionid", "characterid"}
)


def personal(labels: Iterable[str]) -> list[str]:
    """Return the labels that name somebody, however they are written: a series that carries one is left out."""
    return sorted(name for name in labels if name.replace("_", "").lower() in _PERSONAL)


@dataclass(frozen=True, slots=True)
class Query:
    """One expression and the metric that it becomes."""

    name: str
    expression: str
    """PromQL that gives current values: counters as rates, histograms as quantiles."""
    unit: str = ""


QUERIES = (
    Query("tta_http_requests_per_second", "sum by (service) (rate(tta_http_requests_total[5m]))", "per second"),
    Query(
        "tta_http_error_ratio",
        'sum by (service) (rate(tta_http_requests_total{status_code=~"5.."}[5m]))'
        " / sum by (service) (rate(tta_http_requests_total[5m]))",
        "ratio",
    ),
    Query(
        "tta_http_request_p95_seconds",
        "histogram_quantile(0.95, sum by (le, service) (rate(tta_http_request_duration_seconds_bucket[5m])))",
        "seconds",
    ),
    Query("tta_system_cpu_usage_percent", "avg by (service) (tta_system_cpu_usage_percent)", "percent"),
)
"""What is read without a choice. Counts of sessions and of interactions are not: they are sums over players, which
leave the platform in private releases only."""


def parse_query(text: str) -> Query:
    """Read `NAME=EXPRESSION`. Raises ValueError."""
    name, equals, expression = text.partition("=")
    if not (equals and name.strip() and expression.strip()):
        raise ValueError("write it as NAME=EXPRESSION")
    if name.strip().startswith("tta_analytics_"):
        raise ValueError("the prefix tta_analytics_ is this platform's own")
    return Query(name.strip(), expression.strip())
