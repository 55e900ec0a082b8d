"""Checks of contacts, routes and escalation policies: ours are switched off and lead nowhere, so nobody is told."""

from typing import Any

from tta_analytics.verify.run import LABEL, Run, must

NOWHERE = "http://127.0.0.1:9/tta-verify"
"""The discard port of the machine that monitoring runs on: nothing listens there."""
WEEK = 604800


async def kept(run: Run) -> str:
    """Pass where all three are created, read, listed, replaced and deleted, and no contact goes that a route names."""
    person = {"name": run.mark, "channel": "webhook", "address": NOWHERE, "enabled": False}
    contact_id, contact = await _made(run, "contacts", "contact_id", person)
    steps = [{"after_seconds": WEEK, "contact_ids": [contact_id]}]
    policy = {"name": run.mark, "steps": steps, "min_severity": "critical"}
    policy_id, policy_path = await _made(run, "escalation-policies", "policy_id", policy)
    route = {
        "name": run.mark,
        "min_severity": "critical",
        "matchers": [{"attribute": f"label.{LABEL}", "values": [run.slot]}],
        "contact_ids": [contact_id],
        "policy_id": policy_id,
        "enabled": False,
    }
    _, route_path = await _made(run, "routes", "route_id", route)
    await run.at.refused("POST", f"{contact}:test", {}, "channel_failed")
    await run.at.refused("DELETE", contact, None, "still_named")
    for path, reason in ((route_path, "route"), (policy_path, "escalation_policy"), (contact, "contact")):
        await run.take_away(path)
        await run.at.refused("GET", path, None, f"{reason}_not_found")
    return "a contact, a policy and a route"


async def deliveries(run: Run) -> str:
    """Pass where deliveries are listed, one that never was is not sent again, and a document for nobody is refused."""
    listed = (await run.at.call("GET", "/api/v1/deliveries?page_size=1000"))["deliveries"]
    must(all(one["attempts"] >= 0 and one["state"] for one in listed), "a delivery without a state")
    await run.at.refused("POST", f"/api/v1/deliveries/{run.mark}:retry", {}, "delivery_not_found")
    document = {"title": run.mark, "request_id": run.mark}
    await run.at.refused("POST", "/api/v1/documents:send", document, "no_recipient")
    return f"{len(listed)} listed"


async def _made(run: Run, kind: str, key: str, definition: dict[str, Any]) -> tuple[str, str]:
    """Create one, read it back, replace it, find it in its list; return its id and path."""
    made = await run.make(f"/api/v1/{kind}", {"definition": definition}, key)
    path = f"/api/v1/{kind}/{made[key]}"
    must(_same(definition, (await run.at.call("GET", path))["definition"]), f"{path} reads otherwise than it was made")
    renamed = {**definition, "name": f"{run.mark} again"}
    await run.at.call("PUT", path, {"definition": renamed})
    (items,) = [value for value in (await _all(run, kind)).values() if isinstance(value, list)]
    names = [one["definition"]["name"] for one in items if one[key] == made[key]]
    must(names == [renamed["name"]], f"{path} is listed as {names}")
    return str(made[key]), path


async def _all(run: Run, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = await run.at.call("GET", f"/api/v1/{kind}?page_size=1000")
    return found


def _same(sent: dict[str, Any], read: dict[str, Any]) -> bool:
    """Tell whether what is read holds all that was sent; nested parts may say more."""
    return all(name in read and (read[name] == value or isinstance(value, list)) for name, value in sent.items())
