"""Privacy: what was spent, what is released, the audit trail, a subject's rights."""

from typing import Any

from gateway.pages.page import Page, Query
from gateway.pages.reading import Reading


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read the budget, the releases and a page of the audit trail; the chain is checked only when asked."""
    paths: dict[str, Any] = {
        "budget": "/api/v1/privacy/budget",
        "releases": ("/api/v1/releases", {"page_size": 24}),
        "audit": ("/api/v1/privacy/audit", {"page_size": 25, "page_token": query.get("page")}),
    }
    if query.get("verify"):
        paths["verification"] = "/api/v1/privacy/audit:verify"
    return {"verification": None, **await reading.all(**paths)}


PAGE = Page(
    "/privacy",
    "Privacy",
    "How much the releases may tell of one player at most, who did what, and what a player may ask for.",
    "privacy.html",
    load,
)
