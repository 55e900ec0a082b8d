import asyncio
import sys

import pytest
import sqlalchemy as sa

from mesh import migrations
from mesh.database import Database

FIRST = """
import sqlalchemy as sa
from alembic import op
from mesh.migrations import schema

revision, down_revision = "0001", None

def upgrade():
    op.create_table("things", sa.Column("id", sa.Integer, primary_key=True), schema=schema())

def downgrade():
    op.drop_table("things", schema=schema())
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
from mesh.migrations import schema

revision, down_revision = "0002", "0001"

def upgrade():
    op.add_column("things", sa.Column("name", sa.String), schema=schema())

def downgrade():
    op.drop_column("things", "name", schema=schema())
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    versions = tmp_path / "sample_svc" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "sample_svc" / "__init__.py").touch()
    (versions / "0001_first.py").write_text(FIRST)
    (versions / "0002_second.py").write_text(SECOND)
    monkeypatch.syspath_prepend(tmp_path)
    yield "sample_svc"
    sys.modules.pop("sample_svc", None)


async def columns(url):
    database = Database(url)
    schema = "analytics" if database.dialect == "postgresql" else None

    def inspect(connection):
        inspector = sa.inspect(connection)
        if "things" not in inspector.get_table_names(schema):
            return None
        return [column["name"] for column in inspector.get_columns("things", schema)]

    async with database.read() as connection:
        found = await connection.run_sync(inspect)
    await database.close()
    return found


async def test_migrations_run_forwards_and_back(database_url, package):
    await migrations.upgrade(database_url, package)
    assert await columns(database_url) == ["id", "name"]
    assert await migrations.current(database_url, package) == migrations.head(package) == "0002"
    await migrations.downgrade(database_url, package, "0001")
    assert await columns(database_url) == ["id"]
    await migrations.downgrade(database_url, package, "base")
    assert await columns(database_url) is None
    assert await migrations.current(database_url, package) is None


async def test_migrating_twice_changes_nothing(database_url, package):
    await migrations.upgrade(database_url, package)
    await migrations.upgrade(database_url, package)
    assert await columns(database_url) == ["id", "name"]


async def test_replicas_may_migrate_at_the_same_time(database_url, package):
    code = "import asyncio, sys; from mesh import migrations; asyncio.run(migrations.upgrade(*sys.argv[1:]))"
    environment = {"PYTHONPATH": ":".join(sys.path)}
    replicas = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", code, database_url, package, env=environment)
        for _ in range(3)
    ]
    assert [await replica.wait() for replica in replicas] == [0, 0, 0]
    assert await columns(database_url) == ["id", "name"]


async def test_a_migration_that_fails_leaves_nothing_behind(database_url, package, tmp_path):
    (tmp_path / "sample_svc" / "migrations" / "versions" / "0003_broken.py").write_text(
        SECOND.replace("0002", "0003").replace('"0001"', '"0002"').replace('"name"', '"other"', 1)
        + "\n\ndef upgrade():\n    op.add_column('things', sa.Column('other', sa.String), schema=schema())\n"
        "    op.execute('SELECT * FROM nowhere')\n"
    )
    with pytest.raises(sa.exc.DBAPIError):
        await migrations.upgrade(database_url, package)
    assert await columns(database_url) is None


async def test_a_move_goes_forwards_or_back_whichever_way_the_revision_lies(database_url, package):
    await migrations.move(database_url, package, "head")
    assert await migrations.current(database_url, package) == migrations.head(package)
    await migrations.move(database_url, package, "0001")
    assert await migrations.current(database_url, package) == "0001"
    await migrations.move(database_url, package, "head")
    await migrations.move(database_url, package, "head")
    assert await migrations.current(database_url, package) == migrations.head(package)
    await migrations.move(database_url, package, "base")
    assert await migrations.current(database_url, package) is None
