"""How well outcomes are told beforehand, on real courses and a real trial: `python -m benchmarks.outcomes`.

Beside each figure stands what it is held to; beside accuracy, by how much it beats always answering the majority class.
Where the data are not there, it says so and measures nothing.
"""

import asyncio
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from aggregation_svc.domain.prediction import evaluation
from aggregation_svc.domain.prediction.evaluation import CANDIDATES, FOLDS
from aggregation_svc.domain.prediction.examples import Examples, examples, known
from aggregation_svc.domain.prediction.history import History
from aggregation_svc.domain.prediction.model import model_of
from aggregation_svc.domain.prediction.quality import MEASURES, auc
from aggregation_svc.domain.prediction.trainings import Learned
from aggregation_svc.usecases.learn_model import SEED, LearnModel
from benchmarks.asked import command_line
from benchmarks.outcomes import nimh, oulad
from mesh.workers import NumericPool

RESULTS = Path(__file__).parents[1] / "results" / "outcomes.json"
WANTED = {
    "courses, day 90": {"accuracy": 0.79, "auc": 0.855},
    "courses, day 120": {"accuracy": 0.80, "auc": 0.88, "calibration_error": 0.04},
    "trial, week 6": {"auc": 0.84},
}
"""The least of each measure; of the calibration error the most."""
SHOWN = ("accuracy", "margin", "auc", "brier", "calibration_error")


def table(players: Sequence[History], day: float) -> Examples:
    """Return the players who were still on their way at the end of `day` and whose outcome is known."""
    return examples([one for player in players if (one := known(player, day)) is not None]).judged


async def learned_from(players: Examples, day: float, pool: NumericPool) -> Learned:
    """Train as the service does."""

    async def tell(progress: float, message: str) -> None:
        return None

    return await LearnModel(pool)(players, day, tell)


def lines(name: str, found: dict[str, float], beside: dict[str, Sequence[float]] | None = None) -> None:
    """Print each measure with what it is held to."""
    for measure in SHOWN:
        wanted, told = WANTED[name].get(measure), ""
        if wanted is not None:
            met = found[measure] <= wanted if measure == "calibration_error" else found[measure] >= wanted
            told = f"  wanted {wanted}: {'met' if met else 'MISSED'}"
        if measure == "accuracy":
            told += f"  ({found['margin']:+.3f} over the majority class, {found['accuracy'] - found['margin']:.3f})"
        if beside and measure in beside:
            told += "  95 % interval {:.3f} to {:.3f}".format(*beside[measure])
        print(f"{name:17} {measure:18} {found[measure]:.4f}{told}", flush=True)


async def courses(day: float, pool: NumericPool) -> dict[str, Any]:
    """Learn from 2013, judge on 2014."""
    name = f"courses, day {day:.0f}"
    learned = await learned_from(table(oulad.histories(("2013B", "2013J")), day), day, pool)
    judged = table(oulad.histories(("2014B",)), day)
    said = model_of(learned.content).probabilities(judged.rows)
    found = {measure: MEASURES[measure](said, judged.successes) for measure in SHOWN}
    lines(name, found)
    return {"algorithm": learned.algorithm, **found}


async def trial(pool: NumericPool) -> dict[str, Any]:
    """Cross-validate over patients; how much a single deal into folds moves the figure is printed, too."""
    players = table(nimh.histories(), nimh.CUT_OFF)
    learned = await learned_from(players, nimh.CUT_OFF, pool)
    metrics = {metric.name: metric for metric in learned.metrics if metric.evaluation == "by_subject"}
    found = {measure: metrics[measure].value for measure in SHOWN}
    lines("trial, week 6", found, {name: (one.lower, one.upper) for name, one in metrics.items()})
    each = []
    for number in range(evaluation.repeats(len(players))):
        deal = np.random.default_rng(SEED + number)
        fold = evaluation.folds(players.subjects, players.successes, FOLDS, deal)
        for one in range(FOLDS):
            odds = evaluation.held_out(players, fold != one, fold == one)[CANDIDATES.index(learned.algorithm)]
            each.append(auc(odds, players.successes[fold == one]))
    mean = float(np.mean(each))
    print(f"{'':17} {'auc':18} {mean:.4f}  the mean of {len(each)} folds ({min(each):.3f} to {max(each):.3f})")
    return {"algorithm": learned.algorithm, **found, "auc_mean_of_folds": mean}


async def measured() -> dict[str, Any]:
    """Measure what there is data for."""
    found: dict[str, Any] = {}
    pool = NumericPool(1)
    try:
        if nimh.FILE.is_file():
            found["trial"] = await trial(pool)
        else:
            print(f"the trial is not at {nimh.FILE}: nothing measured")
        if oulad.FOLDER.is_dir():
            for day in (90.0, 120.0):
                found[f"courses_day_{day:.0f}"] = await courses(day, pool)
        else:
            print(f"the courses are not at {oulad.FOLDER}: nothing measured")
    finally:
        pool.close()
    return found


def main() -> None:
    with threadpool_limits(1):
        found = asyncio.run(measured())
    machine = f"{os.cpu_count()} CPUs, {platform.machine()}, Python {platform.python_version()}"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "figures": found}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    command_line("benchmarks.outcomes", __doc__).parse_args()
    main()
