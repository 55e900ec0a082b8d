"""The figures that the model card promises, held as floors."""

import csv
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from monitoring_svc.adapters.crisis_encoder import model_file
from monitoring_svc.adapters.crisis_worker import JoinedRecogniser
from monitoring_svc.domain.crisis import CrisisDecision, Severity, recognise
from monitoring_svc.domain.crisis.evaluation import Evaluation, Judged, evaluate
from monitoring_svc.domain.crisis.semantics import Thresholds

DATA = Path(__file__).parents[2] / "data"
COMMENTS = Path(__file__).parents[4] / "shared" / "data" / "goemotions" / "dev.tsv"


Decide = Callable[[Sequence[str]], CrisisDecision | None]
needs_model = pytest.mark.skipif(model_file() is None, reason="The extra crisis-model is not installed.")


@pytest.fixture(scope="module")
def both_layers() -> Decide:
    return JoinedRecogniser(Thresholds()).decide


def _figures(name: str, decide: Decide = recognise) -> Evaluation:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return evaluate(
            [
                Judged(
                    row["id"],
                    row["label"] == "crisis",
                    Severity[row["severity"].upper()] if row["severity"] else None,
                    row["category"],
                    decide(row["text"].splitlines()),
                )
                for row in csv.DictReader(file)
            ]
        )


@pytest.mark.parametrize(
    "name",
    [
        "crisis_untouched.csv",
        "crisis_second_check.csv",
        "crisis_third_check.csv",
        "crisis_third_development.csv",
        "crisis_fourth_check.csv",
        "crisis_fifth_check.csv",
        "crisis_sixth_check.csv",
        "crisis_seventh_check.csv",
    ],
)
def test_what_was_set_aside_is_what_is_measured(name: str) -> None:
    written = (DATA / f"{name}.sha256").read_text(encoding="utf-8").split()[0]

    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == written


@pytest.mark.parametrize("name", ["crisis_untouched.csv", "crisis_development.csv"])
def test_the_rule_layer_hears_what_it_is_promised_to_hear(name: str) -> None:
    figures = _figures(name)

    assert (figures.recall_by_severity["imminent"].value or 0) >= 0.95
    assert (figures.recall_by_severity["high"].value or 0) >= 0.95
    assert (figures.recall_by_severity["moderate"].value or 0) >= 0.85


def test_the_rule_layer_cries_wolf_no_more_often_than_the_model_card_says() -> None:
    assert (_figures("crisis_untouched.csv").false_alarms.value or 0) <= 0.07


@needs_model
def test_both_layers_hear_what_is_promised_and_cry_wolf_less_often(both_layers: Decide) -> None:
    figures = _figures("crisis_untouched.csv", both_layers)

    assert (figures.recall_by_severity["imminent"].value or 0) >= 0.95
    assert (figures.recall_by_severity["high"].value or 0) >= 0.95
    assert (figures.recall_by_severity["moderate"].value or 0) >= 0.85
    assert (figures.false_alarms.value or 0) <= 0.06


@needs_model
def test_far_wordings_are_heard_as_often_as_the_model_card_says(both_layers: Decide) -> None:
    """The second check set was written to mislead and lies below what is wanted: this holds the figure, no more."""
    figures = _figures("crisis_second_check.csv", both_layers)

    assert (figures.recall.value or 0) >= 0.78
    assert (figures.false_alarms.value or 0) <= 0.06


@needs_model
@pytest.mark.parametrize(
    ("name", "heard", "alarms"),
    [
        ("crisis_third_check.csv", 0.78, 0.05),
        ("crisis_fourth_check.csv", 0.8, 0.1),
        ("crisis_fifth_check.csv", 0.77, 0.06),
        ("crisis_sixth_check.csv", 0.76, 0.06),
        ("crisis_seventh_check.csv", 0.82, 0.08),
    ],
)
def test_wordings_of_authors_who_had_not_seen_the_rules_are_heard_as_often_as_the_model_card_says(
    both_layers: Decide, name: str, heard: float, alarms: float
) -> None:
    """No row of these sets was read or trained on; they, too, lie below what is wanted."""
    figures = _figures(name, both_layers)

    assert (figures.recall.value or 0) >= heard
    assert (figures.false_alarms.value or 0) <= alarms


@pytest.mark.skipif(not COMMENTS.is_file(), reason=f"{COMMENTS} is not there.")
def test_ordinary_comments_stay_quiet() -> None:
    comments = [line.split("\t")[0] for line in COMMENTS.read_text(encoding="utf-8").splitlines()]

    alarms = sum(recognise([text]) is not None for text in comments)

    assert alarms / len(comments) <= 0.003
