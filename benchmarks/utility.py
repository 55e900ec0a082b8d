"""How far released figures are from the truth: the simulated population, and real sessions of a learning platform.

The truth is each cohort's own, before any cap: what a cap cuts counts as error too.
"""

import csv
import json
import os
import platform
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from aggregation_svc.domain.bounding import PlayerFacts, ProgressFacts, SessionFacts, bounded, bounded_sums
from aggregation_svc.domain.cohorts import Cohort
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.noise import OpenDpNoise
from aggregation_svc.domain.privacy.release import Terms, released
from aggregation_svc.domain.release_plan import MEASURES, MONTHLY_PLAN, Level
from aggregation_svc.domain.release_statistics import Statistics
from benchmarks.asked import command_line
from tta_analytics.simulation import FOCUSES, simulated_month

MONTH = Period(datetime(2026, 9, 1, tzinfo=UTC), Grain.MONTH)
MOODLE = Path(__file__).parents[2] / "shared" / "data" / "moodle_edify_sessions.csv"
RESULTS = Path(__file__).parent / "results" / "utility.json"
REPEATS = 5
COUNT_TARGET, MEAN_TARGET = 0.05, 0.10

Truth = Mapping[Cohort, Mapping[str, float]]


def players_of_month() -> list[PlayerFacts]:
    """Return the simulated players of one month."""
    month = simulated_month(MONTH.start)
    sessions: dict[int, list[SessionFacts]] = defaultdict(list)
    columns = month.sessions
    rows = zip(
        columns["player"].tolist(),
        columns["therapeutic_focus"].tolist(),
        columns["duration_minutes"].tolist(),
        columns["interaction_count"].tolist(),
        columns["therapeutic_interventions_count"].tolist(),
        columns["progress_markers_count"].tolist(),
        columns["engagement_score"].tolist(),
        columns["sentiment_score"].tolist(),
        strict=True,
    )
    for player, focus, *numbers in rows:
        sessions[player].append(SessionFacts(focus, None, None, *numbers))
    progress = {
        player: ProgressFacts(overall, goals)
        for player, overall, goals in zip(
            *(month.progress[name].tolist() for name in ("player", "overall_progress", "goal_completion_rate")),
            strict=True,
        )
    }
    outcomes = dict(zip(month.outcomes["player"].tolist(), month.outcomes["outcome_category"].tolist(), strict=True))
    return [
        PlayerFacts(
            own,
            [progress[player]] if player in progress else [],
            [(MONTH.start, outcomes[player])] if player in outcomes else [],
        )
        for player, own in sessions.items()
    ]


