"""The page of retention, where a release tells only some weeks, or none."""

from typing import Any

import pytest

from gateway.pages.retention import PAGE


class Released:
    """Answers one retention, whatever is asked."""

    def __init__(self, weeks: list[dict[str, Any]]) -> None:
        self._weeks = weeks

    async def all(self, **paths: Any) -> dict[str, Any]:
        return {"retention": {"weeks": self._weeks}, "releases": {"releases": []}}


def week(number: int, **share: Any) -> dict[str, Any]:
    return {"week": number, **share}


SHARE = {"value": 0.7, "lower": 0.6, "upper": 0.8, "uninformative": False}


async def test_weeks_without_a_share_are_left_out_of_the_chart() -> None:
    shown = await PAGE.load(Released([week(0), week(1, share=SHARE), week(2)]), {})  # type: ignore[arg-type]
    finding = "In week 1 after the first session about 70% of the players still played (60% to 80%)."
    assert (shown["chart"].finding, shown["chart"].rows[0][0]) == (finding, "1")


@pytest.mark.parametrize("weeks", [[], [week(0), week(1)]])
async def test_a_release_that_tells_no_week_draws_nothing(weeks: list[dict[str, Any]]) -> None:
    assert (await PAGE.load(Released(weeks), {}))["chart"] is None  # type: ignore[arg-type]
