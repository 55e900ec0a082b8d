"""Cohorts side by side: sizes, figures, and which differ from the rest."""

from reporting_svc.domain.analysis import comparison
from reporting_svc.domain.analysis.comparison import Verdict
from reporting_svc.domain.pieces import by_group, groups, key_figure, lead_group, over_time, period_name, section, side
from reporting_svc.domain.pieces import verdict_finding as told
from reporting_svc.domain.report import Cell, Column, ColumnKind, Finding, Section, Strength, Table
from reporting_svc.domain.selection import chosen
from reporting_svc.domain.snapshot import EVERYBODY, Key, Snapshot, cell_name
from reporting_svc.domain.statistics import STATISTICS, Statistic

COMPARED = ("overall_progress", "goal_completion", "success_rate", "engagement", "minutes")


def cohort_analysis(snapshot: Snapshot) -> tuple[Section, ...]:
    """Build the sections."""
    compared = chosen(snapshot, COMPARED)
    table, findings = differences(snapshot, compared)
    lead = lead_group(snapshot)
    return (
        section(
            "overview",
            "How players divide, and which groups stand out.",
            [by_group(snapshot, STATISTICS["players"], "overview")],
            key_figures=tuple(key_figure(snapshot, one, "overview", lead) for one in chosen(snapshot, ("players",))),
        ),
        section(
            "differences",
            "Each group against all players of the newest period.",
            [by_group(snapshot, one, "differences") for one in compared],
            findings=findings,
            tables=(table,),
            footnotes=(
                "With many comparisons some differ by chance: of twenty without a true difference, about one.",
                "All players include the group itself, which makes differences look smaller than they are.",
            ),
        ),
        section(
            "history",
            "The same figures over the released periods.",
            [over_time(snapshot, one, "history", by_focus=True) for one in (STATISTICS["players"], *compared[:2])],
        ),
        section(
            "figures",
            "Every released group of the newest period.",
            (),
            tables=(figures_table(snapshot),),
            footnotes=("Empty cells hold nothing that may be shown.",),
        ),
    )


def differences(snapshot: Snapshot, compared: list[Statistic]) -> tuple[Table, tuple[Finding, ...]]:
    """Compare each group with all players; what is clear comes as findings, the largest effects first."""
    latest = snapshot.latest
    rows: list[tuple[Cell, ...]] = []
    clear: list[tuple[float, Finding]] = []
    for statistic in compared if latest else ():
        everybody = side(statistic, latest, EVERYBODY) if latest else None
        for key in groups(snapshot, by_focus=True):
            own = side(statistic, latest, key) if latest else None
            if own is None or everybody is None or latest is None:
                continue
            result = comparison.compare(own, everybody, shared=True)
            effect = result.effect_size
            rows.append(
                (
                    *(statistic.title, cell_name(key), result.current.value, result.baseline.value),
                    *(result.difference.value, result.difference.lower, result.difference.upper),
                    *(None if effect is None else effect.value, result.verdict.value),
                )
            )
            if result.verdict in {Verdict.HIGHER, Verdict.LOWER}:
                sides = (f"for {cell_name(key)}", f"for all players in {period_name(latest)}")
                size = abs(effect.value) if effect else abs(result.difference.value)
                clear.append((size, told(statistic, statistic.spoken, sides, result)))
    clear.sort(key=lambda one: -one[0])
    findings = tuple(finding for _, finding in clear[:4]) or (
        Finding("No group differs from all players by more than noise and chance can make.", Strength.UNDECIDED),
    )
    columns = (
        Column("statistic", "Statistic", ColumnKind.TEXT),
        Column("group", "Group", ColumnKind.TEXT),
        Column("value", "Group", ColumnKind.NUMBER),
        Column("all", "All players", ColumnKind.NUMBER),
        Column("difference", "Difference", ColumnKind.NUMBER),
        Column("lower", "95 % from", ColumnKind.NUMBER),
        Column("upper", "95 % to", ColumnKind.NUMBER),
        Column("effect", "Effect size (g)", ColumnKind.NUMBER),
        Column("verdict", "Verdict", ColumnKind.TEXT),
    )
    return Table("differences-table", "Each group against all players", columns, tuple(rows)), findings


def figures_table(snapshot: Snapshot) -> Table:
    """Put every figure of every group of the newest period into one table."""
    latest = snapshot.latest
    statistics = chosen(snapshot, STATISTICS)
    columns = [
        Column("focus", "Focus", ColumnKind.TEXT),
        Column("frequency", "Frequency", ColumnKind.TEXT),
        Column("level", "Engagement", ColumnKind.TEXT),
    ]
    for one in statistics:
        unit = "" if one.share else one.unit
        columns.append(Column(one.name, one.title, one.column, unit))
        columns.append(Column(f"{one.name}_margin", f"{one.title}, ±", one.column, unit))

    def row(key: Key) -> tuple[Cell, ...]:
        cell = latest.cell(key) if latest else None
        cells: list[Cell] = [key[0] or "all", key[1] or "all", key[2] or "all"]
        for one in statistics:
            figure = one.of(cell)
            cells += [None, None] if figure is None else [figure.value, (figure.upper - figure.lower) / 2]
        return tuple(cells)

    keys = [key for key in sorted(latest.cells) if snapshot.filters.keeps(key) or key == EVERYBODY] if latest else []
    shown = [row(key) for key in keys if latest and latest.cell(key)]
    return Table("figures-table", "All groups of the newest period", tuple(columns), tuple(shown))
