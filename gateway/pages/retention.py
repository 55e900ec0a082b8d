"""Retention: how many players come back, by week since their first session."""

from typing import Any

from gateway.pages.charts import Chart, line
from gateway.pages.page import Page, Query
from gateway.pages.reading import Reading


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read the retention of one entry period, and which periods are released."""
    shown = await reading.all(
        retention=("/api/v1/retention", {"period_start": query.get("period")}),
        releases=("/api/v1/releases", {"kind": "retention", "page_size": 24}),
    )
    return {**shown, "chart": _chart(shown["retention"])}


def _chart(retention: Any) -> Chart | None:
    weeks = [week for week in retention["weeks"] if week.get("share")] if retention else []
    shares = [{**week["share"], **_per_cent(week["share"])} for week in weeks]
    if not shares or all(share["uninformative"] for share in shares):
        return None
    week, share = weeks[-1]["week"], weeks[-1]["share"]
    finding = (
        f"In week {week} after the first session about {share['value']:.0%} of the players still played "
        f"({share['lower']:.0%} to {share['upper']:.0%})."
    )
    steps = [str(week["week"]) for week in weeks]
    return line("Players who came back", finding, steps, shares, ("week after the first", "per cent of players"), 0)


def _per_cent(share: dict[str, Any]) -> dict[str, float]:
    return {end: 100 * share[end] for end in ("value", "lower", "upper")}


PAGE = Page(
    "/retention",
    "Retention",
    "How many players come back in the weeks after their first session.",
    "retention.html",
    load,
)
