"""Reports: make one, see how far it is, read it, and have it made regularly."""

from typing import Any

from gateway.pages.page import Page, Query
from gateway.pages.reading import Reading

TYPES = ("therapeutic_outcomes", "user_engagement", "cohort_analysis", "trend_analysis", "system_performance")
FORMATS = ("html", "pdf", "excel", "csv", "json")


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read a page of reports and the schedules."""
    shown = await reading.all(
        reports=("/api/v1/reports", {"page_size": 25, "page_token": query.get("page")}),
        schedules=("/api/v1/schedules", {"page_size": 50}),
    )
    return {**shown, "types": TYPES, "formats": FORMATS}


PAGE = Page(
    "/documents",
    "Reports",
    "Documents made from the releases, on demand or on a schedule.",
    "reports.html",
    load,
)
