"""The layout of tables that grow: keys that begin with the subject, and when PostgreSQL vacuums."""

import importlib

import sqlalchemy as sa

from aggregation_svc.adapters.tables import metadata
from mesh.database import create_engine
from mesh.migrations import upgrade

SUBJECTS_OWN = {
    "subjects",
    "subject_seals",
    "sessions",
    "progress_snapshots",
    "therapeutic_outcomes",
    "consents",
    "consent_moments",
    "predictive_model_subjects",
}
"""Rows of one subject; a distributed PostgreSQL keeps them together by `subject_id`."""
BY_THEIR_OWN_KEY = {"subject_keys": "pseudonym", "tombstones": "digest"}
"""Asked for by a keyed hash of the player, before the subject is known; sharded by it."""
NAME_A_SUBJECT = {"privacy_audit_log", "aggregation_requests"}
"""Name a subject, but are read in their own order: a chain, and what was answered."""


async def unique_keys(url: str) -> dict[str, list[list[str]]]:
    """Return the columns of every primary key and unique constraint by table, as PostgreSQL has them."""
    engine = create_engine(url)

    def read(connection: sa.Connection) -> dict[str, list[list[str]]]:
        inspector = sa.inspect(connection)
        found: dict[str, list[list[str]]] = {}
        for table in inspector.get_table_names(schema="analytics"):
            found[table] = [list(inspector.get_pk_constraint(table, schema="analytics")["constrained_columns"])]
            for constraint in inspector.get_unique_constraints(table, schema="analytics"):
                found[table].append(list(constraint["column_names"]))
        return found

    async with engine.connect() as connection:
        keys = await connection.run_sync(read)
    await engine.dispose()
    return keys


async def test_every_key_of_a_subjects_rows_begins_with_the_column_they_are_sharded_by(postgres_url: str) -> None:
    await upgrade(postgres_url, "aggregation_svc")
    keys = await unique_keys(postgres_url)
    columns = {**dict.fromkeys(SUBJECTS_OWN, "subject_id"), **BY_THEIR_OWN_KEY}
    assert {table: [key[0] for key in keys[table]] for table in columns} == {
        table: [column] for table, column in columns.items()
    }


def test_no_table_about_a_subject_was_forgotten() -> None:
    about = {table.name for table in metadata.tables.values() if "subject_id" in table.c}
    assert about == SUBJECTS_OWN | NAME_A_SUBJECT | {"subject_keys"}


async def test_tables_that_grow_or_change_all_the_time_are_vacuumed_by_their_own_settings(postgres_url: str) -> None:
    await upgrade(postgres_url, "aggregation_svc")
    wanted = importlib.import_module("aggregation_svc.migrations.versions.0005_at_size").PARAMETERS
    engine = create_engine(postgres_url)
    async with engine.connect() as connection:
        rows = await connection.execute(
            sa.text("SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r'")
        )
        found = {row[0]: dict(option.split("=") for option in row[1]) for row in rows}
        brin = await connection.execute(
            sa.text("SELECT count(*) FROM pg_class WHERE relkind = 'i' AND 'autosummarize=on' = ANY (reloptions)")
        )
        assert brin.scalar_one() == 3
    await engine.dispose()
    assert {name: found.get(name) for name in wanted} == wanted
