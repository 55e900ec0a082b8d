"""Checks of facts about players of our own: taken in once, read back, exported, and erased at the end."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tta_analytics.verify.checks import Skipped
from tta_analytics.verify.run import Run, must, until


async def taken_in(run: Run) -> str:
    """Pass where consent opens the door, facts are stored once, and the player's progress shows them."""
    at, player, now = run.at, run.mark, datetime.now(UTC)
    session = {
        "user_id": player,
        "session_id": f"{player}-1",
        "started_at": (now - timedelta(minutes=20)).isoformat(),
        "duration_minutes": 12.5,
        "interaction_count": 9,
    }
    early = await run.tell(player, "POST", "/api/v1/sessions:ingest", {"sessions": [session]})
    must((early["stored"], early["refused"]) == (0, 1), f"stored without consent: {early}")
    await at.call("PUT", f"/api/v1/consents/{player}", {"analytics": True})
    for wanted in ("stored", "unchanged"):
        taken = await at.call("POST", "/api/v1/sessions:ingest", {"sessions": [session]})
        must((taken["received"], taken[wanted]) == (1, 1), f"the session is not {wanted}: {taken}")
    when = {"user_id": player, "recorded_at": now.isoformat()}
    snapshots = {"snapshots": [{**when, "overall_progress": 0.5}]}
    must((await at.call("POST", "/api/v1/progress:ingest", snapshots))["stored"] == 1, "progress is not stored")
    outcomes = {"outcomes": [{**when, "instrument": "PHQ-9", "score": 7}]}
    must((await at.call("POST", "/api/v1/outcomes:record", outcomes))["stored"] == 1, "the outcome is not stored")
    consent = await at.call("GET", f"/api/v1/consents/{player}")
    must(consent["analytics"] and not consent["research"], f"consent reads {consent}")
    meta = (await at.call("GET", f"/api/v1/players/{player}/progress/viz?days=7"))["meta"]
    must((meta["total_sessions"], meta["avg_session_duration"]) == (1, 12.5), f"read back: {meta}")
    return "one session, one snapshot, one outcome"


async def consents(run: Run) -> str:
    """Pass where decisions of many are set, a withdrawal stands, and the history tells both."""
    player = f"{run.mark}-2"

    async def decide(analytics: bool) -> Any:
        body = {"decisions": [{"user_id": player, "analytics": analytics}]}
        return await run.tell(player, "POST", "/api/v1/consents:batchSet", body)

    counts = [await decide(True), await decide(True), await decide(False)]
    must([each["changed"] for each in counts] == [1, 0, 1], f"a yes, the same again, a no: {counts}")
    consent = await run.at.call("GET", f"/api/v1/consents/{player}")
    must(not consent["analytics"], f"after a withdrawal: {consent}")
    changes = (await run.at.call("GET", f"/api/v1/consents/{player}/history"))["changes"]
    told = [(each["purpose"], each["granted"]) for each in changes]
    must(told == [("analytics", False), ("analytics", True)], f"the history says {told}")
    return "a yes and its withdrawal"


async def exported(run: Run) -> str:
    """Pass where a player's export holds what was sent, from every service."""
    player = run.mark
    if player not in run.players:
        raise Skipped("nothing was stored that could be exported")
    found = await run.at.call("POST", f"/api/v1/privacy/subjects/{player}:export", {})
    parts = {part["service"]: {each["kind"]: each["records"] for each in part["records"]} for part in found["parts"]}
    must(set(parts) == {"aggregation", "monitoring", "reporting"}, f"services: {sorted(parts)}")
    kinds = {kind for kind, records in parts["aggregation"].items() if records}
    must({"sessions", "consents"} <= kinds and found["user_id"] == player, f"of {found['user_id']}: {sorted(kinds)}")
    return ", ".join(sorted(kinds))


async def erased(run: Run) -> str:
    """Erase the players of the run and pass when every service is done and nothing of them is answered."""
    players, done = list(run.players), []
    begun = await run.at.call("POST", f"/api/v1/privacy/subjects/{players[0]}:erase", {})
    rest = players[1:]
    many = await run.at.call("POST", "/api/v1/privacy/subjects:erase", {"user_ids": rest}) if rest else {"erasures": []}

    for erasure in (begun, *many["erasures"]):

        async def over(erasure_id: str = erasure["erasure_id"]) -> str | None:
            found = await run.at.call("GET", f"/api/v1/privacy/erasures/{erasure_id}")
            return erasure_id if found["state"] == "done" else None

        done.append(await until(over))
    for player in players:
        meta = (await run.at.call("GET", f"/api/v1/players/{player}/progress/viz?days=7"))["meta"]
        must(meta["total_sessions"] == 0, f"{player} still has {meta['total_sessions']} sessions")
        run.players.remove(player)
    return f"{', '.join(players)} erased"
