"""Gauges that are read from a database: what a service has to do and what it owes, the same on every replica."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeAlias

from prometheus_client import Gauge

from mesh.refusal import Refusal
from mesh.telemetry import counter

_LOG = logging.getLogger(__name__)

FIGURES_EVERY = 15.0
"""Seconds between readings."""

UNREAD = counter("figures_unread", "Readings of gauges that failed because the database was away")

Labels: TypeAlias = tuple[str, ...]


def show(gauge: Gauge, values: Mapping[Labels, float], always: Iterable[Labels] = ()) -> None:
    """Set a labelled gauge to these values; 0 for what was shown before or is in `always` and is missing now."""
    shown = {tuple(sample.labels.values()) for family in gauge.collect() for sample in family.samples}
    for labels in {*always, *shown, *values}:
        gauge.labels(*labels).set(values.get(labels, 0.0))


def reading(read: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Return the background work that reads for ever; while the database is away the last figures stand."""

    async def figures() -> None:
        while True:
            try:
                await read()
            except Refusal as error:
                UNREAD.inc()
                _LOG.warning("figures_unread", extra={"reason": error.reason})
            await asyncio.sleep(FIGURES_EVERY)

    return figures
