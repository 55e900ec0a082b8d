"""Cohorts: what works, for whom, with both parts of the uncertainty."""

import asyncio
from collections.abc import Mapping
from typing import Any

from gateway.pages.charts import Chart, bars
from gateway.pages.page import Page, Query, number
from gateway.pages.reading import Reading

LEVELS = ("focus", "cohort", "all")
MEASURES = {
    "sessions": "sessions a player",
    "minutes": "minutes a player",
    "interactions": "interactions a player",
    "interventions": "interventions a player",
    "markers": "progress markers a player",
    "engagement": "engagement, 0 to 1",
    "sentiment": "sentiment, -1 to 1",
    "overall_progress": "overall progress, 0 to 1",
    "goal_completion": "goals reached, 0 to 1",
}


def cohort_name(cell: Mapping[str, Any]) -> str:
    """Return a cell's name for people: `anxiety, daily, high`."""
    parts = (cell.get("therapeutic_focus"), cell.get("session_frequency"), cell.get("engagement_level"))
    return ", ".join(part for part in parts if part) or "all players"


def mean_of(cell: Mapping[str, Any], measure: str) -> Any:
    """Return the mean of a measure in a cell; none where it is hidden or has none."""
    return next((each.get("mean") for each in cell["measures"] if each["measure"] == measure), None)


async def load(reading: Reading, query: Query) -> dict[str, Any]:
    """Read the released months, the cells of one of them, and a comparison where two cohorts are chosen."""
    level = query.get("level") if query.get("level") in LEVELS else "focus"
    measure = query.get("measure") if query.get("measure") in MEASURES else "minutes"
    period = query.get("period", "")
    wanted = {"level": level, "page_size": 200, "since": period, "until": _after(period)}
    shown = await reading.all(
        cohorts=("/api/v1/cohorts", wanted),
        releases=("/api/v1/releases", {"kind": "cohorts", "grain": "month", "page_size": 24}),
    )
    cells = [each["cell"] for each in shown["cohorts"]["cohorts"]] if shown["cohorts"] else []
    return {
        **shown,
        "levels": LEVELS,
        "measures": MEASURES,
        "level": level,
        "measure": measure,
        "cells": cells,
        "names": {cohort_name(cell): cell for cell in cells},
        "chart": await asyncio.to_thread(_chart, cells, str(measure)),
        "comparison": await _comparison(reading, query),
    }


def _after(period: str) -> str:
    """Return the moment after a period's start, so that a query finds that period alone."""
    return f"{period[:19]}.000001Z" if len(period) >= 19 else ""


def _chart(cells: list[Any], measure: str) -> Chart | None:
    found = [(cohort_name(cell), mean) for cell in cells if (mean := mean_of(cell, measure)) is not None]
    found = [(name, mean) for name, mean in found if not mean["uninformative"]]
    if not found:
        return None
    found.sort(key=lambda each: -each[1]["value"])
    (top, first), (bottom, last) = found[0], found[-1]
    unit = MEASURES[measure]
    if len(found) == 1:
        finding = f"Of {top} alone the noise lets {unit} be told: about {number(first['value'], 2)}."
    elif first["lower"] > last["upper"]:
        most, least = number(first["value"], 2), number(last["value"], 2)
        finding = f"{top.capitalize()} has the most {unit} ({most}), {bottom} the least ({least})."
    else:
        finding = f"The cohorts' {unit} cannot be told apart: their intervals overlap."
    return bars(f"{unit} by cohort", finding, [name for name, _ in found], [mean for _, mean in found], unit, 2)


async def _comparison(reading: Reading, query: Query) -> Any:
    sides: dict[str, Any] = {}
    for side in ("left", "right"):
        if not (chosen := query.get(side)):
            return None
        parts = [*chosen.split(", "), "", ""]
        names = ("therapeutic_focus", "session_frequency", "engagement_level")
        for name, part in zip(names, ["", "", ""] if chosen == "all players" else parts, strict=False):
            sides[f"{side}.{name}"] = part
        sides[f"{side}.period_start"] = query.get("period", "")
    return await reading.get("/api/v1/cohorts:compare", **sides)


PAGE = Page(
    "/cohorts",
    "Cohorts",
    "What players of each kind did in a released month, and how sure that is.",
    "cohorts.html",
    load,
)
