"""Every page, read by a real browser: accessible in both themes, usable on a phone, alive."""

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from benchmarks.report_snapshots import snapshot
from reporting_svc.adapters.render.renderers import render
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.builders import Brief, build
from reporting_svc.domain.report import ReportFormat, ReportType
from tests.accessibility import violations
from tests.platform import Platform

PATHS = (
    "/",
    "/alerts",
    "/cohorts",
    "/segments",
    "/outcomes",
    "/retention",
    "/documents",
    "/dashboards",
    "/privacy",
    "/system",
    "/docs",
)


def signal(platform: Platform, user: str, message: str) -> None:
    """Report a message of a player, as TTA's services do."""
    token = platform.command("token", "--role", "service").stdout.strip()
    body = {"signal": {"user_id": user, "recent_messages": [message]}}
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{platform.url}/api/v1/signals", json=body, headers=headers, timeout=10)
    assert answer.status_code == httpx.codes.OK, answer.text


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_on_a_page_in_either_theme(page: Page, path: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_a_page_never_scrolls_sideways(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nobody_sees_a_page_without_signing_in(platform: Platform) -> None:
    answer = httpx.get(f"{platform.url}/cohorts", follow_redirects=False, timeout=60)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_a_sign_in_link_works_once(platform: Platform, page: Page) -> None:
    link = platform.command("sign-in").stdout.split()[-1]
    context = page.context.browser.new_context()  # type: ignore[union-attr]
    for expected in ("Overview", "Sign in to TTA Analytics"):
        context.clear_cookies()
        other = context.new_page()
        other.goto(link)
        other.get_by_role("button", name="Sign in").click()
        expect(other.get_by_role("heading", level=1)).to_have_text(expected)
    context.close()


def test_a_mistyped_address_is_a_page_that_axe_likes_too(browser: Browser, address: str, theme: str) -> None:
    context = browser.new_context(base_url=address, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    assert violations(page) == []
    context.close()


def test_nothing_moves_for_those_who_asked_for_less_motion(page: Page) -> None:
    moves = "getComputedStyle(document.documentElement).scrollBehavior"
    for motion, expected in (("no-preference", "smooth"), ("reduce", "auto")):
        page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
        page.goto("/docs")
        assert page.evaluate(moves) == expected
    page.goto("/alerts")
    page.locator("#alerts").evaluate("(place) => place.classList.add('new')")
    assert page.locator("#alerts").evaluate("(place) => getComputedStyle(place).animationName") == "none"


def test_signing_out_ends_the_session(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/cohorts")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to TTA Analytics")


def test_a_crisis_appears_by_itself_and_is_acknowledged_and_resolved(platform: Platform, page: Page) -> None:
    page.goto("/alerts")
    expect(page.locator("#live")).to_have_text("Live.")
    signal(platform, "live-player", "I want to hurt myself tonight")
    button = page.get_by_role("button", name="Acknowledge: Crisis language")
    expect(button.first).to_be_visible(timeout=30_000)
    button.first.click()
    expect(page.locator(".badge.acknowledged").first).to_be_visible()
    page.get_by_role("link", name="Crisis language").first.click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert violations(page) == []
    expect(page.get_by_text("live-player")).to_have_count(0)
    page.get_by_label("Why do you need to know").fill("calling the player")
    page.get_by_role("button", name="Reveal the player").click()
    expect(page.locator("#revealed")).to_have_text("The player is live-player")
    page.get_by_role("button", name="Resolve").click()
    expect(page.locator(".badge.resolved")).to_be_visible()


def test_a_page_whose_alerts_could_not_be_read_comes_back_by_itself(page: Page) -> None:
    failed = '<div class="state failed" role="alert">The alerts could not be read.</div><p '

    def away(route: Route) -> None:
        text = route.fetch().text()
        route.fulfill(body=text.replace('id="alerts"', "").replace("<p ", failed, 1), content_type="text/html")

    page.route("**/alerts", away, times=2)
    page.goto("/alerts")
    expect(page.get_by_text("The alerts could not be read.")).to_be_visible()
    expect(page.locator("#live")).to_have_text("Live.")


def test_the_cohorts_of_the_demo_are_drawn_and_stand_in_a_table(page: Page) -> None:
    page.goto("/")
    expect(page.locator(".plot .main-svg").first).to_be_visible()
    page.get_by_text("The figures as a table").click()
    expect(page.get_by_role("rowheader", name="depression").first).to_be_visible()
    page.goto("/cohorts")
    expect(page.get_by_role("rowheader", name="depression").first).to_be_visible()


def test_the_menu_opens_by_keyboard_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/")
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Cohorts", exact=True)).to_be_visible()


def test_a_page_is_small_before_its_charts(platform: Platform, page: Page) -> None:
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto("/alerts")
    page.wait_for_load_state("networkidle")
    assert sum(size for url, size in sizes.items() if "plotly" not in url) < 400_000


def test_a_report_is_made_and_read(page: Page) -> None:
    page.goto("/documents")
    page.get_by_label("Title").fill("How we are doing")
    page.get_by_role("button", name="Make it").click()
    link = page.get_by_role("link", name="web page of How we are doing")
    expect(link).to_be_visible(timeout=60_000)
    answer = page.request.get(link.get_attribute("href") or "")
    assert answer.ok
    assert "How we are doing" in answer.text()


def test_a_report_is_scheduled_run_and_no_longer_wanted(page: Page) -> None:
    page.goto("/documents")
    page.get_by_label("Name").fill("For the board")
    page.get_by_role("button", name="Schedule it").click()
    page.get_by_role("button", name="Run For the board now").click()
    expect(page.get_by_text("none yet")).to_have_count(0)
    expect(page.locator("tr[data-report]").first).to_be_visible()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Delete schedule For the board").click()
    expect(page.get_by_text("Nothing is scheduled.")).to_be_visible()


def test_alerts_of_a_type_are_silenced_for_a_time(page: Page) -> None:
    page.goto("/alerts")
    page.get_by_text("Silence alerts of one type").click()
    page.get_by_label("Why").fill("planned work")
    page.get_by_role("button", name="Silence", exact=True).click()
    page.get_by_role("button", name="End silence: planned work").click()
    expect(page.get_by_text("No silence is in force.")).to_be_visible()


def test_a_player_s_consent_is_recorded_shown_in_words_and_erasure_asks_first(page: Page) -> None:
    page.goto("/privacy")
    page.get_by_label("Player's user id").fill("a-player-of-rights")
    for button in ("Record a yes", "Show consent"):
        page.get_by_role("button", name=button).click()
        expect(page.locator("#answer dt", has_text="analytics").first).to_be_visible()
    expect(page.locator("#answer")).not_to_contain_text("{")
    assert violations(page) == []
    page.get_by_role("button", name="Erase").click()
    expect(page.get_by_role("button", name="Keep")).to_be_focused()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#answer")).to_contain_text("nothing was erased")
    page.get_by_role("link", name="Check the whole trail").click()
    expect(page.get_by_role("status").filter(has_text="unchanged and in order")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("report_type", list(ReportType))
def test_axe_finds_nothing_in_a_report_on_a_screen(page: Page, report_type: ReportType, width: int) -> None:
    document = build(snapshot(), Brief(report_type, description="For the ward round."))
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(render(ReportFormat.HTML, document, Theme()).decode())
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
