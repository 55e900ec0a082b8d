"""Checks of signals and metrics: judged, durable, listed, streamed. No signal of ours makes an alert."""

from datetime import UTC, datetime

from tta_analytics.verify.checks import Failed
from tta_analytics.verify.run import METRIC, Run, must, shown

CRISIS = "I am going to kill myself tonight"
"""What a dry run of the rules must recognise; judged in memory, nothing is stored and nobody is told."""


async def judged(run: Run) -> str:
    """Pass where harmless signals are accepted, one by one and in a batch, and fire nothing."""
    signal = {"user_id": run.mark, "engagement_score": 0.6, "interaction_count": 3}
    answer = await run.tell(run.mark, "POST", "/api/v1/signals", {"signal": signal})
    must(not answer["fired"], f"a harmless signal fired {answer['fired']}")
    batch = await run.at.call("POST", "/api/v1/signals:ingest", {"signals": [signal, signal]})
    must((batch["accepted"], batch["alerts_opened"]) == (2, 0), f"of a batch of two: {batch}")
    return "three signals, no rule fired"


async def dry_run(run: Run) -> str:
    """Pass where crisis language is recognised and a harmless sentence is not."""
    definition = {
        "rule_id": run.mark,
        "title": "Check of a deployment",
        "condition": "crisis_severity == 'imminent'",
        "severity": "low",
        "alert_type": "anomaly_detection",
    }
    took = 0.0
    for message, holds in ((CRISIS, True), ("I had a good day", False)):
        signal = {"user_id": run.mark, "recent_messages": [message]}
        answer = await run.at.call("POST", "/api/v1/rules:test", {"definition": definition, "signal": signal})
        must(answer["holds"] == holds, f"an imminent crisis was {'not ' if holds else ''}recognised")
        took = max(took, answer["evaluation_microseconds"])
    return f"{took:.0f} us"


async def interventions(run: Run) -> str:
    """Pass where the stream back to the game opens and says where to resume."""
    first = await run.at.first_event("/api/v1/interventions/stream")
    must(first["cursor"], f"no cursor in {first}")
    return f"from cursor {first['cursor']}"


async def measured(run: Run) -> str:
    """Pass where points of a metric are listed, streamed and rolled up with the value that was sent."""
    point = {"metric_name": METRIC, "value": 0.25, "unit": "seconds", "labels": run.labels}

    async def sent() -> None:
        taken = await run.at.call("POST", "/api/v1/metrics:ingest", {"metrics": [point, {**point, "value": 0.5}]})
        must((taken["accepted"], taken["alerts"]) == (2, 0), f"of two points: {taken}")

    async def listed() -> tuple[float, str] | None:
        metrics = (await run.at.call("GET", f"/api/v1/metrics?name_prefix={METRIC}&page_size=1000"))["metrics"]
        values = [(one["value"], one["status"]) for one in metrics if one["labels"] == run.labels]
        return values[0] if values == [(0.5, "normal")] else None

    await shown(sent, listed)  # a replica that does not own the series hears of it by its next checkpoint
    async with run.at.events(f"/api/v1/metrics/stream?name_prefix={METRIC}") as messages:
        async for message in messages:
            if any((one["labels"], one["value"]) == (run.labels, 0.5) for one in message["metrics"]):
                break
        else:
            raise Failed("the stream ended without the metric")
    path = f"/api/v1/metrics/{METRIC}/rollups"
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    rollups = (await run.at.call("GET", path, params={"window": "hour", "start": start.isoformat()}))["rollups"]
    must(all(one["minimum"] <= one["mean"] <= one["maximum"] for one in rollups), "a mean outside its range")
    return f"two points, {len(rollups)} roll-ups of this hour"
