"""Overview: today at a glance."""

from typing import Any

from gateway.pages.alerts import SEVERITIES
from gateway.pages.charts import Chart, at_least, bars
from gateway.pages.page import Page, Query, number, period
from gateway.pages.reading import Reading

OPEN = ["firing", "acknowledged"]


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read open alerts, the latest month by focus, the budget, and reports."""
    shown = await reading.all(
        alerts=("/api/v1/alerts", {"states": OPEN, "page_size": 20}),
        cohorts=("/api/v1/cohorts", {"level": "focus", "page_size": 50}),
        budget="/api/v1/privacy/budget",
        care="/api/v1/care",
        reports=("/api/v1/reports", {"page_size": 1}),
    )
    if shown["alerts"]:
        shown["alerts"]["alerts"].sort(key=_urgency)
    return {**shown, "chart": _players(shown["cohorts"])}


def _urgency(alert: Any) -> tuple[bool, int]:
    """Players in danger stand before all else; then severity decides."""
    severity = SEVERITIES.index(alert["severity"])
    return alert["alert_type"] != "safety_concern" or severity > SEVERITIES.index("high"), severity


def _players(cohorts: Any) -> Chart | None:
    released = [each for each in cohorts["cohorts"] if not each["cell"]["hidden"]] if cohorts else []
    counts = {str(each["cell"]["therapeutic_focus"]): each["cell"]["subjects"] for each in released}
    found = sorted(
        ((name, at_least(0, count)) for name, count in counts.items() if not count["uninformative"]),
        key=lambda each: -each[1]["value"],
    )
    if not found:
        return None
    when = period(**released[0]["period"])
    (first, most), *others = found
    finding = f"In {when} about {number(most['value'], 0)} players worked on {first}"
    if others:
        certain = most["lower"] > others[0][1]["upper"]
        finding += ", more than on anything else" if certain else f"; the noise hides whether {others[0][0]} had more"
    hidden = [name for name, count in counts.items() if count["uninformative"]]
    finding += f". For {', '.join(hidden)} the noise is too large to tell." if hidden else "."
    return bars("Players by focus", finding, [name for name, _ in found], [count for _, count in found], "players", 0)


PAGE = Page(
    "/", "Overview", "Today at a glance: who needs help, and what the latest release says.", "overview.html", load
)
