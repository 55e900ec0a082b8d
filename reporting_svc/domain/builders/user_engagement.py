"""How much and how players play, and whether they come back."""

from reporting_svc.domain.pieces import (
    INTERVALS,
    Piece,
    by_group,
    compare_first_last,
    key_figure,
    lead_group,
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
from reporting_svc.domain.snapshot import Snapshot


def user_engagement(snapshot: Snapshot) -> tuple[Section, ...]:
    """Build the sections."""
    activity = chosen(snapshot, ("players", "sessions", "minutes", "interactions"))
    scores = chosen(snapshot, ("engagement", "sentiment"))
    lead = lead_group(snapshot)
    changes = [compare_first_last(snapshot, one, lead) for one in (*activity, *scores)]
    return (
        section(
            "overview",
            "How many players there are, how much they play, and how that changed.",
            (),
            key_figures=tuple(key_figure(snapshot, one, "overview", lead) for one in (*activity, *scores)),
            findings=tuple(one for one in changes if one is not None),
        ),
        section(
            "activity",
            "Do more players come, and do they play more?",
            [over_time(snapshot, one, "activity") for one in activity],
        ),
        section(
            "engagement",
            "How engaged players are and how they feel while they play.",
            [over_time(snapshot, one, "engagement") for one in scores],
        ),
        section(
            "retention",
            "Of the players who began in a period, how many play in the weeks after.",
            [retention(snapshot)],
        ),
        section(
            "groups",
            "The newest period by group.",
            [by_group(snapshot, one, "groups") for one in chosen(snapshot, ("players", "engagement", "minutes"))],
        ),
        section(
            "segments",
            "Groups that emerged from how players behave, not from what they work on.",
            [segments(snapshot)],
            footnotes=("Segments are drawn anew in each period; those of two periods are not the same people.",),
        ),
    )


def retention(snapshot: Snapshot) -> Piece:
    """Draw the share of players active by week since their first session."""
    found = snapshot.retention
    weeks = found.weeks if found else ()
    if found is None or not weeks:
        finding = Finding("No retention is released for this range.")
    else:
        last, share = weeks[-1]
        finding = Finding(
            f"Of about {found.players.value:,.0f} players who began from {found.start:%Y-%m-%d} on, about "
            f"{100 * share.value:.0f} % played in week {last} after their first session "
            f"(95 % interval {100 * share.lower:.0f} % to {100 * share.upper:.0f} %)."
        )
    chart = Chart(
        *("retention", "Players who came back, by week since their first session", finding.text),
        f"Week 0 holds the first session. {INTERVALS}",
        ChartKind.LINE,
        ChartAxis("Week since the first session", AxisScale.CATEGORY),
        ChartAxis("Share of players", AxisScale.SHARE),
        (ChartSeries("Active players", tuple(point(str(week), share) for week, share in weeks)),),
        "retention-table",
    )
    columns = (
        Column("week", "Week", ColumnKind.INTEGER),
        Column("share", "Share active", ColumnKind.SHARE),
        Column("lower", "95 % from", ColumnKind.SHARE),
        Column("upper", "95 % to", ColumnKind.SHARE),
    )
    rows = tuple((week, share.value, share.lower, share.upper) for week, share in weeks)
    return Piece(chart, Table("retention-table", "Retention by week", columns, rows), finding)


def segments(snapshot: Snapshot) -> Piece:
    """Draw the sizes of the newest release's segments."""
    latest = snapshot.latest
    found = sorted(latest.segments, key=lambda one: (one.pattern_type, -one.share.value)) if latest else []
    kinds = dict.fromkeys(one.pattern_type for one in found)
    if latest is None or not found:
        finding = Finding("The newest release holds no segments; there may be too few players for them.")
    else:
        largest = max(found, key=lambda one: one.share.value)
        finding = Finding(
            f"In {period_name(latest)} the largest segment ({largest.pattern_type.replace('_', ' ')}) is "
            f"“{largest.name}” with about {100 * largest.share.value:.0f} % of players."
        )
    chart = Chart(
        *("segments", "Size of the segments", finding.text),
        f"Share of the players that were segmented. {INTERVALS}",
        ChartKind.INTERVAL,
        ChartAxis("Segment", AxisScale.CATEGORY),
        ChartAxis("Share of players", AxisScale.SHARE),
        tuple(
            ChartSeries(
                kind.replace("_", " ").capitalize(),
                tuple(point(one.name, one.share) for one in found if one.pattern_type == kind),
            )
            for kind in kinds
        ),
        "segments-table",
    )
    columns = (
        Column("kind", "Describes", ColumnKind.TEXT),
        Column("segment", "Segment", ColumnKind.TEXT),
        Column("players", "Players", ColumnKind.INTEGER),
        Column("share", "Share", ColumnKind.SHARE),
        Column("lower", "95 % from", ColumnKind.SHARE),
        Column("upper", "95 % to", ColumnKind.SHARE),
        Column("stability", "Stability, 0 to 1", ColumnKind.NUMBER),
    )
    rows = tuple(
        (
            *(one.pattern_type.replace("_", " "), one.name, one.players.value, one.share.value),
            *(one.share.lower, one.share.upper, one.stability),
        )
        for one in found
    )
    return Piece(chart, Table("segments-table", "Segments of the newest period", columns, rows), finding)
