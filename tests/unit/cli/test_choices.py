"""What a player excludes in TTA's settings is not sent."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tta_analytics.importing.rows import Reject, Row, UnreadableFile
from tta_analytics.sources.choices import Choices
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.neo4j.graph import Page
from tta_analytics.sources.neo4j.importing import GraphImport
from tta_analytics.sources.neo4j.nodes import SOURCES, Source
from tta_analytics.sources.players import Players
from tta_analytics.sources.privacy_settings import SWITCHES

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PROGRESS = SOURCES[-1]


class OnePage:
    """Gives the same nodes of every label."""

    def __init__(self, *nodes: dict[str, Any]) -> None:
        self._nodes = list(nodes)

    async def pages(self, source: Source, since: datetime | None) -> AsyncGenerator[Page, None]:
        yield Page(self._nodes)


def row(player: str, *, days_ago: float = 1, **switches: bool) -> Row:
    changed = (NOW - timedelta(days=days_ago)).isoformat()
    return Row(1, {"player_id": player, "changed_at": changed, **dict.fromkeys(SWITCHES, True), **switches})


def choices(*rows: Row | Reject) -> Choices:
    return Choices.read(rows, Players(), NOW)


def test_the_newest_row_of_a_player_excludes_what_it_says() -> None:
    found = choices(
        row("ada", collect_therapeutic_outcomes=False),
        row("ada", days_ago=2),
        row("bob", collect_usage_statistics=False),
        row("bob", days_ago=0.5),
        Row(9, {"player_id": "cyd", "collect_usage_statistics": False}),
    )
    assert [found.allow("ada", kind) for kind in ("sessions", "progress", "signals")] == [True, False, True]
    assert found.allow("bob", "sessions")
    assert found.allow("cyd", "sessions")


@pytest.mark.parametrize("wrong", [Reject(3, "", "not CSV"), Row(3, {"player_id": "ada", "changed_at": "monday"})])
def test_a_row_that_may_be_a_no_stops_the_import(wrong: Row | Reject) -> None:
    with pytest.raises(UnreadableFile, match="line 3"):
        choices(row("bob"), wrong)


async def test_excluded_progress_of_the_graph_is_counted_and_not_sent(tmp_path: Path) -> None:
    nodes = [{"user_id": player, "achieved_at": NOW.isoformat(), "progress_value": 0.4} for player in ("ada", "bob")]
    excluding = choices(row("ada", collect_therapeutic_outcomes=False))
    work = GraphImport(OnePage(*nodes), Players(), Marks(tmp_path, "graph", "store"), None, NOW, excluding)
    tally = await work.run(PROGRESS)
    assert (tally.ready, tally.without_consent) == (1, 1)
