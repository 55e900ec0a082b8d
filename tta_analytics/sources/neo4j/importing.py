"""One run: pages of the graph to facts, sent batch by batch, the mark moved when a page is durable."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from google.protobuf.message import Message

from tta_analytics.client.ingest import KINDS, Ingest
from tta_analytics.importing.records import EARLIEST, RecordParser
from tta_analytics.importing.rows import Row
from tta_analytics.sources.choices import Choices
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.moments import moment
from tta_analytics.sources.neo4j.graph import Page
from tta_analytics.sources.neo4j.nodes import Node, Source
from tta_analytics.sources.players import Players, UnknownPlayer
from tta_analytics.sources.tally import Tally

OVERLAP = timedelta(days=1)
"""How far before the mark a run begins: what was not over at the last run had changed less than a day before it."""


class Pages(Protocol):
    """Where pages come from."""

    def pages(self, source: Source, since: datetime | None) -> AsyncGenerator[Page, None]:
        """Yield the nodes that changed since a moment, oldest change first."""
        ...


class GraphImport:
    """Imports the nodes of one label after the other."""

    def __init__(
        self,
        graph: Pages,
        players: Players,
        marks: Marks,
        open_ingest: Callable[[str], Ingest] | None,
        now: datetime,
        choices: Choices | None = None,
    ) -> None:
        """Read `graph` as of `now` and send to what `open_ingest` opens for a kind of fact; none for a dry run."""
        self._choices = choices or Choices()
        self._graph, self._players, self._marks, self._open, self._now = graph, players, marks, open_ingest, now

    async def run(self, source: Source, tell: Callable[[Tally], None] = lambda tally: None) -> Tally:
        """Import the nodes of a label that changed since its mark; `tell` hears of each page that is done.

        Raises:
            Refusal: The graph or the service is away; every page before is durable and the next run goes on there.
        """
        tally = Tally()
        ingest = None if self._open is None else self._open(source.kind)
        mark = self._marks.get(source.label)
        async for page in _ahead(self._graph.pages(source, None if mark is None else mark - OVERLAP)):
            facts = list(self._facts(source, page.nodes, tally))
            if ingest is not None:
                if facts:
                    tally.count(await ingest.send(facts))
                self._move_mark(source, page)
            tell(tally)
        return tally

    def _facts(self, source: Source, nodes: Iterable[Node], tally: Tally) -> Iterable[Message]:
        parser = RecordParser(KINDS[source.kind].record, {})
        for node in nodes:
            tally.read += 1
            if not source.over(node, self._now):
                tally.unfinished += 1
                continue
            try:
                player = self._players.canonical(node.get(source.player), source.player)
            except UnknownPlayer as unknown:
                tally.refuse(source.player, str(unknown))
                continue
            if not self._choices.allow(player, source.kind):
                tally.without_consent += 1
                continue
            values = {name: value for name, value in source.values(node).items() if value is not None}
            fact = parser.parse(Row(tally.read, {"user_id": player, **values}), self._now)
            if isinstance(fact, list):
                tally.refuse(fact[0].field, fact[0].reason)
            else:
                tally.ready += 1
                yield fact

    def _move_mark(self, source: Source, page: Page) -> None:
        # A clock that runs ahead must not carry the mark past what is still to come; what no clock says is no mark.
        moments = [at for node in page.nodes if (at := moment(node.get(source.last))) is not None and at >= EARLIEST]
        if moments:
            self._marks.raise_to(source.label, min(max(moments), self._now))


async def _ahead(pages: AsyncGenerator[Page, None]) -> AsyncIterator[Page]:
    """Yield pages; the next one is read while the caller works on this one."""

    async def following() -> Page | None:
        return await anext(pages, None)

    coming = asyncio.ensure_future(following())
    try:
        while (page := await coming) is not None:
            coming = asyncio.ensure_future(following())
            yield page
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await pages.aclose()
