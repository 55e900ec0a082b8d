"""Settings of the aggregation process."""

import unicodedata

import pytest
from pydantic import ValidationError

from aggregation_svc.domain.facts import name
from aggregation_svc.settings import AggregationSettings


def test_declared_names_are_those_of_facts_however_they_were_typed() -> None:
    typed = unicodedata.normalize("NFD", "Schlafst\u00f6rung")
    settings = AggregationSettings.model_validate({"focus_names": f" {typed} , anxiety"})
    assert settings.focus_names == (name(typed), "anxiety")


@pytest.mark.parametrize("names", ["x" * 129, "a\0b"])
def test_a_name_that_no_fact_can_have_is_refused_at_the_start(names: str) -> None:
    with pytest.raises(ValidationError):
        AggregationSettings.model_validate({"focus_names": names})
