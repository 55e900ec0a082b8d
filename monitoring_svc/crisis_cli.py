"""`python -m monitoring_svc crisis evaluate FILE.csv [--json]` and `... crisis explain MESSAGE...`.

`evaluate` measures the recogniser on anyone's own labelled messages and never prints a text; `explain` shows why one
message (or several, oldest first) is or is not taken for a crisis.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mesh.settings import load
from monitoring_svc.adapters.crisis_encoder import EncoderCorrupt, EncoderMissing, SentenceEncoder, load_prototypes
from monitoring_svc.adapters.crisis_worker import JoinedRecogniser
from monitoring_svc.domain.crisis import CrisisDecision, Severity, analyse, recognise
from monitoring_svc.domain.crisis.evaluation import Evaluation, Judged, Rate, evaluate
from monitoring_svc.domain.crisis.pattern import Strength
from monitoring_svc.domain.crisis.semantics import SemanticJudge, Thresholds, join
from monitoring_svc.settings import MonitoringSettings, thresholds_of

Decide = Callable[[Sequence[str]], CrisisDecision | None]

LARGEST_TEXT = 10_000_000
"""Characters of one cell that are accepted."""
_LABELS = {"crisis": True, "safe": False}


class BadFile(Exception):
    """A file that cannot be evaluated, with the line that is wrong."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns the exit code. Errors are one line."""
    parser = argparse.ArgumentParser(
        prog="tta-analytics crisis",
        description="Measure or explain how crisis language is recognised.",
        epilog="Examples: tta-analytics crisis evaluate mine.csv --json; tta-analytics crisis explain 'I am fine'",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("evaluate", help="Measure on your own labelled messages; texts are never printed.")
    measuring.add_argument(
        "file",
        type=Path,
        help="CSV with columns id, text (messages divided by line ends), label (crisis or safe), severity, category.",
    )
    measuring.add_argument("--json", action="store_true", help="Print JSON with one entry a row.")
    measuring.add_argument("--rules-only", action="store_true", help="Leave the semantic layer out.")
    explaining = commands.add_parser("explain", help="Show why messages are or are not taken for a crisis.")
    explaining.add_argument("messages", nargs="+", metavar="MESSAGE", help="Messages of one player, oldest first.")
    asked = parser.parse_args(arguments)
    thresholds = thresholds_of(load(MonitoringSettings))
    try:
        if asked.command == "explain":
            sys.stdout.write(explain(asked.messages, thresholds))
        else:
            decide, layer = _recogniser(thresholds, asked.rules_only)
            judged = [_judge(row, decide) for row in read_rows(asked.file)]
            sys.stdout.write(_json(judged, layer) if asked.json else _table(evaluate(judged), layer))
    except (BadFile, OSError, UnicodeDecodeError, csv.Error) as error:
        sys.stderr.write(f"{asked.file}: {getattr(error, 'strerror', None) or error}\n")
        return 1
    return 0


def read_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a labelled file; raises BadFile with the line that is wrong."""
    csv.field_size_limit(LARGEST_TEXT)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        missing = {"id", "text", "label"} - set(reader.fieldnames or ())
        if missing:
            raise BadFile(f"column {', '.join(sorted(missing))} is missing; needed are id, text and label.")
        rows = []
        for row in reader:
            label = (row["label"] or "").strip().lower()
            severity = (row.get("severity") or "").strip().lower()
            if label not in _LABELS:
                raise BadFile(f"line {reader.line_num}: label must be crisis or safe.")
            if label == "crisis" and severity and severity.upper() not in Severity.__members__:
                raise BadFile(f"line {reader.line_num}: severity must be moderate, high, imminent or empty.")
            rows.append({**row, "label": label, "severity": severity, "text": row["text"] or ""})
    if not rows:
        raise BadFile("no rows.")
    return rows


def _recogniser(thresholds: Thresholds, rules_only: bool) -> tuple[Decide, str]:
    if rules_only:
        return recognise, "rules only, as asked"
    joined = JoinedRecogniser(thresholds)
    try:
        joined.decide(["ready"])
    except EncoderMissing:
        return recognise, "rules only: the semantic layer is not installed (extra crisis-model)"
    except EncoderCorrupt as error:
        return recognise, f"rules only: {error}"
    return joined.decide, "rules and semantic layer"


def _judge(row: dict[str, str], decide: Decide) -> Judged:
    severity = Severity[row["severity"].upper()] if row["label"] == "crisis" and row["severity"] else None
    category = (row.get("category") or "").strip()
    return Judged(row["id"], _LABELS[row["label"]], severity, category, decide(row["text"].splitlines()))


def _rate(rate: Rate) -> dict[str, Any]:
    return {"value": rate.value, "hits": rate.hits, "of": rate.of, "interval_95": rate.interval}


def _json(judged: Sequence[Judged], layer: str) -> str:
    figures = evaluate(judged)
    return (
        json.dumps(
            {
                "layers": layer,
                "count": figures.rows,
                "precision": _rate(figures.precision),
                "recall": _rate(figures.recall),
                "recall_by_severity": {name: _rate(rate) for name, rate in figures.recall_by_severity.items()},
                "severity_at_least": {name: _rate(rate) for name, rate in figures.severity_at_least.items()},
                "false_alarm_rate": _rate(figures.false_alarms),
                "confusion": figures.confusion,
                "rows": [
                    {
                        "id": row.row_id,
                        "decision": "crisis" if row.decision else "safe",
                        "category": row.decision.category.value if row.decision else None,
                        "severity": row.decision.severity.label if row.decision else None,
                        "score": row.decision.score if row.decision else 0.0,
                    }
                    for row in judged
                ],
            },
            indent=1,
        )
        + "\n"
    )


def _table(figures: Evaluation, layer: str) -> str:
    lines = [f"{figures.rows} messages; {layer}", "", f"{'':24}{'share':>8}{'95 % interval':>18}{'':>12}"]

    def add(name: str, rate: Rate) -> None:
        if rate.value is None or rate.interval is None:
            lines.append(f"{name:24}{'-':>8}")
            return
        low, high = rate.interval
        lines.append(f"{name:24}{rate.value:8.3f}{f'{low:.3f} .. {high:.3f}':>18}{f'{rate.hits} of {rate.of}':>14}")

    add("precision", figures.precision)
    add("recall", figures.recall)
    for name, rate in figures.recall_by_severity.items():
        add(f"  recall, {name}", rate)
    for name, rate in figures.severity_at_least.items():
        add(f"  severity kept, {name}", rate)
    add("false alarms", figures.false_alarms)
    lines += ["", "label -> decided"]
    for label, counts in sorted(figures.confusion.items()):
        ordered = sorted(counts.items(), key=lambda item: -item[1])
        lines += [f"  {label}: " + ", ".join(f"{said} {count}" for said, count in ordered)]
    return "\n".join(lines) + "\n"


def explain(messages: Sequence[str], thresholds: Thresholds) -> str:
    """Why these messages are or are not taken for a crisis, for the person who typed them in."""
    analysis = analyse(messages)
    lines = ["rule layer"]
    for finding in sorted(
        analysis.findings, key=lambda one: (one.taken_away_by is not None, one.match.pattern.strength)
    ):
        pattern = finding.match.pattern
        if pattern.strength is Strength.HINT and analysis.decision is not None:
            continue
        words = " ".join(analysis.reading.texts[place] for place in finding.match.places)
        fate = f"not counted: {finding.taken_away_by}" if finding.taken_away_by else "counts"
        kind = f"{pattern.category.value} / {pattern.severity.label} / {pattern.strength}"
        lines.append(f"  {kind}  {pattern.rule!r}  [{words}]  {fate}")
    if not analysis.findings:
        lines.append("  nothing found")
    lines.append("semantic layer")
    semantic: CrisisDecision | None = None
    taken_back = False
    try:
        judge = SemanticJudge(load_prototypes(), thresholds)
        meaning = judge.meaning(SentenceEncoder().encode(messages), analysis.reading.texts)
        semantic = judge.decide(meaning, analysis, len(messages[-1]))
        taken_back = judge.takes_back(meaning, analysis)
        lines.append(
            f"  nearest danger {meaning.danger:.2f} ({meaning.category.value}, {meaning.severity.label}),"
            f" nearest harmless {meaning.harmless:.2f}, head {meaning.head:.2f}:"
            f" {'takes the rules back' if taken_back else 'counts' if semantic else 'not enough'}"
        )
    except (EncoderMissing, EncoderCorrupt) as error:
        lines.append(f"  rule layer alone: {error}")
    decision = None if taken_back else join(analysis.decision, semantic)
    if decision is None:
        lines.append("decision: no crisis")
    else:
        verdict = f"{decision.category.value}, {decision.severity.label}, score {decision.score:.2f}"
        lines.append(f"decision: {verdict}, by {decision.layer.value}")
        lines += [
            f"  message {one.message + 1}, characters {one.start} to {one.end}: {one.rule}" for one in decision.spans
        ]
    return "\n".join(lines) + "\n"
