"""Writes the Grafana dashboards: `python scripts/grafana_dashboards.py [--check]`."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "deploy/observability/grafana/dashboards"
SOURCE = {"type": "prometheus", "uid": "tta-analytics-prometheus"}


@dataclass(frozen=True)
class Panel:
    """One panel: what it says, what it asks, in which unit, and from where on a value is bad."""

    title: str
    expr: str
    legend: str = "{{job}}"
    unit: str = "short"
    kind: str = "timeseries"
    bad_from: float | None = None


MESH = [
    Panel("Processes that take work", "sum by (job) (tta_analytics_ready)", kind="stat"),
    Panel("Calls a second", "job:tta_analytics_grpc_requests:rate5m", unit="reqps"),
    Panel("Faults a second", "job:tta_analytics_grpc_faults:rate5m", unit="reqps", bad_from=0.1),
    Panel("99th percentile of calls", "job:tta_analytics_grpc_request_seconds:p99_5m", unit="s", bad_from=0.5),
    Panel(
        "Refusals by code",
        "sum by (code) (rate(tta_analytics_grpc_refused_total[5m]))",
        "{{code}}",
        "reqps",
    ),
    Panel("Open calls and streams", "sum by (job) (tta_analytics_grpc_in_flight)"),
    Panel(
        "HTTP requests a second",
        "sum by (status) (rate(tta_analytics_gateway_requests_total[5m]))",
        "{{status}}",
        "reqps",
    ),
    Panel(
        "HTTP faults a second by route",
        'sum by (route, status) (rate(tta_analytics_gateway_requests_total{status=~"5.."}[5m]))',
        "{{route}} {{status}}",
        "reqps",
    ),
    Panel(
        "99th percentile of HTTP requests",
        "histogram_quantile(0.99, sum by (le) (rate(tta_analytics_gateway_request_seconds_bucket[5m])))",
        "all routes",
        "s",
    ),
    Panel("Lag of the event loop, 99th percentile", "job:tta_analytics_event_loop_lag_seconds:p99_5m", unit="s"),
    Panel("Processor time", "rate(tta_analytics_process_cpu_seconds_total[5m])", "{{job}} {{instance}}", "percentunit"),
    Panel("Resident memory", "tta_analytics_process_resident_memory_bytes", "{{job}} {{instance}}", "bytes"),
    Panel(
        "File descriptors in use",
        "tta_analytics_process_open_fds / tta_analytics_process_max_fds",
        "{{job}} {{instance}}",
        "percentunit",
    ),
    Panel(
        "Background work that failed",
        "sum by (job, task) (increase(tta_analytics_background_failures_total[1h]))",
        "{{job}} {{task}}",
    ),
    Panel("Error budget burn, 1 h", "tta_analytics:availability_errors:ratio_rate1h / 0.001", "availability"),
]
ALERTS = [
    Panel("Open alerts", "max by (severity, state) (tta_analytics_alerts_open)", "{{severity}} {{state}}"),
    Panel(
        "Oldest alert nobody acknowledged",
        "max by (severity) (tta_analytics_alert_oldest_unacknowledged_seconds)",
        "{{severity}}",
        "s",
        bad_from=300,
    ),
    Panel(
        "Time to acknowledge, 90th percentile of a day",
        "histogram_quantile(0.9, sum by (le, severity) (rate(tta_analytics_alert_acknowledge_seconds_bucket[1d])))",
        "{{severity}}",
        "s",
    ),
    Panel(
        "Signals a second", 'sum(rate(tta_analytics_grpc_requests_total{method=~".*Signals?"}[5m]))', "signals", "reqps"
    ),
    Panel(
        "Signals refused or later than 0.5 s",
        "tta_analytics:signals_refused_or_late:ratio_rate5m",
        "share",
        "percentunit",
        bad_from=0.0144,
    ),
    Panel(
        "Refused signals by code",
        'sum by (code) (rate(tta_analytics_grpc_refused_total{method=~"ProcessSignal|IngestSignals"}[5m]))',
        "{{code}}",
        "reqps",
    ),
    Panel("Open alert streams", "sum(tta_analytics_alert_subscribers)", "streams"),
    Panel("Outbox", "max by (channel) (tta_analytics_outbox_waiting)", "{{channel}}"),
    Panel(
        "Age of the outbox", "max by (urgency) (tta_analytics_outbox_oldest_seconds)", "{{urgency}}", "s", bad_from=120
    ),
    Panel("Given up", "max by (channel) (tta_analytics_outbox_dead)", "{{channel}}", bad_from=1),
    Panel(
        "Notifications", "sum by (channel, outcome) (increase(tta_analytics_notifications_total[1h]))", "{{channel}}"
    ),
    Panel(
        "Failures that were survived",
        "sum by (what) (increase(tta_analytics_monitoring_failures_total[1h]))",
        "{{what}}",
    ),
]
PRIVACY = [
    Panel("Budget left", "min(tta_analytics_privacy_budget_left_epsilon)", "epsilon", kind="stat"),
    Panel("Spent in 365 days", "max(tta_analytics_privacy_budget_spent_epsilon)", "epsilon"),
    Panel("Cap", "max(tta_analytics_privacy_budget_cap_epsilon)", "epsilon", kind="stat"),
    Panel("Spent since the store began", "max(tta_analytics_privacy_budget_lifetime_epsilon)", "epsilon", kind="stat"),
    Panel("Age of the newest monthly release", "tta_analytics:release_age:seconds", "age", "s", bad_from=36 * 86400),
    Panel(
        "Facts a second", "sum by (kind, outcome) (rate(tta_analytics_facts_total[5m]))", "{{kind}} {{outcome}}", "rps"
    ),
    Panel("Releases that wait", "sum(tta_analytics_releases_waiting)", "all"),
    Panel("Of these on Spark", "sum(tta_analytics_spark_waiting)", "on Spark"),
    Panel("Exported months to compare", "sum(tta_analytics_export_months_waiting)", "months"),
    Panel("Ids revealed", "sum(increase(tta_analytics_subjects_revealed_total[1d]))", "in a day"),
]
REPORTS = [
    Panel("Reports by state", "max by (state) (tta_analytics_reports)", "{{state}}"),
    Panel("Oldest report that waits", "max(tta_analytics_report_oldest_waiting_seconds)", "waits", "s", bad_from=600),
    Panel("Most overdue schedule", "max(tta_analytics_schedule_oldest_due_seconds)", "overdue", "s", bad_from=600),
    Panel("Failures", "sum by (what) (increase(tta_analytics_reporting_failures_total[1h]))", "{{what}}"),
    Panel(
        "Calls a second",
        'sum by (method) (rate(tta_analytics_grpc_requests_total{job="reporting"}[5m]))',
        "{{method}}",
        "reqps",
    ),
]
BOARDS = {"mesh": MESH, "alerts": ALERTS, "privacy": PRIVACY, "reports": REPORTS}


def board(name: str, panels: list[Panel]) -> dict[str, Any]:
    """Return a dashboard as Grafana reads it, two panels a row."""
    return {
        "uid": f"tta-analytics-{name}",
        "title": f"TTA Analytics: {name}",
        "tags": ["tta", "tta-analytics"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "links": [{"type": "dashboards", "tags": ["tta"], "asDropdown": True, "title": "TTA"}],
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.bad_from is not None:
        steps.append({"color": "red", "value": panel.bad_from})
    return {
        "id": number + 1,
        "type": panel.kind,
        "title": panel.title,
        "datasource": SOURCE,
        "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
        "fieldConfig": {
            "defaults": {"unit": panel.unit, "thresholds": {"mode": "absolute", "steps": steps}},
            "overrides": [],
        },
        "targets": [{"refId": "A", "datasource": SOURCE, "expr": panel.expr, "legendFormat": panel.legend}],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="Fail where the files differ from what would be written.")
    check = parser.parse_args().check
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, panels in BOARDS.items():
        file, text = FOLDER / f"{name}.json", json.dumps(board(name, panels), indent=2) + "\n"
        if check and (not file.exists() or file.read_text() != text):
            sys.exit(f"{file} is stale; run python scripts/grafana_dashboards.py")
        if not check:
            file.write_text(text)


if __name__ == "__main__":
    main()
