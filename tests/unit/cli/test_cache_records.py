"""A record of the cache that nobody foresaw costs itself and not the run."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tta_analytics.sources.marks import Marks
from tta_analytics.sources.players import Players
from tta_analytics.sources.redis.cache import Read
from tta_analytics.sources.redis.importing import CacheImport
from tta_analytics.sources.redis.records import MEASURES, SHAPES

NOW = datetime(2026, 11, 1, tzinfo=UTC)
AT = "2026-10-31T12:00:00"
SESSIONS, _, ANALYTICS = SHAPES
GAMEPLAY = {"user_id": "ada", "session_start_time": AT, "last_activity_time": AT, "is_active": False}
HUGE = json.loads("9" * 400)


class Records:
    """Holds one record under every pattern."""

    def __init__(self, record: dict[str, Any]) -> None:
        self._record = record

    async def records(self, pattern: str) -> AsyncIterator[list[Read]]:
        yield [Read(self._record)]


@pytest.mark.parametrize(
    ("shape", "record", "refused"),
    [
        (SESSIONS, GAMEPLAY | {"total_session_time": HUGE}, 2),
        (SESSIONS, GAMEPLAY | {"metrics": {"total_choices_made": HUGE}}, 2),
        (ANALYTICS, {"player_id": "ada", "analytics": {"therapeutic_metrics": {MEASURES[0]: HUGE}}}, 1),
    ],
)
async def test_a_number_of_hundreds_of_digits_is_left_out(
    tmp_path: Path, shape: Any, record: dict[str, Any], refused: int
) -> None:
    work = CacheImport(Records(record), Players(), Marks(tmp_path, "cache", "store"), None, NOW)
    tally = await work.run(shape)
    assert (tally.ready, tally.left_out) == (0, refused)
