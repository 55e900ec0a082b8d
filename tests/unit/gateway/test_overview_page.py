"""What the overview says of players in words holds against the noise."""

from typing import Any

import pytest

from gateway.pages.overview import PAGE
from gateway.pages.reading import Missing


class Answers:
    """Answers every read of a page from what the test gives."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers

    async def all(self, **paths: Any) -> dict[str, Any]:
        return {name: self._answers.get(name, Missing(503, "away")) for name in paths}


def count(value: float, margin: float, *, uninformative: bool = False) -> dict[str, Any]:
    return {"value": value, "lower": value - margin, "upper": value + margin, "uninformative": uninformative}


def cohorts(**counts: dict[str, Any]) -> dict[str, Any]:
    period = {"grain": "month", "start": "2026-10-01T00:00:00Z"}
    cells = [{"therapeutic_focus": name, "hidden": False, "subjects": each} for name, each in counts.items()]
    return {"cohorts": [{"period": period, "cell": cell} for cell in cells]}


async def chart(**counts: dict[str, Any]) -> Any:
    return (await PAGE.load(Answers(cohorts=cohorts(**counts)), {}))["chart"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (100, "In October 2026 about 433 players worked on anxiety, more than on anything else."),
        (381, "In October 2026 about 433 players worked on anxiety; the noise hides whether stress had more."),
    ],
)
async def test_the_largest_focus_is_called_so_only_where_the_noise_leaves_no_doubt(other: float, said: str) -> None:
    assert (await chart(anxiety=count(433, 160), stress=count(other, 160))).finding == said


async def test_what_the_noise_hides_is_not_drawn_and_no_interval_reaches_below_nobody() -> None:
    drawn = await chart(anxiety=count(50, 80), sleep=count(9, 90, uninformative=True))
    assert drawn.plot["data"][0]["y"] == ["anxiety"]
    assert drawn.plot["data"][0]["error_x"]["arrayminus"] == [50]
    assert drawn.finding.endswith("For sleep the noise is too large to tell.")


async def test_without_a_release_there_is_no_chart() -> None:
    assert await chart() is None
    assert (await PAGE.load(Answers(), {}))["chart"] is None  # type: ignore[arg-type]
