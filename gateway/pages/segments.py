"""Segments: groups of players that behave alike, found privately within each release."""

from itertools import groupby
from typing import Any

from gateway.pages.page import Page, Query
from gateway.pages.reading import Reading

TYPES = ("engagement", "therapeutic_progress", "session_behavior")


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read the segments of the latest releases, grouped by period and type."""
    chosen = query.get("pattern_type") if query.get("pattern_type") in TYPES else None
    patterns = await reading.get("/api/v1/patterns", pattern_type=chosen, page_size=200)
    groups = []
    if patterns:
        for (start, kind), found in groupby(patterns["patterns"], key=_group):
            groups.append((start, kind, list(found)))
    return {"patterns": patterns, "groups": groups, "types": TYPES}


def _group(pattern: dict[str, Any]) -> tuple[Any, str]:
    return pattern.get("period", {}).get("start"), pattern["pattern_type"]


PAGE = Page(
    "/segments",
    "Segments",
    "Groups of players that behave alike, named by how they differ from the other groups.",
    "segments.html",
    load,
)
