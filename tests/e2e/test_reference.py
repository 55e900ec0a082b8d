"""The API reference and the sign-in page in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility import violations


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in?code=x"])
def test_axe_finds_nothing_in_either_theme(page: Page, path: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(path)
    assert violations(page) == []


def test_an_operation_is_found_by_keyboard(page: Page) -> None:
    page.goto("/docs")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the operations")).to_be_focused()
    page.get_by_label("Find an operation").focus()
    page.keyboard.type("alerts :acknowledge")
    expect(page.locator("#found")).to_have_text("1 found")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/docs#AcknowledgeAlert", timeout=5000)
    expect(page.locator("#AcknowledgeAlert")).to_be_in_viewport()


def test_a_schema_opens_when_it_is_asked_for(page: Page) -> None:
    page.goto("/docs")
    page.locator("#ListAlerts").get_by_role("link", name="ListAlertsResponse").click()
    expect(page.locator("#schema-ListAlertsResponse").get_by_text("next_page_token")).to_be_visible()
