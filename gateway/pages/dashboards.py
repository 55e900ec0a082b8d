"""Dashboards: the list of them, one to read, and the builder in which it is arranged."""

from collections.abc import Mapping
from typing import Any

from gateway.pages.page import Fragment, Page, Query
from gateway.pages.panels import shown
from gateway.pages.reading import Missing, Reading

GRAINS = ("day", "week", "month")
_PLACED = {"title": "", "column": 0, "row": 0, "width": 1, "height": 1}
"""What a panel is where the browser does not say."""


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read a page of dashboards."""
    return await reading.all(dashboards=("/api/v1/dashboards", {"page_size": 50, "page_token": query.get("page")}))


async def load_one(reading: Reading, query: Query) -> dict[str, Any]:
    """Read a dashboard, what its panels show, and what panels can show."""
    read = await reading.all(
        dashboard=f"/api/v1/dashboards/{query['dashboard_id']}",
        sources="/api/v1/panel-sources",
    )
    dashboard = read["dashboard"]
    panels = sorted(dashboard["panels"], key=lambda panel: (panel["row"], panel["column"])) if dashboard else []
    return {
        **read,
        "panels": panels,
        "contents": await _contents(reading, dashboard) if panels else {},
        "editing": bool(query["edit"] and dashboard and dashboard["may_manage"]),
        "grains": GRAINS,
    }


async def load_panels(reading: Reading, body: Any) -> dict[str, Any] | Missing:
    """Build what the panels of `body` show, a dashboard that need not be saved."""
    contents = await _contents(reading, body)
    if isinstance(contents, Missing):
        return contents
    return {"panels": [{**_PLACED, **panel} for panel in body.get("panels", ())], "contents": contents}


async def _contents(reading: Reading, dashboard: Mapping[str, Any]) -> Any:
    document = await reading.post("/api/v1/dashboards:preview", {"dashboard": dashboard, "include_figures": True})
    return document if isinstance(document, Missing) else shown(document)


PAGE = Page(
    "/dashboards",
    "Dashboards",
    "Charts, figures and words that you or others put side by side.",
    "dashboards.html",
    load,
)
ONE = Page(
    "/dashboards/{dashboard_id}",
    "Dashboard",
    "What somebody chose to see side by side.",
    "dashboard.html",
    load_one,
    in_menu=False,
)
PANELS = Fragment("/dashboards/panels", "panels.html", load_panels)
