"""Running services for the command line and the client library."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.importing import Services, served


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    """Aggregation and monitoring on SQLite, and who calls them."""
    async with served(tmp_path) as running:
        yield running
