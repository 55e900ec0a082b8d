"""How well a recogniser does on labelled messages: counts, rates and Wilson intervals. Holds ids, never text."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from monitoring_svc.domain.crisis.decision import CrisisDecision, Severity

NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled row and what was decided of it."""

    row_id: str
    crisis: bool
    """The label."""
    severity: Severity | None
    """The label's severity, where the file gives one."""
    category: str
    """The label's category, empty where the file gives none."""
    decision: CrisisDecision | None


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % Wilson interval; None of 0."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, 0..1."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval at 95 %."""
        if not self.of:
            return None
        z, n, share = 1.959964, self.of, self.hits / self.of
        centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one file."""

    rows: int
    precision: Rate
    recall: Rate
    false_alarms: Rate
    recall_by_severity: dict[str, Rate]
    severity_at_least: dict[str, Rate]
    """Of the alarms on rows of a severity, those that say it or more."""
    confusion: dict[str, dict[str, int]]
    """Label's category (`safe` for harmless rows) to decided category (`none` for no alarm) to rows."""


def evaluate(judged: Sequence[Judged]) -> Evaluation:
    """Count."""
    crises = [row for row in judged if row.crisis]
    harmless = [row for row in judged if not row.crisis]
    alarms = [row for row in judged if row.decision is not None]
    graded = {severity.label: [row for row in crises if row.severity is severity] for severity in Severity}
    confusion: dict[str, dict[str, int]] = {}
    for row in judged:
        label = (row.category or "crisis") if row.crisis else "safe"
        said = row.decision.category.value if row.decision else NOTHING
        counts = confusion.setdefault(label, {})
        counts[said] = counts.get(said, 0) + 1
    return Evaluation(
        len(judged),
        _rate(alarms, lambda row: row.crisis),
        _rate(crises, _alarmed),
        _rate(harmless, _alarmed),
        {label: _rate(rows, _alarmed) for label, rows in graded.items() if rows},
        {
            label: _rate(
                [row for row in rows if row.decision],
                lambda row: bool(row.decision and row.severity and row.decision.severity >= row.severity),
            )
            for label, rows in graded.items()
            if rows
        },
        confusion,
    )


def _alarmed(row: Judged) -> bool:
    return row.decision is not None


def _rate(rows: Iterable[Judged], holds: Callable[[Judged], bool]) -> Rate:
    listed = list(rows)
    return Rate(sum(1 for row in listed if holds(row)), len(listed))
