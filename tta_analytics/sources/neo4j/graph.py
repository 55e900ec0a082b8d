"""Pages of nodes over Bolt: read-only, in a stable order, each within a time limit."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from mesh.refusal import Refusal, Unavailable
from tta_analytics.sources.neo4j.nodes import Node, Source

ZONES = timedelta(hours=15)
"""Times are compared as text, by their day: some write a `T` after it, some a space. One with another zone is off by
less than this."""


PAGES_A_QUESTION = 5


class MissingDriver(Refusal):
    """The driver is an extra that is not installed."""

    code = "FAILED_PRECONDITION"


@dataclass(frozen=True, slots=True)
class Page:
    """Some nodes, in order of their last change."""

    nodes: list[Node]


_QUERY = """
MATCH (s:{label})
WITH s, coalesce(toStringOrNull(s.{last}), '') AS moment, elementId(s) AS node
WHERE (moment >= $since OR NOT moment STARTS WITH '2')
  AND (moment > $moment OR (moment = $moment AND node > $node))
WITH s, moment, node ORDER BY moment, node LIMIT $size
RETURN moment, node, properties(s) AS properties,
       size([(s)-[:MADE_CHOICE]->(c) | 1]) AS choices,
       [(s)-[:ACHIEVES_PROGRESS]->(p) | p.therapeutic_domains] AS domains
ORDER BY moment, node
"""
# What has no time starts with no 2: it is read each time, so that each run counts it.


class Graph:
    """A connection to the graph. Open it with `async with`."""

    def __init__(
        self, uri: str, auth: tuple[str, str] | None, *, database: str | None, timeout: float, page_size: int
    ) -> None:
        """Connect when first asked; each page must come within `timeout` seconds.

        Raises:
            MissingDriver: The driver is not installed.
        """
        try:
            import neo4j
        except ImportError as error:
            raise MissingDriver(
                "neo4j_driver_missing", "The driver is not installed; pip install 'tta-analytics[neo4j]'"
            ) from error
        self._errors = (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError, OSError, TimeoutError)
        self._driver = neo4j.AsyncGraphDatabase.driver(
            uri,
            auth=auth,
            connection_timeout=min(timeout, 10.0),
            connection_acquisition_timeout=timeout,
            max_transaction_retry_time=min(timeout, 10.0),
            notifications_min_severity=None,
        )
        self._database, self._timeout, self._size = database, timeout, page_size
        self._read = neo4j.READ_ACCESS

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._driver.close()

    async def pages(self, source: Source, since: datetime | None) -> AsyncGenerator[Page, None]:
        """Yield the nodes of one label that changed since a moment, oldest change first, a page at a time.

        Nodes whose time is missing or of another type come first, whatever `since` is. One question asks for many
        pages, because each makes the server go over the label; they are pulled one after the other.

        Raises:
            Unavailable: The server hangs, went away, or refuses; what was yielded is whole.
        """
        query = _QUERY.format(label=source.label, last=source.last)
        since_text = "" if since is None else (since - ZONES).strftime("%Y-%m-%d")
        position = {"moment": "", "node": ""}
        size = PAGES_A_QUESTION * self._size
        while True:
            asked = {"since": since_text, "size": size, **position}
            count = 0
            async for rows in self._rows(query, asked):
                count += len(rows)
                position = {"moment": rows[-1]["moment"], "node": rows[-1]["node"]}
                yield Page([_node(row) for row in rows])
            if count < size:
                return

    async def _rows(self, query: str, parameters: dict[str, Any]) -> AsyncIterator[list[Any]]:
        try:
            async with self._driver.session(
                database=self._database, default_access_mode=self._read, fetch_size=self._size
            ) as session:
                async with asyncio.timeout(self._timeout):
                    result = await session.run(query, parameters)
                while True:
                    async with asyncio.timeout(self._timeout):
                        rows = await result.fetch(self._size)
                    if not rows:
                        return
                    yield rows
        except self._errors as error:
            raise _unavailable(error, self._timeout) from error


def _node(row: Any) -> Node:
    domains = row["domains"] or []
    return {**row["properties"], "choices": row["choices"], "progress": len(domains), "domains": domains}


def _unavailable(error: Exception, timeout: float) -> Unavailable:
    if isinstance(error, TimeoutError):
        said = f"gave no answer within {timeout:g} s"
    else:
        said = f"failed with {getattr(error, 'code', None) or type(error).__name__}"
    return Unavailable(
        "neo4j_unavailable", f"The graph at TTA_NEO4J_URI {said}. What was imported stays; the next run goes on."
    )
