"""Checks of trends, comparisons and forecasts, on figures of our own whose answers are known."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tta_analytics.verify.run import Run, must

SLOPE, DAYS = 2.0, 40
"""The figures rise by so much a day, for so many days."""
WIGGLE = (0.0, 0.5, -0.5, 0.25, -0.25)
"""What is added to them in turn: its mean is zero."""


def series(level: float = 0.0, slope: float = SLOPE) -> list[dict[str, Any]]:
    """Return daily figures that start at `level` and rise by `slope`."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    return [
        {
            "time": (start + timedelta(days=day)).isoformat(),
            "value": level + slope * day + WIGGLE[day % len(WIGGLE)],
        }
        for day in range(DAYS)
    ]


async def trend(run: Run) -> str:
    """Pass where a rise is found with its slope."""
    said = await run.at.call("POST", "/api/v1/trends", {"points": series(), "season_length": 1})
    slope = said["slope"]
    must(said["direction"] == "rising" and said["points"] == DAYS, f"{said['direction']} over {said['points']} points")
    must(abs(slope["value"] - SLOPE) < 0.05, f"a slope of {slope['value']} where {SLOPE} was sent")
    must(slope["lower"] <= slope["value"] <= slope["upper"], f"an interval of {slope}")
    return f"{slope['value']:.3f} a day"


async def comparison(run: Run) -> str:
    """Pass where figures that lie higher are told so, by how much."""
    body = {"points": series(10.0, 0.0), "baseline_points": series(5.0, 0.0)}
    said = await run.at.call("POST", "/api/v1/baselines:compare", body)
    must(said["verdict"] == "higher", f"the verdict is {said['verdict']}")
    must(abs(said["difference"]["value"] - 5.0) < 0.05, f"a difference of {said['difference']['value']} for 5")
    return f"{said['difference']['value']:.2f} higher"


async def forecast(run: Run) -> str:
    """Pass where the rise goes on, within intervals that hold the expected value."""
    body = {"points": series(), "season_length": 1, "horizon": 3}
    said = await run.at.call("POST", "/api/v1/forecasts", body)
    ahead = [one["value"] for one in said["points"]]
    must(len(ahead) == 3, f"{len(ahead)} values ahead: {said['verdict']}")
    for number, one in enumerate(ahead):
        must(one["lower"] <= one["value"] <= one["upper"], f"an interval of {one}")
        must(abs(one["value"] - SLOPE * (DAYS + number)) < 5, f"{one['value']} on day {DAYS + number}")
    return f"by {said['method']}"