def truth_of(players: Iterable[PlayerFacts], period: Period) -> Truth:
    """Return each cell's players and true means, uncapped."""
    values: dict[Cohort, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for player in players:
        row = bounded(player, period.grain, period.days)
        cells = (Cohort(), Cohort(row.focus), Cohort(row.focus, row.frequency, row.level))
        for name, value in _values(player).items():
            for cell in cells:
                values[cell][name].append(value)
    return {
        cell: {"players": float(len(of["sessions"])), **{name: float(np.mean(known)) for name, known in of.items()}}
        for cell, of in values.items()
    }


def _values(player: PlayerFacts) -> dict[str, float]:
    found: dict[str, float] = {"sessions": float(len(player.sessions))}
    for name in ("minutes", "interactions", "interventions", "markers"):
        known = [getattr(one, name) for one in player.sessions if getattr(one, name) is not None]
        if known:
            found[name] = float(sum(known))
    for name in ("engagement", "sentiment"):
        known = [getattr(one, name) for one in player.sessions if getattr(one, name) is not None]
        if known:
            found[name] = float(np.mean(known))
    for name in ("overall_progress", "goal_completion"):
        known = [getattr(one, name) for one in player.progress if getattr(one, name) is not None]
        if known:
            found[name] = float(np.mean(known))
    return found


def errors(statistics_: Statistics, truth: Truth) -> dict[str, dict[str, Any]]:
    """Return by level the relative errors of counts and means of the cells that have players, and who says nothing."""
    found: dict[str, dict[str, Any]] = {level.value: defaultdict(list) for level in Level}
    for cell in statistics_.cells:
        true = truth.get(cell.cohort)
        of_level = found[cell.level.value]
        of_level["cells"].append(1)
        if cell.hidden or cell.uninformative:
            of_level["silent"].append(1)
        if true is None or cell.players is None:
            continue
        of_level["count"].append(abs(cell.players.value - true["players"]) / true["players"])
        for measure in MEASURES:
            figures = cell.measures[measure.name]
            if measure.name not in true:
                continue
            if figures.mean is None or figures.mean.uninformative:
                of_level["mean says nothing"].append(1)
                continue
            of_level["mean"].append(abs(figures.mean.value - true[measure.name]) / abs(true[measure.name]))
            of_level["covered"].append(figures.mean.lower <= true[measure.name] <= figures.mean.upper)
    return found


def measure(players: list[PlayerFacts], period: Period, focuses: tuple[str, ...], min_cohort: int) -> dict[str, Any]:
    """Return medians over repeated releases of one population."""
    sums, truth = bounded_sums(players, period.grain, period.days), truth_of(players, period)
    terms = Terms(period.grain, MONTHLY_PLAN, focuses, min_cohort)
    runs = [
        errors(
            released(sums, terms, OpenDpNoise(), np.random.default_rng()),
            truth,
        )
        for _ in range(REPEATS)
    ]
    result: dict[str, Any] = {"players": len(players)}
    for level in Level:
        pooled: dict[str, list[Any]] = defaultdict(list)
        for run_ in runs:
            for name, values in run_[level.value].items():
                pooled[name] += values
        result[level.value] = {
            "cells": len(pooled["cells"]) // REPEATS,
            "silent or hidden": len(pooled["silent"]) / REPEATS,
            "median count error": statistics.median(pooled["count"]) if pooled["count"] else None,
            "median mean error": statistics.median(pooled["mean"]) if pooled["mean"] else None,
            "means that say nothing": len(pooled["mean says nothing"]) / REPEATS,
            "intervals of means that hold": float(np.mean(pooled["covered"])) if pooled["covered"] else None,
        }
    return result


def moodle() -> dict[str, Any] | str:
    """Return the errors by level of the real sessions' busiest month; module is the focus."""
    if not MOODLE.exists():
        return f"skipped: {MOODLE} is not here"
    sessions: dict[tuple[str, str], list[SessionFacts]] = defaultdict(list)
    with MOODLE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            facts = SessionFacts(
                row["module"],
                minutes=float(row["duration_minutes"]),
                interactions=int(row["interaction_count"]),
                interventions=int(row["interventions"]),
                markers=int(row["progress"]),
            )
            sessions[row["session_start"][:7], row["user_id"]].append(facts)
    months: dict[str, list[PlayerFacts]] = defaultdict(list)
    for (month, _), own in sessions.items():
        months[month].append(PlayerFacts(own))
    busiest = max(months, key=lambda month: len(months[month]))
    period = Period(datetime.fromisoformat(f"{busiest}-01").replace(tzinfo=UTC), Grain.MONTH)
    focuses = tuple(sorted({str(one.focus) for player in months[busiest] for one in player.sessions}))
    return {"month": busiest, **measure(months[busiest], period, focuses, 0)}


def run() -> dict[str, Any]:
    """Measure both populations at the default plan (statistics: epsilon 0.65 of 1.0 a month)."""
    simulated = measure(players_of_month(), MONTH, FOCUSES, 0)
    cohort = simulated["cohort"]
    met = cohort["median count error"] <= COUNT_TARGET and cohort["median mean error"] <= MEAN_TARGET
    return {"simulated": {**simulated, "targets met": met}, "moodle": moodle()}


def main() -> None:
    """Measure, print and write the result."""
    result = run()
    for population, found in result.items():
        print(f"{population}: " + (found if isinstance(found, str) else f"{found['players']} players"))
        for level in Level if not isinstance(found, str) else ():
            print(
                f"  {level.value:8}"
                + "; ".join(f"{name} {_shown(value)}" for name, value in found[level.value].items())
            )
    print(f"target, simulated cohorts: median count error {COUNT_TARGET:g}, median mean error {MEAN_TARGET:g}")
    machine = {"cpus": os.cpu_count(), "python": platform.python_version()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "figures": result}, indent=1) + "\n", encoding="utf-8")


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


if __name__ == "__main__":
    command_line("benchmarks.utility", __doc__).parse_args()
    main()
