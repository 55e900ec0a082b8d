"""Twenty kills at random points under load."""

import pytest

from tests.integration.monitoring.surviving import survive


@pytest.mark.timeout(1800)
async def test_killed_twenty_times_under_load_it_loses_nothing_that_it_accepted(postgres_url: str) -> None:
    await survive(postgres_url, kills=20)
