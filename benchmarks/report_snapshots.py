"""Simulated snapshots for tests and benchmarks of reports: a seeded year of releases with known trends."""

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np

from reporting_svc.domain.snapshot import (
    Care,
    Cell,
    Duration,
    Estimate,
    Figures,
    Filters,
    Grain,
    Key,
    Metric,
    MetricPoint,
    Release,
    Retention,
    Segment,
    Snapshot,
)

FOCUSES = ("anxiety", "depression", "social skills", "sleep", "stress")
FREQUENCIES = ("daily", "weekly", "occasional")
LEVELS = ("high", "medium", "low")
MEASURES = {
    "sessions": (12.0, 6.0),
    "minutes": (260.0, 140.0),
    "interactions": (310.0, 160.0),
    "interventions": (14.0, 8.0),
    "markers": (11.0, 7.0),
    "engagement": (0.58, 0.2),
    "sentiment": (0.18, 0.3),
    "overall_progress": (0.42, 0.22),
    "goal_completion": (0.36, 0.25),
}
OUTCOMES = {
    "excellent": 0.14,
    "positive": 0.31,
    "good": 0.2,
    "moderate": 0.15,
    "neutral": 0.13,
    "needs_attention": 0.07,
}


def estimate(value: float, privacy: float, between: float) -> Estimate:
    half = float(np.hypot(privacy, between))
    return Estimate(value, value - half, value + half, privacy, uninformative=half > abs(value) * 2)


def cell(key: Key, players: float, step: float, generator: np.random.Generator, offset: float) -> Cell:
    figures = {}
    for name, (mean, spread) in MEASURES.items():
        privacy = spread * 30 / max(players, 30)
        between = 1.96 * spread / max(players, 1) ** 0.5
        drift = (0.25 if name in {"overall_progress", "minutes"} else 0.02) * step
        value = mean * (1 + offset) + spread * drift + generator.normal(0, float(np.hypot(privacy, between)) / 1.96)
        figures[name] = Figures(estimate(value, privacy, between), spread, players)
    outcomes = {
        name: estimate(max(players * 0.6 * share + generator.normal(0, 8), -5), 18.0, 0.0)
        for name, share in OUTCOMES.items()
    }
    noisy = estimate(players + generator.normal(0, 6), 14.0, 0.0)
    return Cell(key, noisy, figures, outcomes, hidden=players < 20)


def release(index: int, start: datetime, end: datetime, grain: Grain, share: float) -> Release:
    generator = np.random.default_rng([7, index])
    cells: dict[Key, Cell] = {}
    step = 2.5 * share
    total = 0.0
    for place, focus in enumerate(FOCUSES):
        of_focus = (900 + 400 * place) * (1 + 0.15 * share)
        total += of_focus
        offset = 0.06 * (place - 2)
        cells[(focus, "", "")] = cell((focus, "", ""), of_focus, step, generator, offset)
        for row, frequency in enumerate(FREQUENCIES):
            for column, level in enumerate(LEVELS):
                key = (focus, frequency, level)
                part = of_focus * (0.5, 0.3, 0.2)[row] * (0.3, 0.5, 0.2)[column]
                cells[key] = cell(key, part, step, generator, offset + 0.1 * (1 - column))
    cells[("", "", "")] = cell(("", "", ""), total, step, generator, 0.0)
    segments = tuple(
        Segment("engagement", name, estimate(total * part, 40, 0), estimate(part, 0.02, 0.01), 0.92)
        for name, part in (("high minutes, high engagement", 0.27), ("medium minutes", 0.45), ("low minutes", 0.28))
    )
    return Release(f"release-{index:03}", grain, start, end, 1.0, cells, segments)


def months(count: int) -> list[tuple[datetime, datetime]]:
    firsts = [datetime(2025 + month // 12, month % 12 + 1, 1, tzinfo=UTC) for month in range(count + 1)]
    return list(itertools.pairwise(firsts))


def weeks(count: int) -> list[tuple[datetime, datetime]]:
    first = datetime(2025, 1, 6, tzinfo=UTC)
    return [(first + timedelta(weeks=week), first + timedelta(weeks=week + 1)) for week in range(count)]


def metrics(days: int = 60) -> tuple[Metric, ...]:
    generator = np.random.default_rng(3)
    start = datetime(2025, 11, 1, tzinfo=UTC)
    made = []
    for name, level, unit in (("request_duration_seconds", 0.02, "seconds"), ("cpu_percent", 35.0, "percent")):
        points = tuple(
            MetricPoint(
                start + timedelta(days=day),
                level * (1 + 0.2 * generator.random()),
                level * 0.7,
                level * (1.5 + generator.random()),
            )
            for day in range(days)
        )
        made.append(Metric(name, "service=aggregation", unit, "normal", level, points[-1].time, points))
    return tuple(made)


def snapshot(grain: Grain = Grain.MONTH, count: int = 12, filters: Filters | None = None) -> Snapshot:
    """A year of releases by month, or by week with `Grain.WEEK, 52`."""
    spans = months(count) if grain is Grain.MONTH else weeks(count)
    releases = tuple(
        release(index, start, end, grain, index / max(count - 1, 1)) for index, (start, end) in enumerate(spans)
    )
    start, end = (spans[0][0], spans[-1][1]) if spans else (datetime(2025, 1, 1, tzinfo=UTC),) * 2
    shares = (1.0, 0.62, 0.5, 0.44, 0.4, 0.37, 0.35, 0.33)
    return Snapshot(
        taken_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        start=start,
        end=end,
        filters=filters or Filters(grain=grain),
        releases=releases,
        retention=Retention(
            "release-r", start, estimate(2400, 30, 0), tuple((w, estimate(s, 0.02, 0.02)) for w, s in enumerate(shares))
        )
        if releases
        else None,
        metrics=metrics(),
        care=Care(
            (("safety_concern", "critical", "resolved", 3), ("system_performance", "medium", "open", 12)),
            Duration(14, 21.0, 55.0, 130.0),
            Duration(11, 640.0, 2100.0, 9000.0),
            17,
            42,
            1,
        ),
    )
