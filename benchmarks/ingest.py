"""Ingest of sessions over gRPC, one service process, 500 sessions a message, durable, against the bare driver."""

import asyncio
import json
import os
import platform
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import aiosqlite
import asyncpg
from tta.analytics.v1 import facts_pb2, ingestion_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub

from benchmarks.asked import command_line
from mesh.channels import channel
from mesh.identity import service_token
from tests.aggregation_process import Process, aggregation
from tests.servers import create_database, running_postgres

SESSIONS_A_MESSAGE = 500
USERS = 50_000
STREAMS = 2
RESULTS = Path(__file__).parent / "results" / "ingest.json"
PATH = "/tta.analytics.v1.IngestionService/IngestSessions"
Row = tuple[Any, ...]


def message(first: int, source: random.Random, now: int) -> bytes:
    """Return a serialised message of sessions; numbers make their names unique."""
    request = ingestion_pb2.IngestSessionsRequest()
    for number in range(first, first + SESSIONS_A_MESSAGE):
        session = facts_pb2.Session(
            user_id=f"player-{source.randrange(USERS)}",
            session_id=f"session-{number}",
            duration_minutes=source.random() * 60,
            interaction_count=source.randrange(100),
            therapeutic_interventions_count=source.randrange(5),
            progress_markers_count=source.randrange(3),
            engagement_score=source.random(),
            sentiment_score=source.uniform(-1, 1),
            therapeutic_focus=source.choice(("anxiety", "depression", "sleep", "stress", "trauma")),
            session_frequency=source.choice(("daily", "weekly", "occasional")),
            engagement_level=source.choice(("low", "medium", "high")),
        )
        session.started_at.seconds = now - source.randrange(30 * 86_400)
        request.sessions.append(session)
    return request.SerializeToString()


async def enrol(process: Process) -> None:
    """Let every player in."""
    token = service_token(process.settings, "benchmark", role="admin")
    async with channel(process.target, process.settings, token=token) as admin:
        await admin.channel_ready()
        stub: Any = IngestionServiceStub(admin)

        async def batches() -> AsyncIterator[ingestion_pb2.IngestSessionsRequest]:
            for first in range(0, USERS, 1000):
                request = ingestion_pb2.IngestSessionsRequest(consent_basis=ingestion_pb2.CONSENT_BASIS_ASSERTED)
                for number in range(first, first + 1000):
                    request.sessions.add(user_id=f"player-{number}").started_at.seconds = int(time.time()) - 86_400
                yield request

        await stub.IngestSessions(batches(), timeout=600)


async def send(process: Process, messages: Sequence[bytes], streams: int = STREAMS) -> tuple[float, Any]:
    """Return sessions a second until all is durable, and the first stream's summary."""
    token = service_token(process.settings, "benchmark")
    async with channel(process.target, process.settings, token=token) as one:
        await one.channel_ready()
        call: Any = one.stream_unary(
            PATH,
            request_serializer=lambda ready: ready,
            response_deserializer=ingestion_pb2.IngestSummary.FromString,
        )

        async def part(number: int) -> AsyncIterator[bytes]:
            for ready in messages[number::streams]:
                yield ready

        began = time.perf_counter()
        summaries = await asyncio.gather(*(call(part(number), timeout=600) for number in range(streams)))
        return len(messages) * SESSIONS_A_MESSAGE / (time.perf_counter() - began), summaries[0]


