"""`release`: make the private release of a period, list what is released, print one."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table
from tta.analytics.v1 import aggregation_pb2, common_pb2, privacy_pb2

from tta_analytics.commands.session import console, open_client, run
from tta_analytics.settings import CommandSettings

app = typer.Typer(no_args_is_help=True, help="Private releases: make, list, show.")


class GrainName(StrEnum):
    """The lengths of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


GRAINS = {
    GrainName.DAY: common_pb2.GRAIN_DAY,
    GrainName.WEEK: common_pb2.GRAIN_WEEK,
    GrainName.MONTH: common_pb2.GRAIN_MONTH,
}
NAMES = {number: name.value for name, number in GRAINS.items()}
LEVELS = {
    aggregation_pb2.CELL_LEVEL_ALL: "all",
    aggregation_pb2.CELL_LEVEL_FOCUS: "focus",
    aggregation_pb2.CELL_LEVEL_COHORT: "cohort",
}
Start = Annotated[
    datetime | None,
    typer.Argument(formats=["%Y-%m-%d"], help="First day of the period, UTC; left out: of the last that is over."),
]
GrainOption = Annotated[GrainName, typer.Option(help="Length of the period.")]


def last_before(now: datetime, grain: GrainName) -> datetime:
    """Return the first moment of the last period that is over."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    match grain:
        case GrainName.DAY:
            return today - timedelta(days=1)
        case GrainName.WEEK:
            return today - timedelta(days=today.weekday() + 7)
        case GrainName.MONTH:
            return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


@app.command()
def create(period_start: Start = None, grain: GrainOption = GrainName.MONTH) -> None:
    """Compute, charge and store the release of a closed period, or print the one that exists.

    Example: tta-analytics release create 2026-10-01
    Example: tta-analytics release create
    """
    start = last_before(datetime.now(UTC), grain) if period_start is None else period_start

    async def command(settings: CommandSettings) -> aggregation_pb2.Release:
        async with open_client(settings) as client:
            request = aggregation_pb2.CreateReleaseRequest(grain=GRAINS[grain])
            request.period_start.FromDatetime(start.replace(tzinfo=UTC))
            return await client.aggregation.CreateRelease(request, timeout=600)

    _print(run(command))


@app.command("list")
def list_releases(limit: Annotated[int, typer.Option(min=1, max=1000)] = 50) -> None:
    """List the releases, newest period first, and what is left of the budget.

    Example: tta-analytics release list
    """

    async def command(
        settings: CommandSettings,
    ) -> tuple[aggregation_pb2.ListReleasesResponse, privacy_pb2.Budget]:
        async with open_client(settings) as client:
            request = aggregation_pb2.ListReleasesRequest(page_size=limit)
            releases = await client.aggregation.ListReleases(request)
            budget = await client.privacy.GetBudget(privacy_pb2.GetBudgetRequest())
            return releases, budget

    releases, budget = run(command)
    table = Table("period", "grain", "revision", "epsilon", "plan", "release")
    for release in releases.releases:
        table.add_row(
            _day(release.period),
            NAMES[release.period.grain],
            str(release.revision),
            f"{release.epsilon_micros / 1e6:.3f}",
            release.plan_version,
            release.release_id,
        )
    console.print(table)
    console.print(
        f"Left of the budget: epsilon {budget.left_micros / 1e6:.3f} of {budget.cap_micros / 1e6:.3f} in 365 days"
    )


@app.command()
def show(release_id: Annotated[str, typer.Argument(help="As `release list` prints it.")]) -> None:
    """Print a stored release: players and means by cohort, with intervals.

    Example: tta-analytics release show 3f2a...
    """

    async def command(settings: CommandSettings) -> aggregation_pb2.Release:
        async with open_client(settings) as client:
            request = aggregation_pb2.GetReleaseRequest(release_id=release_id)
            return await client.aggregation.GetRelease(request)

    _print(run(command))


def _day(period: common_pb2.Period) -> str:
    return f"{period.start.ToDatetime(tzinfo=UTC):%Y-%m-%d}"


def _estimate(estimate: common_pb2.Estimate) -> str:
    text = f"{estimate.value:,.2f} [{estimate.lower:,.2f}, {estimate.upper:,.2f}]"
    return f"[dim]{text} says nothing[/dim]" if estimate.uninformative else text


def _mean(mean: common_pb2.Estimate | None) -> str:
    return "[dim]says nothing[/dim]" if mean is None else _estimate(mean)


def _print(release: aggregation_pb2.Release) -> None:
    title = f"Release {release.release_id}: {NAMES[release.period.grain]} from {_day(release.period)}"
    table = Table("level", "cohort", "players", "minutes", "engagement", title=title)
    shown = (aggregation_pb2.MEASURE_MINUTES, aggregation_pb2.MEASURE_ENGAGEMENT)
    for cell in release.cells:
        means = {figures.measure: figures.mean for figures in cell.measures if figures.HasField("mean")}
        cohort = " / ".join(
            part for part in (cell.therapeutic_focus, cell.session_frequency, cell.engagement_level) if part
        )
        table.add_row(
            LEVELS[cell.level],
            cohort,
            "hidden: too few players" if cell.hidden else _estimate(cell.subjects),
            *("" if cell.hidden else _mean(means.get(measure)) for measure in shown),
        )
    console.print(table)
    for note in release.notes:
        console.print(f"Note: {note}")
    console.print(
        f"Means over players, with 95 % intervals (privacy noise and variation between players). "
        f"Cost: epsilon {release.epsilon_micros / 1e6:.3f}; reading it again costs nothing."
    )
