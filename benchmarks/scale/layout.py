"""How facts may lie in PostgreSQL: one table, cut by month with a table of keys beside it, or cut by subject.

A session's name is unique over all months, for a correction may move it; PostgreSQL keeps no uniqueness over
partitions that the key does not name. So a cut by month pays for a second table of all keys.
"""

import json
import time
from typing import Any

import asyncpg

from tests.servers import create_database, running_postgres

MONTHS = 24
GROUP = 4_000
"""Rows a transaction, as group commit makes them."""
_COLUMNS = (
    "subject_id BIGINT NOT NULL, session_id BIGINT NOT NULL, started_at BIGINT NOT NULL, duration_minutes FLOAT, "
    "interaction_count INT, therapeutic_interventions_count INT, progress_markers_count INT, engagement_score FLOAT, "
    "sentiment_score FLOAT, therapeutic_focus TEXT, session_frequency TEXT, engagement_level TEXT, updated_at BIGINT, "
    "digest BIGINT NOT NULL, received_at BIGINT NOT NULL"
)
_MONTH = 30 * 86_400 * 1_000_000
_STAGE = f"""CREATE UNLOGGED TABLE stage AS
SELECT n, subject_id, session_id, started_at, 30.5::float AS duration_minutes,
    25 AS interaction_count, 2 AS therapeutic_interventions_count, 2 AS progress_markers_count,
    0.5::float AS engagement_score, 0.1::float AS sentiment_score, 'anxiety' AS therapeutic_focus,
    'weekly' AS session_frequency, 'high' AS engagement_level, NULL::bigint AS updated_at, n::bigint AS digest,
    started_at AS received_at
FROM (SELECT n, 1 + (hashint8(n)::bigint & 2147483647) % ($1 / 20) AS subject_id, hashint8extended(n, 7) AS session_id,
    n::bigint * ({MONTHS * _MONTH} / $1) AS started_at FROM generate_series(0, $1 - 1) n) of_time"""
_INTO = (
    "INSERT INTO {0} SELECT subject_id, session_id, started_at, duration_minutes, interaction_count, "
    "therapeutic_interventions_count, progress_markers_count, engagement_score, sentiment_score, therapeutic_focus, "
    "session_frequency, engagement_level, updated_at, digest, received_at FROM stage WHERE n >= $1 AND n < $2 {1}"
)
_KEYS = (
    "INSERT INTO by_month_keys SELECT subject_id, session_id, started_at FROM stage WHERE n >= $1 AND n < $2 "
    "ON CONFLICT DO NOTHING"
)
_READ = (
    "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT subject_id, count(*), sum(duration_minutes), "
    "avg(engagement_score) FROM {0} WHERE started_at >= {1} AND started_at < {2} GROUP BY subject_id"
)


def _partition(month: int) -> str:
    return (
        f"CREATE TABLE by_month_{month} PARTITION OF by_month "
        f"FOR VALUES FROM ({month * _MONTH}) TO ({(month + 1) * _MONTH})"
    )


_LAYOUTS: dict[str, tuple[str, ...]] = {
    "one": (
        f"CREATE TABLE one ({_COLUMNS}, PRIMARY KEY (subject_id, session_id))",
        "CREATE INDEX ON one USING brin (started_at)",
    ),
    "by_month": (
        f"CREATE TABLE by_month ({_COLUMNS}, PRIMARY KEY (subject_id, session_id, started_at)) "
        "PARTITION BY RANGE (started_at)",
        "CREATE TABLE by_month_keys (subject_id BIGINT, session_id BIGINT, started_at BIGINT NOT NULL, "
        "PRIMARY KEY (subject_id, session_id))",
        *(_partition(month) for month in range(MONTHS)),
    ),
    "by_subject": (
        f"CREATE TABLE by_subject ({_COLUMNS}, PRIMARY KEY (subject_id, session_id)) PARTITION BY HASH (subject_id)",
        "CREATE INDEX ON by_subject USING brin (started_at)",
        *(
            f"CREATE TABLE by_subject_{part} PARTITION OF by_subject FOR VALUES WITH (MODULUS 16, REMAINDER {part})"
            for part in range(16)
        ),
    ),
}


async def layouts(url: str, rows: int) -> dict[str, Any]:
    """Return for each layout rows a second in, repeats a second, a month's reading, its removal and bytes a row."""
    connection = await asyncpg.connect(url)
    found: dict[str, Any] = {"rows": rows, "months": MONTHS}
    try:
        await connection.execute(_STAGE.replace("$1", str(rows)))
        await connection.execute("CREATE INDEX ON stage (n)")
        await connection.execute("ANALYZE stage")
        for name, statements in _LAYOUTS.items():
            for statement in statements:
                await connection.execute(statement)
            found[name] = await _measured(connection, name, rows)
    finally:
        await connection.close()
    others = max(found[name]["new_per_s"] for name in _LAYOUTS if name != "one")
    found["one, new rows beside the faster of the others"] = found["one"]["new_per_s"] / others
    return found


async def _measured(connection: asyncpg.Connection, name: str, rows: int) -> dict[str, float]:
    into = [_KEYS] if name == "by_month" else []
    began = time.perf_counter()
    for first in range(0, rows, GROUP):
        async with connection.transaction():
            for statement in (*into, _INTO.format(name, "")):
                await connection.execute(statement, first, first + GROUP)
    figures = {"new_per_s": rows / (time.perf_counter() - began)}
    again = _KEYS if name == "by_month" else _INTO.format(name, "ON CONFLICT DO NOTHING")
    began, repeats = time.perf_counter(), rows // 10
    for first in range(0, repeats, GROUP):
        await connection.execute(again, first, first + GROUP)
    figures["repeats_per_s"] = repeats / (time.perf_counter() - began)
    await connection.execute(f"VACUUM ANALYZE {name}")
    month = MONTHS // 2
    query = _READ.format(name, month * _MONTH, (month + 1) * _MONTH)
    plan = (await connection.fetch(query), await connection.fetchval(query))[1]
    whole = json.loads(plan)[0]
    top = whole["Plan"]
    figures["month_ms"] = whole["Execution Time"]
    figures["month_blocks"] = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    tables = [row[0] for row in await connection.fetch("SELECT relname FROM pg_class WHERE relkind = 'r'")]
    mine = [table for table in tables if table == name or table.startswith(f"{name}_")]
    sizes = [await connection.fetchval("SELECT pg_total_relation_size($1::regclass)", table) for table in mine]
    figures["bytes_a_row"] = sum(sizes) / rows
    began = time.perf_counter()
    if name == "by_month":
        await connection.execute("DROP TABLE by_month_0")
        await connection.execute(f"DELETE FROM by_month_keys WHERE started_at < {_MONTH}")
    else:
        await connection.execute(f"DELETE FROM {name} WHERE started_at < {_MONTH}")
    figures["remove_month_ms"] = 1000 * (time.perf_counter() - began)
    return figures


async def measure(*, quick: bool) -> dict[str, Any]:
    """Measure 200,000 rows, or 5 million."""
    with running_postgres() as server:
        return await layouts(await create_database(server, "layout"), 200_000 if quick else 5_000_000)
