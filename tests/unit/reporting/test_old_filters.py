"""Filters of the predecessor's callers: free JSON, of which nothing may break a call."""

import pytest

from reporting_svc.domain.snapshot import Grain
from reporting_svc.servicers.legacy import filters_of

TAKEN = ["week", ["week"]]
IGNORED = [["week", "day"], [["week"]], {}, {"a": "week"}, None, [], 5.0, "fortnight"]


@pytest.mark.parametrize("grain", TAKEN)
def test_a_period_may_come_alone_or_in_a_list(grain):
    assert filters_of({"grain": grain}) == (filters_of({"grain": "week"})[0], [])
    assert filters_of({"grain": grain})[0].grain is Grain.WEEK


@pytest.mark.parametrize("name", ["grain", "focus", "statistics"])
@pytest.mark.parametrize("value", [[["week"]], {}, {"a": "week"}, None, [5.0], [None]])
def test_what_is_no_filter_is_named_and_left_out(name, value):
    filters, ignored = filters_of({name: value})
    assert ignored == [name]
    assert filters == filters_of({})[0]


@pytest.mark.parametrize("grain", IGNORED)
def test_months_are_shown_where_no_period_is_named(grain):
    assert filters_of({"grain": grain})[0].grain is Grain.MONTH
