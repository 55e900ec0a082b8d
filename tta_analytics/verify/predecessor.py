"""Checks of the predecessor's paths: each answers in the shape that its callers know."""

import json
from functools import partial

from websockets.asyncio.client import ClientConnection, connect

from tta_analytics.verify import alerts, reports
from tta_analytics.verify.checks import Failed
from tta_analytics.verify.run import METRIC, NOTE, Run, must, shown

SHAPES = {
    "/patterns": ("patterns", "total_count", "analysis_timestamp"),
    "/cohorts/analysis": ("total_cohorts", "cohort_statistics", "analysis_timestamp"),
    "/reports": ("reports", "total_count"),
    "/alerts/active": ("alerts", "count"),
    "/metrics/current": ("metrics", "timestamp"),
}
"""Path -> what its answer holds."""
STREAM = "/alerts/stream"
"""Its WebSocket: one alert a frame; what it is sent is ignored."""


async def reads(run: Run) -> str:
    """Pass where every reading path answers in its shape."""
    for path, names in SHAPES.items():
        answer = await run.at.call("GET", path)
        must(set(names) <= set(answer), f"GET {path} answers {sorted(answer)}")
    return f"{len(SHAPES)} paths"


async def signals(run: Run) -> str:
    """Pass where a metric and a signal are processed, and an alert is streamed, and listed until it is resolved."""

    async def sent() -> None:
        answer = await run.at.call("POST", "/metrics/process", {"metric_name": METRIC, "value": 0.5})
        must(answer == {"status": "processed", "metric": METRIC}, f"a metric: {answer}")

    async def current() -> bool | None:
        metrics = (await run.at.call("GET", "/metrics/current"))["metrics"]
        return True if metrics.get(METRIC, {}).get("value") == 0.5 else None

    await shown(sent, current)  # a replica that does not own the series hears of it by its next checkpoint
    signal = {"user_id": run.mark, "engagement_score": 0.6, "recent_messages": []}
    answer = await run.tell(run.mark, "POST", "/users/process", signal)
    must(answer == {"status": "processed", "user_id": run.mark}, f"a signal: {answer}")
    run.at.note("GET", STREAM)
    address = f"{run.at.url.replace('http', 'ws', 1)}{STREAM}"
    async with connect(
        address, additional_headers=run.at.headers, proxy=None, open_timeout=run.at.timeout_seconds
    ) as socket:
        await socket.send("ignored")
        alert_id = await alerts.fired(run, "predecessor")
        await _arrived(socket, alert_id)
    must(alert_id in await _active(run), "the alert is not among the active")
    answer = await run.at.call("POST", f"/alerts/{alert_id}/resolve?resolved_by=tta-verify")
    must(answer == {"status": "resolved", "alert_id": alert_id}, f"resolved: {answer}")
    run.alert_ids.remove(alert_id)
    must(alert_id not in await _active(run), "the alert is still among the active")
    return "a metric, a signal, an alert"


async def report(run: Run) -> str:
    """Pass where a report is generated and read by its url."""
    body = {"report_type": "system_performance", "report_format": "json", "title": run.mark, "description": NOTE}
    generate = partial(run.at.call, "POST", "/reports/generate", body)
    made = await run.settle("POST /reports/generate", generate, partial(reports.found, run))
    run.written.append(f"/api/v1/reports/{made['report_id']}")
    must(made["status"] in ("completed", "processing"), f"the report is {made['status']}: {made['message']}")
    if made["status"] == "processing":
        return "begun"
    read = await run.at.raw("GET", made["report_url"])
    must(read.status_code == 200 and run.mark in read.text, f"{made['report_url']}: {read.status_code}")
    await run.take_away(f"/api/v1/reports/{made['report_id']}")
    return f"{len(read.content)} bytes"


async def _arrived(socket: ClientConnection, alert_id: str) -> None:
    async for frame in socket:
        if json.loads(frame).get("alert_id") == alert_id:
            return
    raise Failed("the WebSocket ended before the alert came")


async def _active(run: Run) -> list[str]:
    return [each["alert_id"] for each in (await run.at.call("GET", "/alerts/active"))["alerts"]]
