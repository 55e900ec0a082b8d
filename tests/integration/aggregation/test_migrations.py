"""The aggregation service's schema goes forwards and back, and is what its tables say."""

import sqlalchemy as sa

from aggregation_svc.adapters.tables import metadata
from mesh.database import create_engine
from mesh.migrations import current, downgrade, head, upgrade

PACKAGE = "aggregation_svc"


async def test_forwards_back_and_forwards_again(database_url: str) -> None:
    await upgrade(database_url, PACKAGE)
    await downgrade(database_url, PACKAGE, "base")
    assert await current(database_url, PACKAGE) is None
    await upgrade(database_url, PACKAGE)
    assert await current(database_url, PACKAGE) == head(PACKAGE)


async def test_the_migrated_schema_has_every_table_and_column(database_url: str) -> None:
    await upgrade(database_url, PACKAGE)
    engine = create_engine(database_url)
    async with engine.connect() as connection:
        differences = await connection.run_sync(_missing)
    await engine.dispose()
    assert differences == []


def _missing(connection: sa.Connection) -> list[str]:
    where = "analytics" if connection.dialect.name == "postgresql" else None
    inspector = sa.inspect(connection)
    found = {
        (table, column["name"], column["nullable"])
        for table in inspector.get_table_names(schema=where)
        for column in inspector.get_columns(table, schema=where)
    }
    return sorted(
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if (table.name, column.name, bool(column.nullable)) not in found
    )
