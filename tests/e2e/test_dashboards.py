"""A dashboard is built, saved, shared and read in a real browser: by keyboard alone, and by mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility import violations


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the control of that name has the focus."""
    for _ in range(80):
        named = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.labels?.[0]?.textContent"
            " ?? document.activeElement.textContent).trim()"
        )
        if named == label:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {label}")


def new_dashboard(page: Page, title: str) -> None:
    page.goto("/dashboards")
    page.get_by_label("Title").focus()
    page.keyboard.type(title)
    press(page, "Enter")
    page.wait_for_url("**/dashboards/*?edit=1")


def add_panel(page: Page, source: str) -> None:
    """Add a panel by keyboard: arrows go down the list of sources, since letters typed slowly would begin anew."""
    tab_to(page, "Add a panel")
    press(page, "Enter")
    sources = page.get_by_label("What it shows")
    expect(sources).to_be_focused()
    for _ in range(sources.locator("option").count()):
        if sources.evaluate("list => list.selectedOptions[0].label") == source:
            break
        page.keyboard.press("ArrowDown")
    tab_to(page, "Apply")
    press(page, "Enter")
    expect(page.get_by_role("button", name=f"Move or resize {source}", exact=True)).to_be_focused()


def spot(page: Page, title: str) -> list[str | None]:
    panel = page.get_by_role("region", name=title, exact=True)
    return [panel.get_attribute(f"data-{name}") for name in ("column", "row", "width", "height")]


@pytest.fixture
def built(page: Page) -> Callable[[str], Page]:
    def build(title: str) -> Page:
        new_dashboard(page, title)
        add_panel(page, "Players")
        add_panel(page, "Outcomes")
        return page

    return build


def test_a_dashboard_is_built_by_keyboard_alone(built: Callable[[str], Page]) -> None:
    page = built("By keyboard")
    assert (spot(page, "Players"), spot(page, "Outcomes")) == (["0", "0", "6", "4"], ["6", "0", "6", "4"])
    press(page, "ArrowLeft")
    expect(page.locator("#told")).to_have_text("Outcomes: column 1, row 1, 6 columns wide, 4 rows high.")
    press(page, "Shift+ArrowRight")
    assert (spot(page, "Outcomes"), spot(page, "Players")) == (["0", "0", "7", "4"], ["6", "4", "6", "4"])
    press(page, "ArrowDown")
    assert spot(page, "Players") == ["6", "0", "6", "4"]
    expect(page.get_by_role("button", name="Move or resize Outcomes")).to_be_focused()
    tab_to(page, "Change Outcomes")
    press(page, "Enter")
    page.get_by_label("Heading").focus()
    page.keyboard.type("How it ended")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="How it ended")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    tab_to(page, "Remove How it ended")
    press(page, "Enter")
    expect(page.get_by_role("button", name="Remove Players")).to_be_focused()
    page.get_by_role("button", name="Save").focus()
    press(page, "Enter")
    expect(page.locator("#state")).to_have_text("Version 2, saved.")
    page.reload()
    expect(page.locator(".panel")).to_have_count(1)


def test_a_panel_is_dragged_and_resized_by_mouse(built: Callable[[str], Page]) -> None:
    page = built("By mouse")
    page.set_viewport_size({"width": 1280, "height": 1000})
    handle = page.get_by_role("button", name="Move or resize Outcomes").bounding_box()
    target = page.get_by_role("region", name="Players", exact=True).bounding_box()
    assert handle is not None
    assert target is not None
    page.mouse.move(handle["x"] + 5, handle["y"] + 5)
    page.mouse.down()
    page.mouse.move(handle["x"] - target["width"] - 10, handle["y"] + 8, steps=5)
    page.mouse.up()
    assert (spot(page, "Outcomes"), spot(page, "Players")) == (["0", "0", "6", "4"], ["0", "4", "6", "4"])
    panel = page.get_by_role("region", name="Outcomes", exact=True)
    box = panel.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + box["height"] - 12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 190, box["y"] + box["height"] + 84, steps=5)
    page.mouse.up()
    assert spot(page, "Outcomes") == ["0", "0", "8", "5"]
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#state")).to_have_text("Version 2, saved.")


def test_whoever_saves_second_is_asked_whose_arrangement_shall_hold(built: Callable[[str], Page]) -> None:
    page = built("By two")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Add a panel").click()
    other.get_by_role("button", name="Apply").click()
    expect(other.get_by_role("region", name="Players", exact=True)).to_be_visible()
    other.get_by_role("button", name="Save").click()
    expect(other.locator("#state")).to_have_text("Version 2, saved.")
    other.close()
    with page.expect_response(lambda answer: answer.status == 409):
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog", name="Somebody saved in between")).to_be_visible()
    page.get_by_role("button", name="Save mine over theirs").click()
    expect(page.locator("#state")).to_have_text("Version 3, saved.")


def test_a_dashboard_is_shared_and_exported(built: Callable[[str], Page]) -> None:
    page = built("For all")
    page.get_by_role("button", name="Title, range, sharing").click()
    page.get_by_label("Who may see it").select_option("shared")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#state")).to_have_text("Version 2, saved.")
    page.get_by_role("link", name="Stop arranging").click()
    expect(page.get_by_text("Shared, by")).to_be_visible()
    for name, kind in (("As one HTML page", "text/html"), ("As PDF", "application/pdf")):
        answer = page.request.get(page.get_by_role("link", name=name).get_attribute("href") or "")
        assert answer.headers["content-type"].startswith(kind)


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_while_a_dashboard_is_arranged_and_read(
    built: Callable[[str], Page], theme: str, width: int
) -> None:
    page = built(f"Looked at in {theme}, {width}")
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    states: list[Callable[[], object]] = [
        lambda: None,
        lambda: page.get_by_role("button", name="Change Players").click(),
        lambda: (
            page.keyboard.press("Escape"),
            page.get_by_role("button", name="Save").click(),
            expect(page.locator("#state")).to_have_text("Version 2, saved."),
            page.get_by_role("link", name="Stop arranging").click(),
            expect(page.locator(".plot .main-svg").first).to_be_visible(),
        ),
    ]
    for enter in states:
        enter()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
