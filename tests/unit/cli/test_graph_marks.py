"""The mark of the graph follows times that a clock can have said."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

from mesh.settings import Settings
from tta_analytics.client import AsyncClient
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.neo4j.graph import Page
from tta_analytics.sources.neo4j.importing import GraphImport
from tta_analytics.sources.neo4j.nodes import SOURCES, Source
from tta_analytics.sources.players import Players

NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Unset:
    """Holds a session whose times were never set."""

    async def pages(self, source: Source, since: datetime | None) -> AsyncGenerator[Page, None]:
        yield Page([{"session_id": "s", "status": "active", "last_interaction": "0001-01-01T00:00:00"}])


async def test_a_time_of_the_year_one_is_no_mark_and_the_next_run_goes_on(tmp_path: Path) -> None:
    async with AsyncClient(Settings(auth="off")) as client:
        for _ in range(2):
            marks = Marks(tmp_path, "graph", "store")
            work = GraphImport(Unset(), Players(), marks, client.ingest, NOW)
            assert (await work.run(SOURCES[0])).left_out == 1
            assert marks.get(SOURCES[0].label) is None
