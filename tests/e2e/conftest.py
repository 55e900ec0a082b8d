"""The whole platform with players of its own, and a real Chromium that reads it."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.platform import Platform, running_platform

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
expect.set_options(timeout=15_000)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


CONFLICT = "status of 409"
"""Chromium writes every refused request on the console, also those that a page is made for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        for item in items:
            item.add_marker(pytest.mark.skip(reason="needs Chromium: apt-get install chromium"))


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("e2e")
    with running_platform(folder, "--demo", TTA_DEMO_PLAYERS="1500", TTA_DEMO_MONTHS="2") as platform:
        yield platform


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(platform: Platform) -> str:
    return platform.url.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="session")
def signed_in(platform: Platform, browser: Browser, address: str) -> StorageState:
    """The cookie of the owner, signed in once: the cookie holds the whole session, so that every test may use it."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    link = re.search(r"http://\S+/sign-in\?code=\S+", platform.command("sign-in").stdout)
    assert link is not None
    page.goto(link[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, address: str, signed_in: StorageState) -> Iterator[Page]:
    """A page of the signed-in owner; anything on its console fails the test."""
    context = browser.new_context(base_url=address, storage_state=signed_in)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if CONFLICT not in message.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []
