"""How fast and how well crisis language is recognised: `python -m benchmarks.crisis`.

Times are processor time of one core; set OPENBLAS_NUM_THREADS=1 as the worker does. The comments of GoEmotions are read
from ../shared/data where they are there; none is printed, only row numbers.
"""

import csv
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.asked import command_line
from monitoring_svc.adapters.crisis_encoder import EncoderMissing
from monitoring_svc.adapters.crisis_worker import JoinedRecogniser
from monitoring_svc.domain.crisis import CrisisDecision, recognise
from monitoring_svc.domain.crisis.semantics import Thresholds

ROOT = Path(__file__).parent.parent
DEVELOPMENT = ROOT / "tests" / "data" / "crisis_development.csv"
COMMENTS = ROOT.parent / "shared" / "data" / "goemotions" / "dev.tsv"
RESULTS = ROOT / "benchmarks" / "results" / "crisis.json"
HOSTILE = {
    "100 kB of words": "i want to be happy and you want to be here " * 2_300,
    "beginnings of patterns": "i want to " * 10_000,
    "a million combining characters": "d" + "\u0301" * 1_000_000,
    "100 kB without a space": "a" * 100_000,
}

Decide = Callable[[Sequence[str]], CrisisDecision | None]


def milliseconds(decide: Decide, messages: Sequence[Sequence[str]]) -> dict[str, float]:
    taken = []
    for message in messages:
        started = time.process_time()
        decide(message)
        taken.append((time.process_time() - started) * 1e3)
    taken.sort()
    return {"p50": taken[len(taken) // 2], "p99": taken[int(len(taken) * 0.99)], "max": taken[-1]}


def main() -> None:
    with DEVELOPMENT.open(encoding="utf-8", newline="") as file:
        messages = [row["text"].splitlines() for row in csv.DictReader(file)]
    decides: dict[str, Decide] = {"rule layer": recognise}
    joined = JoinedRecogniser(Thresholds())
    try:
        joined.decide(["ready"])
        decides["both layers"] = joined.decide
    except EncoderMissing as missing:
        print(missing)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    result: dict[str, object] = {"machine": machine}
    print(f"{machine}\n\n{'ms of processor time':38}{'p50':>9}{'p99':>9}{'max':>9}")
    for name, decide in decides.items():
        decide(["warm"])
        figures = milliseconds(decide, messages)
        result[f"{name}, one message"] = figures
        print(f"{name + ', one message':38}{figures['p50']:9.2f}{figures['p99']:9.2f}{figures['max']:9.2f}")
    for name, text in HOSTILE.items():
        figures = milliseconds(recognise, [[text]])
        result[f"rule layer, {name}"] = figures
        print(f"{'rule layer, ' + name:44}{'':12}{figures['max']:9.1f}")
    if COMMENTS.is_file():
        comments = [line.split("\t")[0] for line in COMMENTS.read_text(encoding="utf-8").splitlines()]
        for name, decide in decides.items():
            rows = [number for number, text in enumerate(comments, 1) if decide([text])]
            result[f"{name}, ordinary comments"] = {"alarms": len(rows), "of": len(comments), "rows": rows}
            share = len(rows) / len(comments)
            print(f"{name}: alarms on {len(rows)} of {len(comments)} ordinary comments ({share:.2%}), rows {rows}")
    else:
        print(f"{COMMENTS} is not there: ordinary comments are not measured.")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    command_line("benchmarks.crisis", __doc__).parse_args()
    main()
