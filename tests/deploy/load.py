"""Requests that go on while something happens to the deployment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx


@dataclass
class Load:
    """Requests that go on while something happens."""

    answered: int = 0
    failed: list[str] = field(default_factory=list)


@asynccontextmanager
async def under_load(front: str, headers: dict[str, str]) -> AsyncIterator[Load]:
    load, over = Load(), asyncio.Event()

    async def ask(number: int) -> None:
        async with httpx.AsyncClient(base_url=front, headers=headers, timeout=60) as client:
            turn = 0
            while not over.is_set():
                turn += 1
                if turn % 2:
                    answer = await client.get("/api/v1/alerts?page_size=5")
                else:
                    signal = {"user_id": f"p{number}-{turn}", "engagement_score": 0.6}
                    answer = await client.post("/api/v1/signals", json={"signal": signal})
                load.answered += 1
                if answer.status_code != 200:
                    load.failed.append(f"{answer.request.method} {answer.status_code} {answer.text[:200]}")
                await asyncio.sleep(0.05)

    tasks = [asyncio.create_task(ask(number)) for number in range(4)]
    try:
        yield load
    finally:
        over.set()
        await asyncio.gather(*tasks)
