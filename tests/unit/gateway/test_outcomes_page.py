"""The page of outcomes shows what a model is worth, watched or not yet watched."""

from collections import defaultdict
from typing import Any

import pytest

from gateway.pages.cohorts import cohort_name
from gateway.pages.outcomes import PAGE
from gateway.pages.page import filters
from gateway.pages.reading import Missing
from gateway.site import templates

METRIC = {"name": "auc", "evaluation": "by_time", "value": 0.86, "lower": 0.85, "upper": 0.87}
MODEL = {
    "model_name": "outcome",
    "version": 2,
    "state": "active",
    "algorithm": "average",
    "note": "Beats the majority class.",
    "metrics": [{**METRIC, "majority": 0.5, "baseline": 0.84}, METRIC],
    "calibration": [{"predicted": 0.2, "observed": 0.25, "weight": 0.4}],
    "features": [{"name": "engagement_mean", "importance": 0.1}],
}
WATCH = {"score_stability": 0.31, "trained_brier": 0.15, "verdict": "Train it anew."}


def shown(model: dict[str, Any]) -> str:
    template = filters(templates()).get_template(f"pages/{PAGE.template}")
    return template.render(
        page=PAGE,
        places=[PAGE],
        reader="",
        query=defaultdict(str),
        analysis=Missing(404, "No such month is released."),
        models={"models": [model]},
        chart=None,
        cohort_name=cohort_name,
    )


def test_figures_stand_beside_guessing_and_the_baseline() -> None:
    text = shown(MODEL)
    assert all(figure in text for figure in ("0.860", "0.850 to 0.870", "0.500", "0.840", "25 %", "engagement mean"))
    assert "Too few players came since" in text


@pytest.mark.parametrize("recent", [{}, {"recent_brier": 0.22}])
def test_drift_is_told(recent: dict[str, float]) -> None:
    text = shown({**MODEL, "watch": {**WATCH, **recent}})
    assert "Drift of the scores 0.31" in text
    assert ("0.220 against 0.150" in text) is bool(recent)
    assert "Train it anew." in text
