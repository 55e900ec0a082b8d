"""Which periods can be asked for."""

from datetime import UTC, datetime

import pytest

from aggregation_svc.domain.periods import Grain, Period
from mesh.refusal import InvalidArgument


@pytest.mark.parametrize(
    ("grain", "start"),
    [
        (Grain.MONTH, datetime(1, 1, 1, tzinfo=UTC)),
        (Grain.WEEK, datetime(1, 1, 1, tzinfo=UTC)),
        (Grain.DAY, datetime(1999, 12, 31, tzinfo=UTC)),
        (Grain.MONTH, datetime(1999, 12, 1, tzinfo=UTC)),
        (Grain.MONTH, datetime(9999, 12, 1, tzinfo=UTC)),
        (Grain.DAY, datetime(9999, 12, 31, tzinfo=UTC)),
    ],
)
def test_a_period_in_which_no_fact_can_lie_is_refused_before_it_costs_anything(grain: Grain, start: datetime) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        Period.aligned(grain, start)
    assert refusal.value.reason == "period_implausible"
    assert refusal.value.violations[0].field == "period_start"


@pytest.mark.parametrize(
    ("grain", "start"),
    [
        (Grain.DAY, datetime(2000, 1, 1, tzinfo=UTC)),
        (Grain.WEEK, datetime(1999, 12, 27, tzinfo=UTC)),
        (Grain.MONTH, datetime(9998, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_period_that_reaches_into_the_years_of_facts_is_taken(grain: Grain, start: datetime) -> None:
    assert Period.aligned(grain, start).start == start
