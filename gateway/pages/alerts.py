"""Alerts: the live list, and one alert with its history."""

from typing import Any

from gateway.pages.page import Page, Query
from gateway.pages.reading import Reading

STATES = ("firing", "acknowledged", "resolved")
SEVERITIES = ("critical", "high", "medium", "low")


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read a page of alerts by state and severity, and the silences in force."""
    states = [query["state"]] if query.get("state") in STATES else ["firing", "acknowledged"]
    wanted = {
        "states": states,
        "severities": [query["severity"]] if query.get("severity") in SEVERITIES else None,
        "page_size": 50,
        "page_token": query.get("page"),
    }
    shown = await reading.all(alerts=("/api/v1/alerts", wanted), silences=("/api/v1/silences", {"active_only": "true"}))
    return {**shown, "states": STATES, "severities": SEVERITIES}


async def load_one(reading: Reading, query: Query) -> dict[str, Any]:
    """Read one alert and what happened to it."""
    path = f"/api/v1/alerts/{query['alert_id']}"
    return await reading.all(alert=path, events=(f"{path}/events", {"page_size": 200}))


PAGE = Page(
    "/alerts", "Alerts", "Every player and service that someone must look at, newest first.", "alerts.html", load
)
ONE = Page(
    "/alerts/{alert_id}", "Alert", "What happened, what to do, and who did what.", "alert.html", load_one, in_menu=False
)
