"""Progress and outcomes of players, over time and by group."""

from reporting_svc.domain.pieces import (
    INTERVALS,
    Piece,
    by_group,
    compare_first_last,
    day,
    key_figure,
    lead_group,
    moment,
    over_time,
    period_name,
    point,
    section,
)
from reporting_svc.domain.report import (
    AxisScale,
    Chart,
    ChartAxis,
    ChartKind,
    ChartSeries,
    Column,
    ColumnKind,
    Finding,
    Section,
    Table,
)
from reporting_svc.domain.selection import chosen
from reporting_svc.domain.snapshot import Snapshot, cell_name
from reporting_svc.domain.statistics import OUTCOMES, outcome_shares


def therapeutic_outcomes(snapshot: Snapshot) -> tuple[Section, ...]:
    """Build the sections."""
    progress = chosen(snapshot, ("overall_progress", "goal_completion", "success_rate", "markers", "interventions"))
    lead = lead_group(snapshot)
    scores = [one for one in progress if one.share]
    change = [compare_first_last(snapshot, one, lead) for one in scores]
    return (
        section(
            "overview",
            "Where players stand in the newest released period, and how that changed.",
            (),
            key_figures=tuple(key_figure(snapshot, one, "overview", lead) for one in chosen(snapshot, ("players",)))
            + tuple(key_figure(snapshot, one, "overview", lead) for one in scores),
            findings=tuple(one for one in change if one is not None),
        ),
        section(
            "progress",
            "Do players come nearer to their goals?",
            [over_time(snapshot, one, "progress") for one in scores if one.name != "success_rate"],
        ),
        section(
            "outcomes",
            "How courses of therapy went, in the judgement of those who recorded them.",
            [
                outcome_mix(snapshot),
                *(over_time(snapshot, one, "outcomes") for one in scores if one.name == "success_rate"),
            ],
            footnotes=(
                "A player counts once a period, with the latest outcome. Players without an outcome are left out.",
            ),
        ),
        section(
            "groups",
            "Figures of the newest period by group, beside all players.",
            [by_group(snapshot, one, "groups") for one in progress],
            footnotes=("Groups differ in who is in them; a difference is no proof that one focus works better.",),
        ),
    )


def outcome_mix(snapshot: Snapshot, prefix: str = "outcomes") -> Piece:
    """Draw the shares of outcome categories over the periods."""
    key = lead_group(snapshot)
    shares = []
    for release in snapshot.releases:
        cell = release.cell(key)
        shares.append((release, outcome_shares(cell) if cell else {}))
    named = [name for name in OUTCOMES if any(name in found for _, found in shares)]
    lines = tuple(
        ChartSeries(
            name.replace("_", " ").capitalize(),
            tuple(point(moment(release.start), found.get(name)) for release, found in shares),
        )
        for name in named
    )
    finding = _mix_sentence(snapshot)
    table_id = f"{prefix}-mix-table"
    chart = Chart(
        *(f"{prefix}-mix", f"Outcomes by {snapshot.filters.grain.value}, {cell_name(key).lower()}", finding.text),
        f"Share of players by category of their latest outcome, of those who have one. {INTERVALS}",
        ChartKind.STACKED,
        ChartAxis("Period", AxisScale.TIME),
        ChartAxis("Share of players", AxisScale.SHARE),
        lines,
        table_id,
    )
    rows = tuple(
        (day(release.start), name.replace("_", " "), found[name].value, found[name].lower, found[name].upper)
        for release, found in shares
        for name in named
        if name in found
    )
    columns = (
        Column("period", "Period", ColumnKind.DATE),
        Column("outcome", "Outcome", ColumnKind.TEXT),
        Column("share", "Share", ColumnKind.SHARE),
        Column("lower", "95 % from", ColumnKind.SHARE),
        Column("upper", "95 % to", ColumnKind.SHARE),
    )
    return Piece(chart, Table(table_id, "Outcomes by period", columns, rows), finding)


def _mix_sentence(snapshot: Snapshot) -> Finding:
    latest = snapshot.latest
    cell = latest.cell(lead_group(snapshot)) if latest else None
    shares = outcome_shares(cell) if cell else {}
    if latest is None or not shares:
        return Finding("No released period holds enough outcomes to show.")
    name, largest = max(shares.items(), key=lambda one: one[1].value)
    return Finding(
        f"In {period_name(latest)} the most frequent outcome is {name.replace('_', ' ')}: "
        f"{100 * largest.value:.0f} % of players with an outcome (95 % interval {100 * largest.lower:.0f} % "
        f"to {100 * largest.upper:.0f} %)."
    )
