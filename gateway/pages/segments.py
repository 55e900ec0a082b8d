"""Segments: groups of players that behave alike, found privately within each release."""

from itertools import groupby
from typing import Any

from gateway.pages.page import Page, Query, moment
from gateway.pages.reading import Reading

TYPES = ("engagement", "therapeutic_progress", "session_behavior")


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read the segments of one released month, the latest where none is chosen, by type."""
    chosen = query.get("pattern_type") if query.get("pattern_type") in TYPES else None
    patterns = await reading.get("/api/v1/patterns", pattern_type=chosen, page_size=200)
    found = patterns["patterns"] if patterns else []
    months = list(dict.fromkeys(map(_month, found)))
    month = query.get("month") if query.get("month") in months else next(iter(months), "")
    shown = groupby((each for each in found if _month(each) == month), key=lambda each: str(each["pattern_type"]))
    groups = [(kind, list(alike)) for kind, alike in shown]
    found_none = await _found_none(reading) if patterns and not groups else []
    return {
        "patterns": patterns,
        "groups": groups,
        "types": TYPES,
        "months": months,
        "month": month,
        "found_none": found_none,
    }


async def _found_none(reading: Reading) -> list[str]:
    """Return what the latest release says of segments that it did not find."""
    releases = await reading.get("/api/v1/releases", kind="cohorts", page_size=1)
    notes = releases["releases"][0]["notes"] if releases and releases["releases"] else []
    return [note for note in notes if "segments" in note]


def _month(pattern: dict[str, Any]) -> str:
    start = pattern.get("period", {}).get("start")
    return moment(start)[:7] if start else ""


PAGE = Page(
    "/segments",
    "Segments",
    "Groups of players that behave alike, named by how they differ from the other groups.",
    "segments.html",
    load,
)
