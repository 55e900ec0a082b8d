"""Checks of predictions. Nothing is trained: that would put another model in the place of the one in use."""

from tta_analytics.verify.run import Run, must

UNKNOWN = "no_active_model", "too_little_known"
"""Why a player who began today has no outlook."""
NOBODY = "subject_not_found"
"""Why a player of whom nothing is stored has none."""


async def models(run: Run) -> str:
    """Pass where models tell how good they are, and an outlook is refused to a player of today with its reason."""
    listed = (await run.at.call("GET", "/api/v1/models"))["models"]
    for listed_one in listed[:1]:
        model = await run.at.call("GET", f"/api/v1/models/{listed_one['model_id']}")
        must(model["version"] >= 1 and model["metrics"], f"model {model['model_id']} tells no quality")
    if not listed:
        await run.at.refused("GET", f"/api/v1/models/{run.mark}", None, "model_not_found")
    reasons = UNKNOWN if run.mark in run.players else (NOBODY,)
    reason = await run.at.refused("POST", "/api/v1/predictions:subject", {"user_id": run.mark}, *reasons)
    return f"{len(listed)} models; {reason}"


async def trainings(run: Run) -> str:
    """Pass where a training is refused that can't be, and a training that never was is not found."""
    await run.at.refused("POST", "/api/v1/models:train", {"observation_days": 731}, "request_invalid")
    path = f"/api/v1/trainings/{run.mark}"
    for method, one in (("GET", path), ("GET", f"{path}/progress"), ("POST", f"{path}:cancel")):
        await run.at.refused(method, one, None if method == "GET" else {}, "training_not_found")
    return "none was begun"
