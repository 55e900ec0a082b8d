"""Checks of reports and schedules: ours tell of the system alone, and go again."""

import hashlib
from typing import Any

from tta_analytics.verify.run import Run, must, until

OVER = ("done", "failed", "cancelled")


async def made(run: Run) -> str:
    """Pass where a report is made while its progress is streamed, downloaded whole, listed and deleted."""
    report_id, path = await asked_for(run)
    states = []
    async with run.at.events(f"{path}/progress") as messages:
        async for message in messages:
            states.append(message.get("state"))
            if states[-1] in OVER:
                break
    must(states and states[-1] == "done", f"the report is {states[-1:]}")
    report = await run.at.call("GET", f"{path}?include_document=true")
    must(report["document"]["title"] == run.mark, f"the document's title is {report['document']['title']}")
    sizes = []
    for kind in ("json", "html"):
        content = await run.at.raw("GET", f"{path}/content?format={kind}")
        must(content.status_code == 200 and run.mark in content.text, f"{kind}: {content.status_code}")
        sizes.append(f"{kind} {len(content.content)} bytes")
        for rendition in report["renditions"]:
            if rendition["format"] == kind:
                found = hashlib.sha256(content.content).hexdigest()
                must(found == rendition["sha256"], f"{kind}: the bytes are not those that were made")
    listed = (await run.at.call("GET", "/api/v1/reports?mine=true&page_size=1000"))["reports"]
    must(report_id in [each["report_id"] for each in listed], "it is not listed")
    await run.take_away(path)
    await run.at.refused("GET", path, None, "report_not_found")
    return ", ".join(sizes)


async def cancelled(run: Run) -> str:
    """Pass where a report that was just asked for can be cancelled, and is over then."""
    _, path = await asked_for(run)
    state = (await run.at.call("POST", f"{path}:cancel", {}))["state"]
    must(state in ("cancelled", "done"), f"after its cancellation it is {state}")
    await run.take_away(path)
    return f"{state} when it was told"


async def scheduled(run: Run) -> str:
    """Pass where a paused schedule is made, changed, run once by hand, and deleted with its report."""
    schedule = {"name": run.mark, "cron": "0 0 1 1 *", "spec": _spec(run), "paused": True}
    kept = await run.make("/api/v1/schedules", {"schedule": schedule}, "schedule_id")
    path = f"/api/v1/schedules/{kept['schedule_id']}"
    renamed = {**schedule, "name": f"{run.mark} again", "version": kept["version"]}
    await run.at.call("PUT", path, {"schedule": renamed})
    read = await run.at.call("GET", path)
    must((read["name"], read["version"]) == (renamed["name"], 2), f"it reads {read['name']}, {read['version']}")
    must(not read["next_runs"], "it would run though it is paused")
    listed = (await run.at.call("GET", "/api/v1/schedules?page_size=1000"))["schedules"]
    must(kept["schedule_id"] in [one["schedule_id"] for one in listed], "it is not listed")
    await run.ask(f"{path}:run", {}, lambda begun: run.written.append(f"/api/v1/reports/{begun['report_id']}"))

    async def over() -> Any:
        (found,) = (await run.at.call("GET", f"{path}/runs"))["runs"]
        return found if found["state"] in ("done", "failed", "skipped") else None

    ended = await until(over)
    must(ended["state"] == "done" and ended["manual"], f"its run is {ended['state']}: {ended.get('failure')}")
    report = await run.at.call("GET", f"/api/v1/reports/{ended['report_id']}")
    must(report["schedule_id"] == kept["schedule_id"], "the report does not say whose it is")
    await run.take_away(f"/api/v1/reports/{ended['report_id']}")
    await run.take_away(path)
    await run.at.refused("GET", path, None, "schedule_not_found")
    return "run once by hand"


async def found(run: Run) -> None:
    """List what there is of the run's reports among what has to go: for a write that was not answered."""
    listed = (await run.at.call("GET", "/api/v1/reports?mine=true&page_size=1000"))["reports"]
    ours = [f"/api/v1/reports/{each['report_id']}" for each in listed if each["spec"]["title"] == run.mark]
    run.written += [path for path in ours if path not in run.written]


async def asked_for(run: Run) -> tuple[str, str]:
    """Ask for a report; return its id and path."""
    report = await run.make("/api/v1/reports", {"spec": _spec(run)}, "report_id")
    return str(report["report_id"]), f"/api/v1/reports/{report['report_id']}"


def _spec(run: Run) -> dict[str, Any]:
    return {"report_type": "system_performance", "formats": ["json"], "title": run.mark}
