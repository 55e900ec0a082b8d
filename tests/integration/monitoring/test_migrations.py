"""The tables of monitoring go back and forwards with what they hold."""

import sqlalchemy as sa

from mesh import migrations
from mesh.database import Database
from monitoring_svc.adapters.store.tables import alerts, metadata
from tests.integration.monitoring.conftest import CRISIS, Launch

PACKAGE = "monitoring_svc"


async def test_alerts_outlive_a_migration_back_and_forwards(database_url: str, launch: Launch) -> None:
    running = await launch(database_url)
    (fired,) = (await running.signal("ann", CRISIS)).fired
    await running.stop()
    for revision in ("0002", "0001"):
        await migrations.move(database_url, PACKAGE, revision)
        await migrations.upgrade(database_url, PACKAGE)
    running = await launch(database_url)
    (again,) = (await running.signal("ann", CRISIS)).fired
    assert again.alert_id == fired.alert_id


async def test_migrations_make_the_tables_that_the_code_names(database_url: str) -> None:
    await migrations.upgrade(database_url, PACKAGE)
    database = Database(database_url)
    schema = alerts.schema if database.dialect == "postgresql" else None

    def differing(connection: sa.Connection) -> list[str]:
        there = sa.inspect(connection)
        return [
            table.name
            for table in metadata.sorted_tables
            if {column["name"] for column in there.get_columns(table.name, schema=schema)} != set(table.c.keys())
            or {index["name"] for index in there.get_indexes(table.name, schema=schema)}
            < {index.name for index in table.indexes}
        ]

    async with database.read() as connection:
        assert await connection.run_sync(differing) == []
    await database.close()
