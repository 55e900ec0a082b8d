"""System: the mesh's health, its metrics, what waits to be delivered."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway.pages.page import Load, Page, Query
from gateway.pages.reading import Reading

SERVICES = ("aggregation", "monitoring", "reporting", "gateway")


def page(health: Callable[[str], Awaitable[Mapping[str, object]]]) -> Page:
    """Return the page, which asks `health` for each service's document."""
    return Page("/system", "System", "Whether every part works, and what waits.", "system.html", _loading(health))


def _loading(health: Callable[[str], Awaitable[Mapping[str, object]]]) -> Load:
    async def load(reading: Reading, query: Query) -> dict[str, Any]:
        documents = await asyncio.gather(*(health(name) for name in SERVICES))
        shown = await reading.all(
            metrics=("/api/v1/metrics", {"page_size": 200}),
            care="/api/v1/care",
            deliveries=("/api/v1/deliveries", {"page_size": 25}),
        )
        return {"services": dict(zip(SERVICES, documents, strict=True)), **shown}

    return load
