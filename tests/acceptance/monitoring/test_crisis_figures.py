"""The figures that the model card promises, held as floors."""

import csv
import hashlib
from pathlib import Path

import pytest

from monitoring_svc.domain.crisis import Severity, recognise
from monitoring_svc.domain.crisis.evaluation import Evaluation, Judged, evaluate

DATA = Path(__file__).parents[2] / "data"
COMMENTS = Path(__file__).parents[4] / "shared" / "data" / "goemotions" / "dev.tsv"


def _figures(name: str) -> Evaluation:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return evaluate(
            [
                Judged(
                    row["id"],
                    row["label"] == "crisis",
                    Severity[row["severity"].upper()] if row["severity"] else None,
                    row["category"],
                    recognise(row["text"].splitlines()),
                )
                for row in csv.DictReader(file)
            ]
        )


def test_the_untouched_quarter_is_the_one_that_was_set_aside() -> None:
    written = (DATA / "crisis_untouched.csv.sha256").read_text(encoding="utf-8").split()[0]

    assert hashlib.sha256((DATA / "crisis_untouched.csv").read_bytes()).hexdigest() == written


@pytest.mark.parametrize("name", ["crisis_untouched.csv", "crisis_development.csv"])
def test_the_rule_layer_hears_what_it_is_promised_to_hear(name: str) -> None:
    figures = _figures(name)

    assert (figures.recall_by_severity["imminent"].value or 0) >= 0.95
    assert (figures.recall_by_severity["high"].value or 0) >= 0.95
    assert (figures.recall_by_severity["moderate"].value or 0) >= 0.85


def test_the_rule_layer_cries_wolf_no_more_often_than_the_model_card_says() -> None:
    assert (_figures("crisis_untouched.csv").false_alarms.value or 0) <= 0.10


@pytest.mark.skipif(not COMMENTS.is_file(), reason=f"{COMMENTS} is not there.")
def test_ordinary_comments_stay_quiet() -> None:
    comments = [line.split("\t")[0] for line in COMMENTS.read_text(encoding="utf-8").splitlines()]

    alarms = sum(recognise([text]) is not None for text in comments)

    assert alarms / len(comments) <= 0.003
