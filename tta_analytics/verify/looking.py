"""Checks that only look: health, pages, every list, and how fast it all was."""

import asyncio
import json
import math

import httpx

from tta_analytics.verify.checks import Failed, Skipped
from tta_analytics.verify.deployment import reason_of
from tta_analytics.verify.run import Run, must

EXPECTED = frozenset({"release_not_found", "same_cohort", "cell_not_found", "series_missing", "request_invalid"})
"""What a list may say when it is asked without parameters: nothing is released yet, or too few, or one is needed."""

BUSY_SECONDS = 15.0
"""So long a service may be too busy for a probe, which the gateway waits a second for; one that is longer is away."""


async def healthy(run: Run) -> str:
    """Pass where the gateway and all services are healthy, or are again after `BUSY_SECONDS` at most."""
    clock = asyncio.get_running_loop().time
    until = clock() + BUSY_SECONDS * run.at.patience
    while True:
        answer = await run.at.raw("GET", "/health")
        health = answer.json()
        if answer.status_code == 200 and health["status"] == "healthy":
            return ", ".join(f"{name} {state}" for name, state in sorted(health["dependencies"].items()))
        must(clock() < until, f"{answer.status_code} {json.dumps(health)}")
        await asyncio.sleep(1)


async def pages(run: Run) -> str:
    """Pass where pages are served, or a sign-in in their place."""
    sizes = []
    for path in ("/", "/docs"):
        answer = await run.at.raw("GET", path, headers={"Accept": "text/html"})
        must(answer.status_code in (200, 302, 303, 307, 401), f"GET {path}: {answer.status_code}")
        sizes.append(f"{path} {answer.status_code}")
    return ", ".join(sizes)


async def no_token(run: Run) -> str:
    """Pass where a call without a token is refused."""
    async with httpx.AsyncClient(timeout=run.at.timeout_seconds) as stranger:
        status = (await stranger.get(f"{run.at.url}/api/v1/privacy/audit")).status_code
    must(status in (401, 403), f"GET /api/v1/privacy/audit without a token: {status}")
    return str(status)


async def described(run: Run) -> str:
    """Pass where the API describes itself."""
    document = await run.at.call("GET", "/api/v1/openapi.json")
    return f"{sum(len(each) for each in document['paths'].values())} operations"


async def reads(run: Run) -> str:
    """Pass where every reading call without an id answers, or says in a problem document what it lacks."""
    document = await run.at.call("GET", "/api/v1/openapi.json")
    answered: dict[int, int] = {}
    for path, operations in sorted(document["paths"].items()):
        if "get" not in operations or "{" in path or "stream" in path:
            continue
        answer = await run.at.raw("GET", path)
        status = answer.status_code
        if status != 200 and status not in (401, 403) and reason_of(answer) not in EXPECTED:
            raise Failed(f"GET {path}: {status} {answer.text[:200]}")
        answered[status] = answered.get(status, 0) + 1
    if not answered.get(200):
        raise Skipped("the token may read nothing")
    return ", ".join(f"{number} x {status}" for status, number in sorted(answered.items()))


async def wrong_request(run: Run) -> str:
    """Pass where a wrong request is told which field is wrong."""
    await run.at.refused("GET", "/api/v1/alerts?page_size=-1", None, "request_invalid")
    return "400 with a problem document"


async def fast(run: Run, slow_seconds: float) -> str:
    """Pass where 95 of 100 answers came within `slow_seconds`."""
    times = sorted(seconds for each in run.at.times.values() for seconds in each)
    if not times:
        raise Skipped("nothing was called")
    slowest = times[math.ceil(0.95 * len(times)) - 1]
    median = times[len(times) // 2]
    said = f"median {1000 * median:.0f} ms, 95th percentile {1000 * slowest:.0f} ms of {len(times)} answers"
    must(slowest <= slow_seconds, said)
    return said
