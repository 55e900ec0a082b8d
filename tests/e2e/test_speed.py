"""How heavy pages are, and how long until a reader can use one: measured in a real browser with the demo loaded."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

USABLE_SECONDS = 1.5
"""From the click to a page that answers to the reader, on a machine that has nothing else to do."""
MOST_BYTES = 400_000
"""Of everything but the chart library, as sent."""
FIGURES = Path(__file__).resolve().parents[2] / "benchmarks" / "results" / "pages.json"

MEASURING = bool(os.environ.get("TTA_BENCH"))
"""Read here: tests see no settings from outside."""

SENT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter((each) => !each.name.includes('plotly')).reduce((sum, each) => sum + each.encodedBodySize, 0)"""
USABLE = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000"


PAGES = (
    *("/", "/alerts", "/cohorts", "/segments", "/outcomes", "/retention", "/documents", "/dashboards"),
    *("/privacy", "/system", "/docs"),
)


def test_pages_are_light_and_soon_usable(page: Page) -> None:
    figures = {}
    for path in PAGES:
        seconds = []
        for _ in range(3):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            seconds.append(page.evaluate(USABLE))
        figures[path] = {"usable_seconds": round(sorted(seconds)[1], 3), "bytes": page.evaluate(SENT)}
    loaded = os.getloadavg()[0] / (os.cpu_count() or 1)
    if MEASURING:
        FIGURES.parent.mkdir(exist_ok=True)
        FIGURES.write_text(json.dumps({"pages": figures, "load_a_core": loaded}, indent=2) + "\n")
    assert {path: each for path, each in figures.items() if each["bytes"] > MOST_BYTES} == {}
    slow = {path: each for path, each in figures.items() if each["usable_seconds"] > USABLE_SECONDS}
    if slow and loaded > 1:
        pytest.skip(f"the machine is busy ({loaded:.1f} a core): {slow}")
    assert slow == {}


def test_pages_and_the_chart_library_are_sent_compressed(page: Page) -> None:
    for path in ("/cohorts", "/static/pages.css", "/static/plotly.min.js"):
        answer = page.request.get(path)
        assert answer.headers["content-encoding"] == "gzip", path
