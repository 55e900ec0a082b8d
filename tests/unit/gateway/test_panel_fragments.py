"""Panels that a browser asks for while a dashboard is arranged."""

from typing import Any

from gateway.pages.dashboards import load_panels
from gateway.pages.reading import Missing, Reading


class Preview(Reading):
    """Answers previews."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def post(self, path: str, body: Any) -> Any:
        return self._answer


async def test_a_panel_that_says_little_gets_a_place():
    found = await load_panels(Preview({"sections": []}), {"panels": [{"panel_id": "a", "kind": "text", "width": 6}]})
    assert isinstance(found, dict)
    (panel,) = found["panels"]
    assert (panel["width"], panel["column"], panel["title"]) == (6, 0, "")


async def test_a_dashboard_without_panels_shows_none():
    assert await load_panels(Preview({"sections": []}), {}) == {"panels": [], "contents": {}}


async def test_what_is_wrong_with_a_panel_is_passed_on():
    wrong = Missing(400, "A text panel needs words.")
    assert await load_panels(Preview(wrong), {"panels": [{}]}) == wrong
