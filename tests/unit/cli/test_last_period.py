"""`release create` without a date asks for the last period that is over."""

from datetime import UTC, datetime

import pytest

from tta_analytics.commands.releases import GrainName, last_before


@pytest.mark.parametrize(
    ("now", "grain", "start"),
    [
        ("2026-03-01T00:00", GrainName.MONTH, "2026-02-01"),
        ("2026-01-31T23:59", GrainName.MONTH, "2025-12-01"),
        ("2026-03-02T00:00", GrainName.WEEK, "2026-02-23"),
        ("2026-03-01T23:59", GrainName.WEEK, "2026-02-16"),
        ("2026-03-01T12:00", GrainName.DAY, "2026-02-28"),
    ],
)
def test_the_last_period_is_the_one_before_that_of_now(now: str, grain: GrainName, start: str) -> None:
    found = last_before(datetime.fromisoformat(now).replace(tzinfo=UTC), grain)
    assert found == datetime.fromisoformat(start).replace(tzinfo=UTC)
