"""Outcomes and predictions: how courses end, and which models may say how one will."""

from typing import Any

from gateway.pages.charts import Chart, bars
from gateway.pages.cohorts import cohort_name
from gateway.pages.page import Page, Query
from gateway.pages.reading import Reading


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read success by focus and the models."""
    shown = await reading.all(
        analysis=("/api/v1/cohorts:analyze", {"level": "focus"}),
        models=("/api/v1/models", {"page_size": 20}),
    )
    return {**shown, "chart": _chart(shown["analysis"]), "cohort_name": cohort_name}


def _chart(analysis: Any) -> Chart | None:
    found = [
        (cohort_name(each["cell"]), {**each["success_rate"], **_per_cent(each["success_rate"])})
        for each in (analysis["cohorts"] if analysis else [])
        if each.get("success_rate") and not each["success_rate"]["uninformative"]
    ]
    if not found:
        return None
    found.sort(key=lambda each: -each[1]["value"])
    best, worst = found[0], found[-1]
    finding = (
        f"Of {best[0]} alone the noise lets success be told: about {best[1]['value']:.0f} %."
        if len(found) == 1
        else f"{best[0].capitalize()} ends well more often (about {best[1]['value']:.0f} %) "
        f"than {worst[0]} (about {worst[1]['value']:.0f} %)."
        if best[1]["lower"] > worst[1]["upper"]
        else "The success rates cannot be told apart: their intervals overlap."
    )
    return bars("Success by focus", finding, [name for name, _ in found], [rate for _, rate in found], "per cent", 0)


def _per_cent(share: dict[str, Any]) -> dict[str, float]:
    return {end: 100 * share[end] for end in ("value", "lower", "upper")}


PAGE = Page(
    "/outcomes",
    "Outcomes",
    "How courses of therapy end, by focus, and what the prediction models are worth.",
    "outcomes.html",
    load,
)
