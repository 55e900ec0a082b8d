"""Overview: today at a glance."""

from typing import Any

from gateway.pages.alerts import SEVERITIES
from gateway.pages.charts import bars
from gateway.pages.page import Page, Query
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


def _urgency(alert: Any) -> tuple[int, bool]:
    """Order by severity; players in danger stand before services in trouble."""
    return SEVERITIES.index(alert["severity"]), alert["alert_type"] != "safety_concern"


def _players(cohorts: Any) -> Any:
    cells = [each["cell"] for each in cohorts["cohorts"] if not each["cell"]["hidden"]] if cohorts else []
    if not cells:
        return None
    cells.sort(key=lambda cell: -cell["subjects"]["value"])
    first = cells[0]
    finding = (
        f"Most players of the latest released period worked on {first['therapeutic_focus']}: "
        f"about {first['subjects']['value']:,.0f}."
    )
    names = [cell["therapeutic_focus"] for cell in cells]
    return bars("Players by focus", finding, names, [cell["subjects"] for cell in cells], "players", 0)


PAGE = Page(
    "/", "Overview", "Today at a glance: who needs help, and what the latest release says.", "overview.html", load
)
