"""Sources that break in the middle, and tokens that services refuse: nothing is lost, the next run goes on."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import asyncio as redis

from mesh.refusal import Unauthenticated, Unavailable
from tests.importing import Services, served, wire
from tta_analytics.client.connection import AsyncClient
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.players import Players
from tta_analytics.sources.prometheus.api import Prometheus
from tta_analytics.sources.prometheus.importing import MetricsImport
from tta_analytics.sources.prometheus.series import Query
from tta_analytics.sources.redis.cache import Cache
from tta_analytics.sources.redis.importing import CacheImport
from tta_analytics.sources.redis.records import SHAPES
from tta_analytics.sources.tally import Tally

SESSIONS = 1200
STEP = timedelta(seconds=60)


@pytest.fixture
async def cache(redis_url: str) -> AsyncIterator[Any]:
    client = redis.from_url(redis_url)
    yield client
    await client.aclose()


def session(number: int) -> str:
    at = (datetime.now(UTC) - timedelta(hours=2)).replace(tzinfo=None, microsecond=0).isoformat()
    return json.dumps(
        {
            "session_id": f"s-{number}",
            "player_id": "ada",
            "status": "completed",
            "created_at": at,
            "last_interaction": at,
            "interaction_count": 9,
            "total_duration_minutes": 55,
        }
    )


async def from_cache(services: Services, port: int, client: AsyncClient | None = None) -> Tally:
    marks = Marks(services.settings.data_dir / "imports", "cache", "store")
    async with Cache(f"redis://127.0.0.1:{port}/0", timeout=60) as opened:
        work = CacheImport(opened, Players(), marks, (client or services.client).ingest, datetime.now(UTC))
        return await work.run(SHAPES[0])


async def test_a_cache_that_drops_the_connection_loses_nothing(services: Services, cache: Any, redis_url: str):
    await services.consent("ada")
    await cache.mset({f"session:s-{number}": session(number) for number in range(SESSIONS)})
    port = int(redis_url.partition("127.0.0.1:")[2].partition("/")[0])
    async with wire(port) as line:
        line.cut_after = 150_000
        with pytest.raises(Unavailable, match="the next run goes on"):
            await from_cache(services, line.port)
    left = await from_cache(services, port)
    assert (left.read, left.left_out) == (SESSIONS, 0)
    assert left.stored + left.unchanged == SESSIONS
    assert (await from_cache(services, port)).unchanged == SESSIONS


@asynccontextmanager
async def half_an_answer(now: datetime, values: int, broken: list[bool]) -> AsyncIterator[str]:
    """Run a Prometheus that closes the connection in the middle of its answer while `broken` holds something."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        last = now.timestamp() // 60 * 60
        points = [[last - 60 * back, str(back)] for back in reversed(range(values))]
        data = {"resultType": "matrix", "result": [{"metric": {"service": "api"}, "values": points}]}
        content = json.dumps({"status": "success", "data": data}).encode()
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode())
        writer.write(content[: len(content) // 2] if broken else content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def from_prometheus(services: Services, url: str, now: datetime, client: AsyncClient | None = None) -> Tally:
    marks = Marks(services.settings.data_dir / "imports", "prometheus", "monitoring")
    async with Prometheus(url, token=None, timeout=5) as server:
        ingest = (client or services.client).ingest("metrics")
        work = MetricsImport(server, marks, ingest, step=STEP, first_window=timedelta(minutes=30))
        return await work.run(Query("tta_queue", "tta_queue"), now)


async def test_half_an_answer_of_prometheus_moves_nothing_and_the_next_run_reads_it_all(services: Services):
    now = datetime.now(UTC)
    broken = [True]
    async with half_an_answer(now, 20, broken) as url:
        with pytest.raises(Unavailable, match="the next run goes on"):
            await from_prometheus(services, url, now)
        assert not list((services.settings.data_dir / "imports").glob("*"))
        broken.clear()
        assert (await from_prometheus(services, url, now)).stored == 20


async def test_a_token_under_another_secret_issuer_or_audience_moves_nothing(
    tmp_path: Path, cache: Any, redis_url: str
):
    await cache.set("session:s-1", session(1))
    port = int(redis_url.partition("127.0.0.1:")[2].partition("/")[0])
    now = datetime.now(UTC)
    async with (
        served(tmp_path, auth_issuer="tta", auth_audience="analytics") as services,
        half_an_answer(now, 20, []) as url,
    ):
        await services.consent("ada")
        wrong = {
            "token_invalid": services.token(issuer="tta", audience="analytics", secret="x" * 64),
            "token_issuer": services.token(issuer="other", audience="analytics"),
            "token_audience": services.token(issuer="tta", audience="other"),
        }
        for reason, token in wrong.items():
            async with services.client_with(token) as stranger:
                with pytest.raises(Unauthenticated) as refused:
                    await from_cache(services, port, stranger)
                assert refused.value.reason == reason
                with pytest.raises(Unauthenticated) as refused:
                    await from_prometheus(services, url, now, stranger)
                assert refused.value.reason == reason
        assert not list((services.settings.data_dir / "imports").glob("*"))
        assert (await from_cache(services, port)).stored == 1
        assert (await from_prometheus(services, url, now)).stored == 20
