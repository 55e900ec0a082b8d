"""Trends on simulated series with known truth: coverage of intervals, false change points, hits, processor time.

Prints a table and writes `benchmarks/results/trends.json`. Run: `python -m benchmarks.trends [SERIES]`.
"""

import json
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.asked import command_line
from reporting_svc.domain.analysis import forecast, trend
from reporting_svc.domain.analysis.series import Series

Vector = NDArray[np.float64]
AHEAD = 7


def memory(size: int, correlation: float, generator: np.random.Generator) -> Vector:
    shocks = generator.standard_normal(size + 60)
    for day in range(1, size + 60):
        shocks[day] += correlation * shocks[day - 1]
    return shocks[60:] * np.sqrt(1 - correlation**2)


SHAPES: dict[str, Callable[[Vector], Vector]] = {
    "flat": lambda day: 0.0 * day,
    "slope": lambda day: 0.02 * day,
    "week": lambda day: 2.0 * (day % 7 >= 5),
    "slope and week": lambda day: 0.02 * day + 1.5 * (day % 7 >= 5),
    "30-day season": lambda day: 2.0 * np.sin(2 * np.pi * day / 30.4),
    "year": lambda day: 3.0 * np.sin(2 * np.pi * day / 365),
}
STEP = 1.5


def daily(values: Vector) -> Series:
    return Series(20_000.0 + np.arange(len(values)), values, np.zeros(len(values)))


def case(name: str, size: int, correlation: float, count: int) -> dict[str, object]:
    generator = np.random.default_rng([size, int(correlation * 10), list(SHAPES).index(name)])
    day = np.arange(size + AHEAD, dtype=np.float64)
    truth = SHAPES[name](day)
    slope = 0.02 if "slope" in name else 0.0
    covered = robust = ahead = false = 0
    elapsed = []
    for _ in range(count):
        values = truth + memory(size + AHEAD, correlation, generator)
        known = daily(values[:size])
        start = time.process_time()
        result = trend.analyse(known)
        elapsed.append(time.process_time() - start)
        covered += result.slope.lower <= slope <= result.slope.upper
        robust += result.robust_slope.lower <= slope <= result.robust_slope.upper
        false += bool(result.change_points)
        points = forecast.forecast(known, AHEAD).points
        ahead += sum(
            point.value.lower <= value <= point.value.upper for point, value in zip(points, values[size:], strict=True)
        )
    counted = name != "year"
    return {
        "series": name,
        "days": size,
        "correlation": correlation,
        "slope_coverage": covered / count if counted else None,
        "robust_coverage": robust / count if counted else None,
        "forecast_coverage": ahead / count / AHEAD,
        "false_change_points": false / count,
        "median_ms": 1000 * float(np.median(elapsed)),
    }


def hits(size: int, correlation: float, count: int) -> dict[str, object]:
    generator = np.random.default_rng(23)
    place = int(size * 0.6)
    found = 0
    for _ in range(count):
        values = memory(size, correlation, generator) + STEP * (np.arange(size) >= place) + 0.01 * np.arange(size)
        found += any(abs(point.index - place) <= 3 for point in trend.analyse(daily(values)).change_points)
    return {"days": size, "correlation": correlation, "step_deviations": STEP, "found_within_3_days": found / count}


MEASURED = ("slope_coverage", "robust_coverage", "forecast_coverage", "false_change_points")


def pooled(cases: list[dict[str, object]]) -> dict[str, float]:
    """The mean of each measure over all cases: single cases scatter by one to two points."""
    return {
        name: float(np.mean([float(str(row[name])) for row in cases if row[name] is not None])) for name in MEASURED
    }


WANTED = (0.93, 0.97)


def outside(cases: list[dict[str, object]], count: int) -> list[str]:
    """Cases whose coverage lies outside what is wanted by more than two standard errors of so many series."""
    slack = 2 * (WANTED[0] * (1 - WANTED[0]) / count) ** 0.5
    return [
        f"{row['series']}, {row['days']} days, memory {row['correlation']}: {name} {100 * float(str(row[name])):.1f} %"
        for row in cases
        for name in MEASURED[:3]
        if row[name] is not None and not WANTED[0] - slack <= float(str(row[name])) <= WANTED[1] + slack
    ]


def main(count: int) -> None:
    print(f"{'series':16} {'days':>5} {'corr':>5} {'slope':>7} {'robust':>7} {'ahead':>7} {'false':>7} {'ms':>6}")
    cases = []
    for size in (120, 365):
        for correlation in (0.0, 0.4, 0.7):
            for name in SHAPES if size >= 365 else [name for name in SHAPES if name != "year"]:
                row = case(name, size, correlation, count)
                cases.append(row)
                shares = [
                    "      -" if row[key] is None else f"{100 * float(str(row[key])):6.1f}%"
                    for key in ("slope_coverage", "robust_coverage", "forecast_coverage", "false_change_points")
                ]
                print(f"{name:16} {size:5} {correlation:5.1f} {' '.join(shares)} {row['median_ms']:6.1f}", flush=True)
    together = pooled(cases)
    print("all cases: " + ", ".join(f"{name} {100 * value:.1f}%" for name, value in together.items()))
    missed = outside(cases, count)
    print(f"outside 93 to 97 % by more than chance, {count} series a case: " + ("; ".join(missed) or "none"))
    found = [hits(size, correlation, count // 4) for size in (120, 365) for correlation in (0.0, 0.4)]
    for row in found:
        print(row)
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    machine = f"{platform.processor() or platform.machine()}, Python {platform.python_version()}"
    (results / "trends.json").write_text(
        json.dumps(
            {
                "machine": machine,
                "per_case": count,
                "pooled": together,
                "outside": missed,
                "cases": cases,
                "steps": found,
            },
            indent=1,
        )
        + "\n"
    )


if __name__ == "__main__":
    parser = command_line("benchmarks.trends", __doc__)
    parser.add_argument("count", nargs="?", type=int, default=400, metavar="SERIES", help="series a case (%(default)s)")
    main(parser.parse_args().count)
