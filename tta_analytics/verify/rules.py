"""Checks of rules: one of our own is made, changed and deleted, and never switched on."""

from tta_analytics.verify.checks import Skipped
from tta_analytics.verify.run import NOTE, Run, must


async def kept(run: Run) -> str:
    """Pass where a rule is created, listed, replaced, and gone once it is deleted."""
    definition = {
        "rule_id": run.mark,
        "title": NOTE,
        "condition": "engagement_score < 0.01",
        "severity": "low",
        "alert_type": "user_engagement",
        "enabled": False,
    }
    path = f"/api/v1/rules/{run.mark}"
    run.written.append(path)
    try:
        made = await run.at.call("POST", "/api/v1/rules", {"definition": definition})
    except Skipped:
        run.written.remove(path)
        raise
    changed = {**definition, "condition": "engagement_score < 0.02"}
    saved = await run.at.call("PUT", path, {"definition": changed, "version": made["version"]})
    must(saved["version"] == made["version"] + 1, f"version {saved['version']} after {made['version']}")
    await run.at.refused("PUT", path, {"definition": changed, "version": made["version"]}, "rule_changed")
    must(await _conditions(run) == [changed["condition"]], "it is not listed as it was saved")
    await run.take_away(path)
    must(await _conditions(run) == [], "it is still listed")
    return "made, changed, deleted, never on"


async def _conditions(run: Run) -> list[str]:
    listed = (await run.at.call("GET", "/api/v1/rules?page_size=1000"))["rules"]
    must(any(one["built_in"] for one in listed), "no built-in rule is listed")
    found = [one["definition"] for one in listed]
    return [one["condition"] for one in found if one["rule_id"] == run.mark]
