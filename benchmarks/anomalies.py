"""Anomalies on streams: the labelled series of the Numenta Anomaly Benchmark, and simulated changes of level and trend.

Run with `python -m benchmarks.anomalies`. The part on real series needs the folder `../shared/data/nab`.
"""

import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.asked import command_line
from benchmarks.nab.files import FOLDER, Series, read
from benchmarks.nab.scoring import PROFILES, STANDARD, Scored, best_threshold, false_alarms, score_at
from monitoring_svc.domain.detectors import CumulativeSum, Detector, Episode, RollingZScore, Trend, ValueNovelty

RESULTS = Path(__file__).parent / "results" / "anomalies.json"
HOUR = 3600.0


def scored(make: Callable[[], Detector], series: list[Series]) -> tuple[list[Scored], float]:
    """Score every series with a detector of its own; return the scores and points a second on one core."""
    files = []
    points = 0
    begin = time.process_time()
    for one in series:
        detector = make()
        scores = [detector.score(value, at) for value, at in zip(one.values, one.times, strict=True)]
        files.append(Scored(np.array(scores), one.windows))
        points += len(scores)
    return files, points / (time.process_time() - begin)


def transfer(files: list[Scored]) -> list[dict[str, float]]:
    """Choose the threshold on every second file and score the others with it, both ways."""
    halves = []
    for chosen_on, judged_on in ((files[0::2], files[1::2]), (files[1::2], files[0::2])):
        threshold, here = best_threshold(chosen_on, STANDARD)
        there = score_at(judged_on, threshold, STANDARD)
        best = best_threshold(judged_on, STANDARD)[1]
        halves.append({"threshold": threshold, "here": here, "there": there, "best_there": best, "loss": best - there})
    return halves


def figures(files: list[Scored], threshold: float) -> dict[str, float]:
    """Scores by profile and false alarms in 10,000 points, at one threshold for all series."""
    points = sum(len(file.scores) for file in files)
    scores = {profile.name: score_at(files, threshold, profile) for profile in PROFILES}
    return {"threshold": threshold, **scores, "false_alarms_10k": 1e4 * false_alarms(files, threshold) / points}


def real_series() -> dict[str, Any]:
    """Value novelty beside the rolling z-score on the labelled series."""
    series = read()
    novelty, speed = scored(ValueNovelty, series)
    zscores, zspeed = scored(RollingZScore, series)
    result = {
        "series": len(series),
        "points": sum(len(one.values) for one in series),
        "value_novelty": {
            "best": figures(novelty, best_threshold(novelty, STANDARD)[0]),
            "shipped": figures(novelty, ValueNovelty.threshold),
            "points_per_second": speed,
            "transfer": transfer(novelty),
        },
        "rolling_zscore": {
            "best": figures(zscores, best_threshold(zscores, STANDARD)[0]),
            "shipped": figures(zscores, RollingZScore.threshold),
            "points_per_second": zspeed,
            "transfer": transfer(zscores),
        },
    }
    for name in ("value_novelty", "rolling_zscore"):
        one: Any = result[name]
        for row in ("best", "shipped"):
            f = one[row]
            print(
                f"{name:15} {row:8} threshold {f['threshold']:8.3f}  standard {f['standard']:7.1f}"
                f"  low FP {f['reward_low_fp']:7.1f}  low FN {f['reward_low_fn']:7.1f}"
                f"  false alarms/10k {f['false_alarms_10k']:6.1f}  {one['points_per_second']:,.0f} points/s"
            )
        for half in one["transfer"]:
            print(
                f"{name:15} transfer threshold {half['threshold']:8.3f}  chosen at {half['here']:.1f}"
                f"  others {half['there']:.1f} (their best {half['best_there']:.1f}, loss {half['loss']:.1f})"
            )
    return result


def autoregressive(alike: float, points: int, random: np.random.Generator) -> NDArray[np.float64]:
    """A series of unit variance about 100 whose neighbours correlate by `alike`."""
    shocks = random.standard_normal(points) * (1.0 - alike * alike) ** 0.5
    values = np.empty(points)
    last = random.standard_normal()
    for index in range(points):
        last = alike * last + shocks[index]
        values[index] = last
    return values + 100.0


def changed(kind: str, size: float, alike: float, random: np.random.Generator) -> NDArray[np.float64]:
    """3,000 points of one a minute; from point 2,000 on the level or the slope (a point) has changed by `size`."""
    values = autoregressive(alike, 3000, random)
    after = np.arange(3000) - 2000
    return values + np.where(after >= 0, size if kind == "level" else size * after, 0.0)


def delays(make: Callable[[], Detector], kind: str, size: float, alike: float, trials: int) -> dict[str, float]:
    """Share of changes found within 500 points, the median delay in points, and false alarms before the change."""
    found: list[int] = []
    false = 0
    for trial in range(trials):
        detector = make()
        episode = Episode(detector.threshold, quiet=120 * 60.0)
        values = changed(kind, size, alike, np.random.default_rng(trial))
        alarms = [i for i, v in enumerate(values) if episode.alarms(detector.score(float(v), 60.0 * i), 60.0 * i)]
        false += sum(1 for index in alarms if index < 2000)
        hits = [index - 2000 for index in alarms if 2000 <= index < 2500]
        found += hits[:1]
    delay = float(np.median(found)) if found else float("nan")
    return {"found": len(found) / trials, "median_delay": delay, "false_alarms_10k": false / (trials * 2000) * 1e4}


def simulated_changes(trials: int = 20) -> list[dict[str, Any]]:
    """Changes that value novelty is not made for: how many each detector finds, and how late."""
    rows = []
    for make in (CumulativeSum, Trend, ValueNovelty):
        for kind, size in (("level", 1.0), ("level", 3.0), ("trend", 0.01), ("trend", 0.03)):
            for alike in (0.0, 0.5, 0.9):
                result = delays(make, kind, size, alike, trials)
                rows.append({"detector": make.kind, "change": kind, "size": size, "alike": alike, **result})
                print(
                    f"{make.kind:15} {kind:5} {size:5} sd, autocorrelation {alike}: found {result['found']:.0%}"
                    f" after {result['median_delay']:.0f} points, false alarms/10k {result['false_alarms_10k']:.1f}"
                )
    return rows


def main() -> None:
    result: dict[str, Any] = {"machine": f"{platform.machine()}, Python {platform.python_version()}"}
    if FOLDER.is_dir():
        result["real"] = real_series()
    else:
        print(f"Skipped the labelled series: {FOLDER} is not there.")
    result["simulated"] = simulated_changes()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    command_line("benchmarks.anomalies", __doc__).parse_args()
    main()
