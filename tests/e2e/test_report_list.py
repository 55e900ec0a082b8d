"""The list of reports while many are being made, and while the service is away."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from playwright.sync_api import Browser, Page, Route, StorageState, expect

from tests.platform import Platform

ASK = """async (count) => {
  const { csrf_token } = await (await fetch("/api/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
  for (let made = 0; made < count; made++) {
    const body = JSON.stringify({ spec: { report_type: "cohort_analysis", title: `Held ${made}`, formats: ["html"] } });
    const answer = await fetch("/api/v1/reports", { method: "POST", headers, body });
    if (!answer.ok) throw new Error(await answer.text());
  }
}"""


def workers(platform: Platform) -> list[psutil.Process]:
    """The processes in which reporting composes and renders."""
    everything = psutil.Process(platform.pid).children(recursive=True)
    (service,) = [one for one in everything if "reporting_svc" in one.cmdline()]
    return [one for one in service.children() if any("spawn_main" in part for part in one.cmdline())]


@contextmanager
def stopped(processes: list[psutil.Process]) -> Iterator[None]:
    for one in processes:
        one.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for one in processes:
            one.send_signal(signal.SIGCONT)


@pytest.fixture
def page(browser: Browser, address: str, signed_in: StorageState) -> Iterator[Page]:
    """A page whose console may speak of a service that is away."""
    context = browser.new_context(base_url=address, storage_state=signed_in)
    yield context.new_page()
    context.close()


def test_buttons_work_while_more_reports_are_made_than_a_browser_has_connections(
    page: Page, platform: Platform
) -> None:
    page.goto("/documents")
    with stopped(workers(platform)):
        page.evaluate(ASK, 8)
        page.reload()
        held = page.locator("tr[data-state=queued], tr[data-state=running]")
        expect(held).to_have_count(8)
        expect(held.get_by_text(" % ").first).to_be_visible()
        page.get_by_role("button", name="Cancel Held 7").click()
        expect(held).to_have_count(7)
        expect(page.locator("tr[data-state=cancelled]")).to_have_count(1)
    expect(held).to_have_count(0, timeout=60_000)
    expect(page.get_by_role("link", name="web page of Held 0")).to_be_visible()


def test_a_report_comes_to_its_end_in_the_list_though_the_service_was_away(page: Page, platform: Platform) -> None:
    refused: list[str] = []

    def away_once(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        route.fulfill(status=503, content_type="application/problem+json", body='{"title": "Away", "status": 503}')

    page.goto("/documents")
    with stopped(workers(platform)):
        page.evaluate(ASK, 1)
        page.route("**/progress", away_once)
        page.route("**/api/v1/reports?**", away_once)
        page.reload()
        expect(page.locator("#told")).to_have_text("Away")
        assert len(refused) == 1
    expect(page.locator("tr[data-state=queued], tr[data-state=running]")).to_have_count(0, timeout=60_000)
