"""How well private segments match the truth, beside diffprivlib's k-means and k-means without noise, and how fast.

Run with `python -m benchmarks.patterns`. Epsilon 1; the number of segments is given, and in a second run chosen.
"""

import asyncio
import json
import platform
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import sklearn.tree._tree
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from aggregation_svc.domain.patterns.lloyd import nearest
from aggregation_svc.domain.patterns.plan import SegmentationPlan
from aggregation_svc.domain.patterns.segmentation import Feature, Looks, looked, segmented
from aggregation_svc.domain.privacy.accountant import MICRO, Accountant
from aggregation_svc.domain.privacy.noise import OpenDpNoise
from benchmarks.asked import command_line
from benchmarks.simulated_segments import FEATURES, Population, drawn
from mesh.workers import NumericPool

# diffprivlib 0.6 imports names of trees that newer scikit-learn renamed; its k-means uses none of them.
for name, kind in (("DOUBLE", np.float64), ("DTYPE", np.float32)):
    if not hasattr(sklearn.tree._tree, name):
        setattr(sklearn.tree._tree, name, kind)

from diffprivlib.models import KMeans as PeersKMeans  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "patterns.json"
DRAWS = 20
SIZES = (2_000, 5_000, 20_000)
TARGETS = {(2_000, 1.0): (0.85, None), (5_000, 1.0): (0.87, 0.80), (5_000, 2.0): (0.87, 0.80)} | {
    (20_000, width): (0.88, 0.85) for width in (1.0, 2.0)
}
"""(players, width of the bounds): median and 10th percentile of the adjusted Rand index that are wanted."""


def looks(rows: NDArray[np.int64], segments: int | None) -> Looks:
    """A look at `rows` with real noise at epsilon 1."""
    return Looks(rows, SegmentationPlan(MICRO, segments), OpenDpNoise(), Accountant(), "benchmark")


def ours(population: Population, width: float, segments: int | None, seed: int) -> NDArray[np.int64]:
    """Segments by noisy-grid coreset and two recentred steps."""
    rows = population.rows(width)
    found = looked(looks(rows, segments), np.random.default_rng(seed))
    return nearest(rows, found.steps[-1].points)


def peers(population: Population, width: float, seed: int) -> NDArray[np.int64]:
    """Segments by diffprivlib."""
    rows = population.rows(width).astype(float)
    model = PeersKMeans(population.count, epsilon=1.0, bounds=(0.0, 1000.0), random_state=seed)
    labels: NDArray[np.int64] = model.fit(rows).predict(rows)
    return labels


def row(name: str, players: int, width: float, scores: list[float], seconds: float) -> dict[str, Any]:
    """One line of the table."""
    result = {
        "method": name,
        "players": players,
        "width": width,
        "median": float(np.median(scores)),
        "p10": float(np.percentile(scores, 10)),
        "milliseconds": 1e3 * seconds / len(scores),
    }
    target = TARGETS.get((players, width)) if name.startswith("private") else None
    told = ""
    if target:
        met = result["median"] >= target[0] and (target[1] is None or result["p10"] >= target[1])
        told = f"  wanted {target[0]}{f' / {target[1]}' if target[1] else ''}: {'met' if met else 'MISSED'}"
    print(
        f"{players:7,} players, bounds x{width:.0f}  {name:18} median {result['median']:.3f}  p10 {result['p10']:.3f}"
        f"  {result['milliseconds']:6.1f} ms{told}"
    )
    return result


def agreements() -> list[dict[str, Any]]:
    """Every method on the same populations."""
    rows = []
    for players in SIZES:
        populations = [drawn(players, np.random.default_rng(1000 + seed)) for seed in range(DRAWS)]
        for width in (1.0, 2.0):
            for name, found in (
                ("private, k given", lambda p, w, s: ours(p, w, p.count, s)),
                ("private, k chosen", lambda p, w, s: ours(p, w, None, s)),
                ("diffprivlib", peers),
            ):
                begin = time.perf_counter()
                labels = [found(population, width, seed) for seed, population in enumerate(populations)]
                seconds = time.perf_counter() - begin
                scores = [adjusted_rand_score(p.segments, one) for p, one in zip(populations, labels, strict=True)]
                rows.append(row(name, players, width, scores, seconds))
            rows.append(row("k-means, no noise", players, width, [p.plain for p in populations], 0.0))
    return rows


def speed(players: int) -> dict[str, float]:
    """Seconds of a whole segmentation, the number of segments chosen, stability and intervals included."""
    rows = drawn(players, np.random.default_rng(9)).rows(1.0)
    features = [Feature(f"feature_{number}", 0.0, 1.0) for number in range(FEATURES)]
    begin = time.perf_counter()
    found = segmented(looks(rows, None), features, np.random.default_rng(1))
    seconds = time.perf_counter() - begin
    return {"players": players, "segments": len(found.segments), "seconds": seconds}


async def speed_in_worker(players: int) -> dict[str, float]:
    """Measure in a worker process as the service starts it: one thread."""
    pool = NumericPool()
    try:
        found = await pool.run(speed, players)
    finally:
        pool.close()
    print(
        f"{players:7,} players, k chosen: {found['segments']} segments in {found['seconds']:.2f} s (wanted 1 s at most)"
    )
    return found


def main() -> None:
    warnings.simplefilter("ignore")
    result = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "agreement": agreements(),
        "speed": asyncio.run(speed_in_worker(100_000)),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    command_line("benchmarks.patterns", __doc__).parse_args()
    main()
