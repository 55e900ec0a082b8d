"""Figures of an evaluation, and the command that prints them."""

import csv
import json
from pathlib import Path

import pytest

from monitoring_svc import crisis_cli
from monitoring_svc.domain.crisis import Category, CrisisDecision, Layer, Severity
from monitoring_svc.domain.crisis.evaluation import Judged, Rate, evaluate

ALARM = CrisisDecision(Category.SELF_HARM, Severity.HIGH, 0.9, Layer.RULES)


def test_rates_are_counted_by_severity_and_category() -> None:
    figures = evaluate(
        [
            Judged("1", True, Severity.HIGH, "self_harm", ALARM),
            Judged("2", True, Severity.IMMINENT, "self_harm", ALARM),
            Judged("3", True, Severity.HIGH, "abuse", None),
            Judged("4", False, None, "", ALARM),
            Judged("5", False, None, "", None),
        ]
    )

    assert (figures.recall.hits, figures.recall.of) == (2, 3)
    assert (figures.precision.hits, figures.precision.of) == (2, 3)
    assert figures.false_alarms.value == 0.5
    assert figures.recall_by_severity["high"].value == 0.5
    assert figures.severity_at_least["imminent"].value == 0.0
    assert figures.confusion == {
        "self_harm": {"self_harm": 2},
        "abuse": {"none": 1},
        "safe": {"self_harm": 1, "none": 1},
    }


def test_the_interval_is_wilsons() -> None:
    low, high = Rate(95, 100).interval or (0.0, 0.0)

    assert (round(low, 3), round(high, 3)) == (0.888, 0.978)
    assert Rate(0, 0).value is None


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    file = tmp_path / "mine.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", "text", "label", "severity"])
        writer.writerow(["a", "I want to die", "crisis", "high"])
        writer.writerow(["b", "hey\nmy dad hits me", "crisis", ""])
        writer.writerow(["c", "secretword what a lovely day", "safe", ""])
    return file


def test_evaluate_prints_one_entry_a_row_and_never_a_text(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crisis_cli.main(["evaluate", str(labelled), "--json", "--rules-only"]) == 0

    printed = capsys.readouterr().out
    rows = json.loads(printed)["rows"]
    assert [(row["id"], row["decision"], row["category"], row["severity"]) for row in rows] == [
        ("a", "crisis", "suicidal_ideation", "high"),
        ("b", "crisis", "abuse", "high"),
        ("c", "safe", None, None),
    ]
    assert "secretword" not in printed


def test_evaluate_prints_a_table(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crisis_cli.main(["evaluate", str(labelled), "--rules-only"]) == 0

    assert "recall" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,text\n1,x\n", "column label is missing"),
        ("id,text,label\n1,x,maybe\n", "line 2: label must be crisis or safe"),
        ("id,text,label,severity\n1,x,crisis,huge\n", "line 2: severity must be"),
        ("id,text,label\n", "no rows"),
        ("", "column id, label, text is missing"),
    ],
)
def test_a_bad_file_is_one_line_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(content, encoding="utf-8")

    assert crisis_cli.main(["evaluate", str(file), "--rules-only"]) == 1

    assert said in capsys.readouterr().err


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crisis_cli.main(["evaluate", str(tmp_path / "none.csv"), "--rules-only"]) == 1

    assert capsys.readouterr().err.count("\n") == 1


def test_explain_tells_what_counted_and_what_did_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert crisis_cli.main(["explain", "I don't want to die"]) == 0

    printed = capsys.readouterr().out
    assert "not counted: negated" in printed
    assert "decision: no crisis" in printed
