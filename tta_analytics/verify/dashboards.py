"""Checks of dashboards: a private one of our own is built, saved, rendered and deleted."""

from typing import Any

from tta_analytics.verify.run import Run, must


async def kept(run: Run) -> str:
    """Pass where a dashboard is previewed, created, saved in versions, rendered, listed and deleted."""
    sources = (await run.at.call("GET", "/api/v1/panel-sources"))["sources"]
    source = next((one for one in sources if "chart" in one["kinds"]), None)
    must(source is not None, "nothing can be charted")
    panels = [_panel("words", kind="text", text=run.mark), _panel("chart", kind="chart", source_id=_id(source), row=4)]
    board = {"title": run.mark, "panels": panels, "visibility": "private"}
    preview = await run.at.call("POST", "/api/v1/dashboards:preview", {"dashboard": board})
    shown = [each["section_id"] for each in preview["sections"]]
    must(shown == ["words", "chart"], f"the preview shows {shown}")
    made = await run.make("/api/v1/dashboards", {"dashboard": board}, "dashboard_id")
    path = f"/api/v1/dashboards/{made['dashboard_id']}"
    await run.at.call("PUT", path, {"dashboard": {**board, "panels": panels[:1], "version": made["version"]}})
    versions = [len((await run.at.call("GET", f"{path}?version={each}"))["panels"]) for each in (1, 2)]
    must(versions == [2, 1], f"panels by version: {versions}")
    page = await run.at.raw("GET", f"{path}:render?format=html")
    must(page.status_code == 200 and run.mark in page.text, f"rendered: {page.status_code}")
    listed = (await run.at.call("GET", "/api/v1/dashboards?page_size=1000"))["dashboards"]
    must(made["dashboard_id"] in [each["dashboard_id"] for each in listed], "it is not listed")
    await run.take_away(path)
    await run.at.refused("GET", path, None, "dashboard_not_found")
    return f"{len(sources)} sources of panels"


def _panel(panel_id: str, **fields: Any) -> dict[str, Any]:
    return {"panel_id": panel_id, "width": 6, "height": 4, **fields}


def _id(source: Any) -> str:
    return str(source["source_id"])