async def measured(process: Process, sessions: int) -> dict[str, float]:
    """Return the figures of one database."""
    await enrol(process)
    source, now = random.Random(7), int(time.time())
    count = sessions // SESSIONS_A_MESSAGE
    tenth = max(count // 10, 1)
    messages = [message(number * SESSIONS_A_MESSAGE, source, now) for number in range(tenth)]
    rate, _ = await send(process, messages)
    figures = {"first_tenth_per_s": rate, "memory_mb_after_first_tenth": process.memory_mb()}
    began, rates = time.perf_counter(), []
    for block in range(1, 10):
        first = block * tenth
        more = [message((first + number) * SESSIONS_A_MESSAGE, source, now) for number in range(tenth)]
        rates.append((await send(process, more))[0])
    figures |= {
        "sessions": tenth * 10 * SESSIONS_A_MESSAGE,
        "per_s": sorted(rates)[len(rates) // 2],
        "slowest_block_per_s": min(rates),
        "memory_growth_mb": process.memory_mb() - figures["memory_mb_after_first_tenth"],
        "seconds": time.perf_counter() - began,
    }
    figures["again_per_s"] = (await send(process, messages[: min(tenth, 40)]))[0]
    figures["longest_hold_ms"] = process.longest_hold_ms()
    return figures


def rows(count: int, seed: int) -> list[list[Row]]:
    """Return batches as the store keeps them, for the floor."""
    source, now = random.Random(seed), int(time.time())
    return [
        [
            (
                *(source.getrandbits(63), source.getrandbits(63), (now - source.randrange(30 * 86_400)) * 10**6),
                *(source.random() * 60, source.randrange(100), 1, 1, source.random(), source.random()),
                *("anxiety", "daily", "high", None, source.getrandbits(63), now),
            )
            for _ in range(SESSIONS_A_MESSAGE)
        ]
        for _ in range(count // SESSIONS_A_MESSAGE)
    ]


TABLE = (
    "CREATE TABLE floor (subject_id BIGINT, session_id BIGINT, started_at BIGINT, duration_minutes FLOAT, "
    "a INT, b INT, c INT, d FLOAT, e FLOAT, f TEXT, g TEXT, h TEXT, i BIGINT, j BIGINT, k BIGINT, "
    "PRIMARY KEY (subject_id, session_id))"
)


async def postgres_floor(url: str, sessions: int) -> dict[str, float]:
    """Return what the bare driver stores, a transaction for each 500 rows."""
    connection = await asyncpg.connect(url)
    await connection.execute(TABLE)
    insert = f"INSERT INTO floor VALUES ({', '.join(f'${number}' for number in range(1, 16))})"

    async def copied(batch: list[Row]) -> None:
        await connection.copy_records_to_table("floor", records=batch)

    async def many(batch: list[Row]) -> None:
        await connection.executemany(insert, batch)

    figures = {
        "floor_copy_per_s": await paced(copied, rows(sessions, 1)),
        "floor_executemany_per_s": await paced(many, rows(sessions // 4, 2)),
    }
    await connection.close()
    return figures


async def sqlite_floor(file: str, sessions: int) -> dict[str, float]:
    """Return what the bare driver stores with WAL and full synchronisation."""
    async with aiosqlite.connect(file, isolation_level=None) as connection:
        await connection.execute("PRAGMA journal_mode=WAL")
        await connection.execute("PRAGMA synchronous=FULL")
        await connection.execute(TABLE)

        async def many(batch: list[Row]) -> None:
            await connection.execute("BEGIN")
            await connection.executemany(f"INSERT INTO floor VALUES ({', '.join('?' * 15)})", batch)
            await connection.execute("COMMIT")

        return {"floor_executemany_per_s": await paced(many, rows(sessions, 1))}


async def paced(store: Callable[[list[Row]], Any], batches: list[list[Row]]) -> float:
    began = time.perf_counter()
    for batch in batches:
        await store(batch)
    return len(batches) * SESSIONS_A_MESSAGE / (time.perf_counter() - began)


def on_postgres(sessions: int) -> dict[str, float]:
    with running_postgres() as server:
        floor = asyncio.run(create_database(server, "floor"))
        figures = asyncio.run(postgres_floor(floor, min(sessions, 100_000)))
        with aggregation(asyncio.run(create_database(server, "ingest"))) as process:
            return figures | asyncio.run(measured(process, sessions))


def on_sqlite(sessions: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(sqlite_floor(f"{folder}/floor.db", min(sessions, 100_000)))
        with aggregation(f"sqlite:///{folder}/ingest.db") as process:
            return figures | asyncio.run(measured(process, sessions))


TARGETS = {"postgresql": 30_000, "sqlite": 20_000}


def main(sessions: int) -> None:
    """Print the table and write the JSON."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    results = {"postgresql": on_postgres(sessions), "sqlite": on_sqlite(sessions)}
    print(f"Ingest over gRPC, {SESSIONS_A_MESSAGE} sessions a message, {STREAMS} streams, {machine}")
    names = list(dict.fromkeys(name for figures in results.values() for name in figures))
    print(f"{'':32}{'postgresql':>14}{'sqlite':>14}")
    for name in names:
        print(f"{name:32}" + "".join(f"{figures.get(name, float('nan')):>14,.1f}" for figures in results.values()))
    for database, target in TARGETS.items():
        verdict = "meets" if results[database]["per_s"] >= target else "MISSES"
        print(f"{database}: {results[database]['per_s']:,.0f} sessions/s {verdict} {target:,}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    parser = command_line("benchmarks.ingest", __doc__)
    parser.add_argument("sessions", nargs="?", type=int, default=1_000_000, help="how many are sent (%(default)s)")
    main(parser.parse_args().sessions)
