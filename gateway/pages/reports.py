"""Reports: make one, see how far it is, read it, and have it made regularly."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.pages.page import Page, Query, moment
from gateway.pages.reading import Reading


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of report as people choose it."""

    title: str
    answers: str
    """What a reader learns from it."""


KINDS = {
    "therapeutic_outcomes": Kind(
        "Therapeutic outcomes", "Whether players come nearer to their goals, how courses end, and for which groups."
    ),
    "user_engagement": Kind("Player engagement", "How many play, how much, how engaged they are, and who comes back."),
    "cohort_analysis": Kind("Cohort analysis", "Each group against all players, with a verdict on every difference."),
    "trend_analysis": Kind("Trend analysis", "Each statistic with its trend, season, sudden changes and forecast."),
    "custom_dashboard": Kind("A dashboard", "The panels of a dashboard, written down as a document."),
    "system_performance": Kind("System performance", "How the services did, and how fast alerts were looked after."),
}
FORMATS = ("html", "pdf", "excel", "csv", "json")
RHYTHMS = {
    "0 7 1 * *": "monthly, on the 1st at 7:00",
    "0 7 * * 1": "weekly, on Mondays at 7:00",
    "0 7 * * *": "daily at 7:00",
}
"""Cron expressions that the form offers, in words."""
ROLES = ("therapist", "researcher", "admin", "operator")
CATCH_UP = {"latest": "make the latest one", "skip": "leave them out", "all": "make all of them"}
_RUNS_SHOWN = 20
"""Schedules whose last run is looked up."""


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read a page of reports, the schedules with their last runs, and what a report can be narrowed to."""
    shown = await reading.all(
        reports=("/api/v1/reports", {"page_size": 25, "page_token": query.get("page")}),
        schedules=("/api/v1/schedules", {"page_size": 50}),
        releases=("/api/v1/releases", {"kind": "cohorts", "page_size": 200}),
        cohorts=("/api/v1/cohorts", {"level": "focus", "page_size": 50}),
        dashboards=("/api/v1/dashboards", {"page_size": 50}),
    )
    return {
        **shown,
        "last_runs": await _last_runs(reading, shown["schedules"]),
        "released": _released(shown["releases"]),
        "focuses": _focuses(shown["cohorts"]),
        "kinds": KINDS,
        "formats": FORMATS,
        "rhythms": RHYTHMS,
        "roles": ROLES,
        "catch_up": CATCH_UP,
    }


async def _last_runs(reading: Reading, schedules: Any) -> dict[str, Mapping[str, Any]]:
    ids = [each["schedule_id"] for each in schedules["schedules"][:_RUNS_SHOWN]] if schedules else []
    found = await reading.all(**{each: (f"/api/v1/schedules/{each}/runs", {"page_size": 1}) for each in ids})
    return {each: answer["runs"][0] for each, answer in found.items() if answer and answer["runs"]}


def _released(releases: Any) -> dict[str, list[str]]:
    """Return the first moments of the released periods by grain, for the preview."""
    starts: dict[str, list[str]] = {"month": [], "week": [], "day": []}
    for each in releases["releases"] if releases else []:
        starts[each["period"]["grain"]].append(moment(each["period"]["start"]))
    return {grain: sorted(set(found)) for grain, found in starts.items()}


def _focuses(cohorts: Any) -> list[str]:
    cells = [each["cell"] for each in cohorts["cohorts"]] if cohorts else []
    return [cell["therapeutic_focus"] for cell in cells if cell.get("therapeutic_focus") and not cell["hidden"]]


PAGE = Page(
    "/documents",
    "Reports",
    "Documents made from the releases, on demand or on a schedule. Making one costs no privacy budget.",
    "reports.html",
    load,
)
