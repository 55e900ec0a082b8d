"""TTA's cache into facts and signals: every writer's shape, what is left out, and that nothing is written there."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import asyncio as redis

from mesh.refusal import Unavailable
from tests.importing import Services, wire
from tta_analytics.client.connection import AsyncClient
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.players import Players
from tta_analytics.sources.redis.cache import Cache
from tta_analytics.sources.redis.importing import CacheImport
from tta_analytics.sources.redis.records import SHAPES
from tta_analytics.sources.tally import Tally

NOW = datetime.now(UTC).replace(microsecond=0)


def text(**back: float) -> str:
    return (NOW - timedelta(**back)).replace(tzinfo=None).isoformat()


@pytest.fixture
async def cache(redis_url: str) -> AsyncIterator[Any]:
    client = redis.from_url(redis_url)
    yield client
    await client.aclose()


def player_api(**changes: Any) -> str:
    return json.dumps(
        {
            "session_id": "api-1",
            "player_id": "ada",
            "status": "completed",
            "created_at": text(hours=2),
            "last_interaction": text(hours=1),
            "interaction_count": 9,
            "total_duration_minutes": 55,
            "therapeutic_interventions_used": ["breathing"],
            "therapeutic_settings": {"intensity_level": 0.5},
            "progress_markers": [],
        }
        | changes
    )


def gameplay(**changes: Any) -> str:
    return json.dumps(
        {
            "session_id": "loop-1",
            "user_id": "ada",
            "emotional_state": "distressed",
            "session_start_time": text(minutes=50),
            "last_activity_time": text(minutes=1),
            "total_session_time": 2900.5,
            "metrics": {"engagement_score": 0.05, "total_choices_made": 21},
            "is_active": True,
            "is_paused": False,
            "requires_therapeutic_intervention": True,
        }
        | changes
    )


def saved(**changes: Any) -> str:
    data = {
        "session_id": "ai-1",
        "player_id": "ada",
        "created_at": text(hours=5),
        "interaction_count": 4,
        "therapeutic_focus": "grief",
        "progress_markers": ["a", "b"],
        "session_analytics": {"therapeutic_metrics": {"session_engagement_level": 0.7}},
    } | changes
    return json.dumps({"session_data": data, "saved_at": text(hours=4), "version": "enhanced_v1"})


def analytics(**changes: Any) -> str:
    metrics = {
        "emotional_regulation_score": 0.3,
        "coping_skills_demonstrated": 2,
        "therapeutic_alliance_strength": 0.6,
        "session_engagement_level": 0.7,
        "progress_toward_goals": 0.45,
    }
    return json.dumps(
        {
            "session_id": "ai-1",
            "player_id": "ada",
            "analytics": {"therapeutic_metrics": metrics},
            "interaction_count": 4,
            "emotional_themes": ["loss"],
            "saved_at": text(hours=4),
        }
        | changes
    )


async def imported(
    services: Services, url: str, *, dry_run: bool = False, client: AsyncClient | None = None, seconds: float = 60
) -> dict[str, Tally]:
    marks = Marks(services.settings.data_dir / "imports", "cache", "store")
    async with Cache(url, timeout=seconds) as opened:
        work = CacheImport(
            opened, Players(), marks, None if dry_run else (client or services.client).ingest, datetime.now(UTC)
        )
        return {shape.pattern: await work.run(shape) for shape in SHAPES}


async def test_every_writer_s_shape_becomes_facts_and_signals(services: Services, cache: Any, redis_url: str):
    await services.consent("ada")
    await cache.set("session:api-1", player_api(), ex=3600)
    await cache.set("session:loop-1", gameplay(), ex=3600)
    await cache.set("tta:session:ai-1", saved(), ex=86400)
    await cache.set("tta:analytics:ai-1", analytics(), ex=604800)
    await cache.sadd("tta:player_sessions:ada", "ai-1")
    tallies = await imported(services, redis_url)
    assert {pattern: (tally.read, tally.stored, tally.left_out) for pattern, tally in tallies.items()} == {
        "session:*": (2, 2, 0),
        "tta:session:*": (1, 1, 0),
        "tta:analytics:*": (1, 2, 0),
    }
    assert tallies["session:*"].alerts == 1


async def test_a_signal_is_sent_once_for_each_change_and_facts_change_nothing_again(
    services: Services, cache: Any, redis_url: str
):
    await services.consent("ada")
    await cache.set("session:loop-1", gameplay())
    await cache.set("tta:session:ai-1", saved())
    await imported(services, redis_url)
    again = await imported(services, redis_url)
    assert (again["session:*"].stored, again["session:*"].alerts) == (0, 0)
    assert (again["tta:session:*"].stored, again["tta:session:*"].unchanged) == (0, 1)
    await cache.set("session:loop-1", gameplay(last_activity_time=text(seconds=1)))
    assert (await imported(services, redis_url))["session:*"].stored == 1


async def test_what_is_malformed_or_expired_is_counted_and_the_rest_is_stored(
    services: Services, cache: Any, redis_url: str
):
    await services.consent("ada")
    await cache.set("session:good", player_api())
    await cache.set("session:cut", player_api()[:40])
    await cache.set("session:list", "[1, 2]")
    await cache.set("session:bytes", b"\xff\xfe")
    await cache.set("session:other", '{"hello": 1}')
    await cache.set("session:nobody", player_api(player_id=None))
    await cache.set("session:typed", player_api(interaction_count={"a": 1}))
    await cache.set("session:moody", gameplay(emotional_state="grumpy"))
    await cache.set("session:ahead", gameplay(last_activity_time=text(days=-1)))
    await cache.hset("session:hash", "a", "b")
    tally = (await imported(services, redis_url))["session:*"]
    assert tally.stored == 1
    assert tally.refusals == {
        "the value is no JSON": 2,
        "the value is no JSON object": 1,
        "the value is no text": 1,
        "the record is neither a session of the player API nor one of the gameplay loop": 1,
        "player: is missing": 1,
        "interaction_count: must be a whole number": 1,
        "emotional_state: must be one of calm, engaged, anxious, overwhelmed, distressed, crisis": 1,
        "observed_at: must be at most 5 minutes in the future": 1,
    }


async def test_a_key_that_goes_while_it_is_read_counts_as_expired(
    services: Services, cache: Any, redis_url: str, monkeypatch: pytest.MonkeyPatch
):
    await cache.set("session:api-1", player_api())
    opened = Cache(redis_url, timeout=60)
    listed = opened._client.scan

    async def scan(*arguments: Any, **options: Any) -> Any:
        found = await listed(*arguments, **options)
        await cache.delete("session:api-1")
        return found

    monkeypatch.setattr(opened._client, "scan", scan)
    async with opened:
        marks = Marks(services.settings.data_dir, "cache", "store")
        tally = await CacheImport(opened, Players(), marks, None, NOW).run(SHAPES[0])
    assert (tally.read, tally.expired, tally.left_out) == (1, 1, 0)


async def test_nothing_but_reading_commands_reach_the_cache(services: Services, cache: Any, redis_url: str):
    await cache.set("session:api-1", player_api())
    await cache.hset("session:hash", "a", "b")
    await cache.config_resetstat()
    await imported(services, redis_url)
    used = {name.removeprefix("cmdstat_").partition("|")[0] for name in await cache.info("commandstats")}
    assert used <= {"scan", "mget", "type", "hello", "client", "select", "info", "config"}
    assert {"scan", "mget"} <= used


async def test_a_cache_that_hangs_or_is_away_is_one_refusal(services: Services):
    async with wire(1) as silent:
        silent.silent = True
        with pytest.raises(Unavailable, match="the next run goes on"):
            await imported(services, f"redis://127.0.0.1:{silent.port}/0", seconds=1)
    with pytest.raises(Unavailable, match="the next run goes on"):
        await imported(services, "redis://127.0.0.1:1/0")


async def test_a_signal_of_a_dry_run_is_still_news_to_the_next_run(services: Services, cache: Any, redis_url: str):
    await cache.set("session:loop-1", gameplay())
    assert (await imported(services, redis_url, dry_run=True))["session:*"].ready == 1
    assert (await imported(services, redis_url))["session:*"].stored == 1
