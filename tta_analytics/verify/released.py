"""Checks of releases: each is one answer for ever, and what is read from it says so. Nothing is charged."""

from typing import Any

from tta_analytics.verify.checks import Failed
from tta_analytics.verify.run import Run, must

NEVER = {"period_start": "2099-01-01T00:00:00Z", "grain": "month"}
"""A period that is not over."""
TOO_MANY: dict[str, Any] = {"user_data": [{}] * 1001}
"""One record more than a batch may have: refused before anything is recorded or charged."""

TRIES = 3
"""Somebody else's release may be charged meanwhile; a refusal that costs something costs it each time."""


async def refusals(run: Run) -> str:
    """Pass where an open period and an inline batch that is too large are refused, and nothing was spent by it."""

    async def spent() -> int:
        return int((await run.at.call("GET", "/api/v1/privacy/budget"))["lifetime_spent_micros"])

    after = await spent()
    for _ in range(TRIES):
        before = after
        await run.at.refused("POST", "/api/v1/releases", NEVER, "period_open")
        for path in ("/api/v1/behavior:aggregate", "/aggregate/behavior"):
            await run.at.refused("POST", path, TOO_MANY, "request_invalid")
        if (after := await spent()) == before:
            return "refused, nothing spent"
    raise Failed(f"spent {before} before and {after} after")


async def by_id(run: Run) -> str:
    """Pass where the newest release answers by its id, and asked for again is the same and costs nothing."""
    listed = (await run.at.call("GET", "/api/v1/releases?kind=cohorts&page_size=20"))["releases"]
    if not listed:
        await run.at.refused("GET", f"/api/v1/releases/{run.mark}", None, "release_not_found")
        return "none yet; an id of none is not found"
    newest = listed[0]
    release = await run.at.call("GET", f"/api/v1/releases/{newest['release_id']}")
    must(release["period"] == newest["period"], f"listed {newest['period']}, read {release['period']}")
    cells = release["cells"]
    must(any(cell["level"] == "all" for cell in cells), "no cell of all players")
    for cell in cells:
        if not cell["hidden"]:
            _within(cell["subjects"], "players")
    first = next((one for one in listed if one["revision"] == 0), None)
    if first is not None:
        question = {"period_start": first["period"]["start"], "grain": first["period"]["grain"]}
        again = await run.at.call("POST", "/api/v1/releases", question)
        must(again["release_id"] == first["release_id"], "the same question got another answer")
    return f"{len(cells)} cells of {release['period']['start'][:10]}"


async def cohorts(run: Run) -> str:
    """Pass where cohorts, their analysis, comparison, patterns and retention come from released periods alone."""
    found = await run.at.call("GET", "/api/v1/cohorts?page_size=1000")
    cells = found["cohorts"]
    patterns = (await run.at.call("GET", "/api/v1/patterns?page_size=5"))["patterns"]
    if not cells:
        must(not patterns, "patterns of no release")
        for path in ("/api/v1/cohorts:analyze", "/api/v1/cohorts:compare", "/api/v1/retention"):
            await run.at.refused("GET", path, None, "release_not_found")
        return "none are released yet"
    release_ids = {each["release_id"] for each in cells}
    analysis = await run.at.call("GET", "/api/v1/cohorts:analyze")
    must(analysis["release_id"] in release_ids, "the analysis is of another release than the cohorts")
    must(analysis["total_cohorts"] == len(analysis["cohorts"]), f"{analysis['total_cohorts']} cohorts said")
    for pattern in patterns:
        must(0 <= pattern["stability"] <= 1, f"a stability of {pattern['stability']}")
    shown = [each["cell"] for each in cells if not each["cell"]["hidden"]]
    names = {cell["therapeutic_focus"] for cell in shown if cell["level"] == "focus"}
    if names and any(cell["level"] == "all" for cell in shown):
        name = min(names)
        compared = await run.at.call("GET", "/api/v1/cohorts:compare", params={"right.therapeutic_focus": name})
        must(compared["right"]["cell"]["therapeutic_focus"] == name, f"{name} was not compared")
    else:
        await run.at.refused("GET", "/api/v1/cohorts:compare", None, "same_cohort", "cell_not_found")
    return f"{len(cells)} cells, {len(patterns)} patterns, {await _retention(run)}"


async def _retention(run: Run) -> str:
    listed = (await run.at.call("GET", "/api/v1/releases?kind=retention&page_size=1"))["releases"]
    if not listed:
        await run.at.refused("GET", "/api/v1/retention", None, "release_not_found")
        return "no retention yet"
    period = listed[0]["period"]
    asked = {"period_start": period["start"], "grain": period["grain"]}
    retention = await run.at.call("GET", "/api/v1/retention", params=asked)
    weeks = [each["week"] for each in retention["weeks"]]
    must(weeks == list(range(len(weeks))), f"weeks {weeks}")
    return f"{len(weeks)} weeks of retention"


def _within(estimate: dict[str, Any], what: str) -> None:
    if not estimate["lower"] <= estimate["value"] <= estimate["upper"]:
        raise Failed(f"{what}: {estimate['value']} is not within {estimate['lower']} to {estimate['upper']}")
