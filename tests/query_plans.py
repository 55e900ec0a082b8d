"""The statements that an adapter really sends, and how PostgreSQL would run them."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from mesh.database import SCHEMA, Database, driver

_ASKS = ("SELECT", "WITH")
_SETS = "SET LOCAL"
"""What a transaction tells the planner."""


@contextmanager
def _recorded(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Note what is asked meanwhile on every connection: by SQLAlchemy, which prepares, or past it by the driver."""
    found: list[tuple[str, Any]] = []

    def note(statement: str, values: Any) -> None:
        if statement.startswith(_SETS):
            found.append((statement, ()))
        # Not what the driver asks of the catalogue for itself.
        if statement.lstrip().upper().startswith(_ASKS) and f"{SCHEMA}." in statement:
            found.append((statement, values))

    def executed(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        note(statement, parameters)

    def queried(record: Any) -> None:
        note(record.query, record.args)

    def used(connection: Any, *_: Any) -> None:
        connection.driver_connection.add_query_logger(queried)

    def returned(connection: Any, *_: Any) -> None:
        connection.driver_connection.remove_query_logger(queried)

    listeners = {"before_cursor_execute": executed, "checkout": used, "checkin": returned}
    engines = {database._reader.sync_engine, database._writer.sync_engine}
    for engine, (name, listener) in product(engines, listeners.items()):
        event.listen(engine, name, listener)
    try:
        yield found
    finally:
        for engine, (name, listener) in product(engines, listeners.items()):
            event.remove(engine, name, listener)


async def plans(database: Database, work: Awaitable[object]) -> str:
    """Do some work and return the plans of all that it selected, on whatever connection and by whatever way."""
    with _recorded(database) as statements:
        await work
        await asyncio.sleep(0)  # The driver tells in the loop's next turn.
    assert statements
    lines: list[str] = []
    async with database.read() as connection:
        asking = await driver(connection)
        for statement, values in statements:
            if statement.startswith(_SETS):
                await asking.execute(statement)
            else:
                lines += [row[0] for row in await asking.fetch(f"EXPLAIN {statement}", *values)]
    return "\n".join(lines)


async def fill(database: Database, *statements: str) -> None:
    """Run statements, then have PostgreSQL look at how much there is of what."""
    async with database.begin() as connection:
        for statement in statements:
            await connection.execute(sa.text(statement))
        await connection.execute(sa.text("ANALYZE"))
