"""An import holds some pages of the graph, however many there are."""

import tracemalloc
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tta_analytics.sources.marks import Marks
from tta_analytics.sources.neo4j.graph import Page
from tta_analytics.sources.neo4j.importing import GraphImport
from tta_analytics.sources.neo4j.nodes import SOURCES, Source
from tta_analytics.sources.players import Players
from tta_analytics.sources.tally import Tally

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NODES_A_PAGE = 500


class LongGraph:
    """Makes pages as they are asked for."""

    def __init__(self, pages: int) -> None:
        self._pages = pages

    async def pages(self, source: Source, since: datetime | None) -> AsyncGenerator[Page, None]:
        for page in range(self._pages):
            at = (NOW - timedelta(days=30) + timedelta(minutes=page)).isoformat()
            yield Page([node(page * NODES_A_PAGE + number, at) for number in range(NODES_A_PAGE)])


def node(number: int, at: str) -> dict[str, object]:
    return {
        "session_id": f"s-{number}",
        "player_id": f"p-{number % 100}",
        "status": "completed",
        "created_at": at,
        "last_interaction": at,
        "therapeutic_settings": '{"therapeutic_focus": "anxiety"}',
        "scene": "x" * 500,
    }


async def peak(pages: int, folder: Path) -> tuple[int, Tally]:
    work = GraphImport(LongGraph(pages), Players(), Marks(folder, "graph", "store"), None, NOW)
    tracemalloc.start()
    try:
        tally = await work.run(SOURCES[0])
        return tracemalloc.get_traced_memory()[1], tally
    finally:
        tracemalloc.stop()


async def test_memory_does_not_grow_with_the_number_of_pages(tmp_path: Path):
    await peak(2, tmp_path)
    few, _ = await peak(4, tmp_path)
    many, tally = await peak(40, tmp_path)
    assert (tally.read, tally.ready) == (40 * NODES_A_PAGE, 40 * NODES_A_PAGE)
    assert many < 1.5 * few
