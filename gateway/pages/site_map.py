"""All pages, in the order of the menu."""

from collections.abc import Awaitable, Callable, Mapping

from gateway.pages import alerts, cohorts, dashboards, outcomes, overview, privacy, reports, retention, segments, system
from gateway.pages.page import Fragment, Page


def pages(health: Callable[[str], Awaitable[Mapping[str, object]]]) -> tuple[Page, ...]:
    """Return the pages; `health` gives the health document of a service."""
    return (
        overview.PAGE,
        alerts.PAGE,
        alerts.ONE,
        cohorts.PAGE,
        segments.PAGE,
        outcomes.PAGE,
        retention.PAGE,
        reports.PAGE,
        dashboards.PAGE,
        dashboards.ONE,
        privacy.PAGE,
        system.page(health),
    )


FRAGMENTS: tuple[Fragment, ...] = (dashboards.PANELS,)
