"""Patients of a clinical trial as players: visits are sessions, severity a test score, week 6 the outcome.

IMPS79, 1 (normal) to 7 (extremely ill), at weeks 0, 1, 3 and 6 of the NIMH schizophrenia collaborative study. The few
visits in other weeks are left out. A visit that was missed is no fact at all.
"""

import csv
from collections import defaultdict
from pathlib import Path

from aggregation_svc.domain.prediction.history import History, Play, Result

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nimh_schizophrenia_long.csv"
"""Where the table lies: outside the project."""

WEEKS = (0, 1, 3)
"""Visits that a prediction knows of."""
LAST = 6
MILD = 3.0
"""Mildly ill or better."""
CUT_OFF = 27.0
"""Day by which the visit of week 3 has been."""


def histories(file: Path = FILE) -> list[History]:
    """Return the patients whose severity at week 6 is known; the arm of the trial is their focus."""
    visits: dict[int, dict[int, tuple[float, str]]] = defaultdict(dict)
    with file.open(newline="") as table:
        for row in csv.DictReader(table):
            arm = "drug" if row["TxDrug"] == "1" else "placebo"
            visits[int(row["id"])][int(row["Week"])] = float(row["imps79"]), arm
    return [_history(patient, seen) for patient, seen in visits.items() if LAST in seen]


def _history(patient: int, seen: dict[int, tuple[float, str]]) -> History:
    known = [(week * 7.0, *seen[week]) for week in WEEKS if week in seen]
    category = "positive" if seen[LAST][0] <= MILD else "needs_attention"
    return History(
        patient,
        0.0,
        tuple(Play(day, focus=arm) for day, _, arm in known),
        results=(
            *(Result(day, score=severity, instrument="IMPS79") for day, severity, _ in known),
            Result(LAST * 7.0, category, seen[LAST][0], "IMPS79"),
        ),
    )
