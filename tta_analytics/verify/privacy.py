"""Checks of the account of privacy loss, of the audit trail, and of what may not be had without reason."""

import json

from tta_analytics.verify.run import NOTE, Run, must

NOBODY = "0" * 64
"""The pseudonym of no player."""


async def budget(run: Run) -> str:
    """Pass where the spent budget is within its cap and is what the ledger adds up to, and no smaller cap is taken."""
    found = await run.at.call("GET", "/api/v1/privacy/budget")
    spent, cap = found["spent_micros"], found["cap_micros"]
    must(spent <= cap, f"epsilon {spent / 1e6:g} is spent of {cap / 1e6:g}")
    must(found["left_micros"] == cap - spent, f"{found['left_micros']} left of {cap} after {spent}")
    parts = sum(each["epsilon_micros"] for each in found["spent_by_kind"])
    must(parts == spent, f"kinds of releases spent {parts} of {spent}")
    entries = (await run.at.call("GET", "/api/v1/privacy/ledger?page_size=1"))["entries"]
    must(bool(entries) == bool(found["lifetime_spent_micros"]), "the ledger does not tell who spent it")
    body = {"cap_micros": cap, "purpose": NOTE}
    await run.at.refused("POST", "/api/v1/privacy/budget:raise", body, "budget_not_raised")
    return f"epsilon {spent / 1e6:g} of {cap / 1e6:g}"


async def audit(run: Run) -> str:
    """Pass where the audit chain is whole and its newest entry is its head."""
    verification = await run.at.call("GET", "/api/v1/privacy/audit:verify")
    must(verification["intact"], json.dumps(verification))
    page = await run.at.call("GET", "/api/v1/privacy/audit?page_size=5")
    positions = [entry["position"] for entry in page["entries"]]
    must(positions == sorted(positions, reverse=True), f"entries come in the order {positions}")
    return f"{verification['entries']} entries"


async def reveal(run: Run) -> str:
    """Pass where a pseudonym of nobody reveals nobody, and a reveal without a purpose is refused."""
    path = "/api/v1/privacy/subjects:reveal"
    await run.at.refused("POST", path, {"pseudonym": NOBODY}, "request_invalid")
    asked = {"pseudonym": NOBODY, "purpose": f"{NOTE}: nobody is looked for"}
    return await run.at.refused("POST", path, asked, "subject_not_found")
