"""The statements that an adapter really sends, and how PostgreSQL would run them."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from mesh.database import Database


@contextmanager
def _recorded(database: Database) -> Iterator[list[tuple[str, Any]]]:
    found: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    engine = database._reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def plans(database: Database, work: Awaitable[object]) -> str:
    """Do some work and return the plans of all that it selected."""
    with _recorded(database) as statements:
        await work
    assert statements
    lines = []
    async with database.read() as connection:
        for statement, parameters in statements:
            lines += (await connection.exec_driver_sql(f"EXPLAIN {statement}", tuple(parameters))).scalars().all()
    return "\n".join(lines)


async def fill(database: Database, *statements: str) -> None:
    """Run statements, then have PostgreSQL look at how much there is of what."""
    async with database.begin() as connection:
        for statement in statements:
            await connection.execute(sa.text(statement))
        await connection.execute(sa.text("ANALYZE"))
